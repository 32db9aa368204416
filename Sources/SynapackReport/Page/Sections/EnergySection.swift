internal import SynapackSupport

/// What an inference might cost under published prices of single operations.
enum EnergySection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    guard let estimates = document["evaluation"]["spiking"].items.last?["energy"].items,
      !estimates.isEmpty
    else { return nil }
    let rows = estimates.map { estimate -> [String] in
      [
        estimate["table"].plain,
        estimate["spikingPicojoules"].value.map(joules) ?? estimate["notCarried"].words,
        estimate["densePicojoules"].value.map(joules) ?? "—",
        estimate["spikesPerSynapse"].value.map { decimals($0, 3) } ?? "—",
        breakEven(estimate),
        estimate["counts"].words, estimate["source"].words,
      ]
    }
    let table = PageTable(
      title: "Estimated energy of an inference",
      note:
        "Dense is a conventional network with the same weights that skips no zero. A program costs "
        + "less than that below the spikes a synapse in the column break-even.",
      columns: [
        .init("cost table"), .init("spiking"), .init("dense"), .init("spikes a synapse"),
        .init("break-even"), .init("what it counts", isWords: true), .init("source", isWords: true),
      ], rows: rows)
    return HTMLPage.Section(
      id: "energy", title: "Energy (estimates)",
      blocks: [
        .paragraph(
          "These are estimates, not measurements: operations counted on the data, at published prices. "
            + "Clocks, leakage, routing and all that a table does not name are left out."),
        .table(table),
      ])
  }

  /// A document that compares says `null` where the program loses without any spike.
  private static func breakEven(_ estimate: JSON) -> String {
    switch estimate.member("breakEvenSpikesPerSynapse") {
    case .none: "—"
    case .some(let spikes): spikes.value.map { decimals($0, 3) } ?? "never"
    }
  }
}
