internal import SynapackSupport

/// How the weights spread over their range.
enum WeightSection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    let counts = document["weightHistogram"].items.map(\.number)
    let total = counts.reduce(0) { $0.addingReportingOverflow(max(0, $1)).partialValue }
    guard total > 0, counts.allSatisfy({ $0 >= 0 }) else { return nil }
    let middle = counts[counts.count / 2]
    let bundle = document["bundle"]
    let share = percent(Double(middle) / Double(total))
    let picture = Histogram(from: "most negative", to: "most positive", counts: counts).picture(
      title: "Weights over the range of their width",
      note: "All layers together, each weight as a share of the largest integer of its width; the "
        + "middle column holds those at or next to 0.",
      description:
        "\(grouped(total)) weights in \(counts.count) columns; \(share) in the middle one.")
    return HTMLPage.Section(
      id: "weights", title: "Weights",
      blocks: [
        .picture(picture),
        .facts([
          .init(name: "Zero", value: percent(bundle["connectionSparsity"].value)),
          .init(
            name: "In the file",
            value: "\(bytes(bundle["weightBytes"].number)); the entropy of their levels is "
              + bytes(bundle["weightEntropyBytes"].number)),
          .init(
            name: "Footprint",
            value: "\(bytes(bundle["footprintBytes"].number)) for all parameters at their widths"),
        ]),
      ])
  }
}
