internal import SynapackSupport

/// How an answer comes about: when each layer listens and when it may fire.
enum ClockSection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    let bundle = document["bundle"]
    let layers = document["layers"].items
    guard !layers.isEmpty else { return nil }
    let windows = BarTable(
      title: "Ticks in which each layer works",
      note: "A layer integrates from its first tick on, and may fire once its window is open.",
      series: ["integrates", "may fire"],
      rows: layers.map(row),
      end: Double(bundle["latencyTicks"].number), choice: .first)
    let readout = ReadoutWords(bundle["readout"])
    let (ticks, window) = (bundle["timesteps"].words, bundle["windowTicks"])
    let mayStop = bundle["readout"]["exit"] != .null
    var text =
      "The input is there for T = \(window == .null ? ticks : window.words) ticks, and the answer is "
      + "read after \(bundle["latencyTicks"].words)\(mayStop ? " at the latest" : ""). "
      + meaning(of: bundle["schedule"].string ?? "")
    if window != .null, window.words != ticks {
      text += " The program is gated: clock neurons open and close the windows."
    }
    if bundle["readout"] != .null { text += " " + readout.sentences }
    return HTMLPage.Section(
      id: "clock", title: "How an answer comes about",
      blocks: [.paragraph(text), .bars(windows)] + (readout.table.map { [.table($0)] } ?? []))
  }

  private static func row(_ layer: JSON) -> BarTable.Row {
    let (begins, opens, ends) = (layer["begins"], layer["opens"], layer["ends"])
    let fires = layer["fires"] == .bool(true)
    func bar(_ from: JSON) -> BarTable.Bar {
      BarTable.Bar(from: Double(from.number), to: Double(ends.number))
    }
    return BarTable.Row(
      layer["name"].plain, [bar(begins), fires ? bar(opens) : nil],
      words: "ticks \(begins.words) to \(ends.words)"
        + (fires ? opens == begins ? "" : ", open from \(opens.words)" : ", never fires"))
  }

  private static func meaning(of schedule: String) -> String {
    switch schedule {
    case "wavefront": return "A spike reaches the next layer in the same tick (wavefront)."
    case "tick": return "A spike reaches the next layer one tick later (tick)."
    case "accumulate":
      return "A layer fires only once it has heard its whole input (accumulate)."
    default:
      let delay = schedule.split(separator: ":").last.map { PageText.name(String($0)) } ?? ""
      return
        "A layer's window opens \(delay) ticks after the one before it (staggered), so that it "
        + "has heard something before it decides."
    }
  }
}
