/// Names, bars and numbers in rows: a picture to those who see it, a table to everybody.
///
/// The bars are drawings that stretch with the page, and the text is the page's own, so that it
/// stays readable on a telephone.
struct BarTable {
  /// A stretch of the scale, drawn in the colour of its place in the row.
  struct Bar {
    var from: Double
    var to: Double

    init(_ value: Double) {
      (from, to) = (0, value)
    }

    init(from: Double, to: Double) {
      (self.from, self.to) = (from, to)
    }
  }

  struct Row {
    var name: String
    /// One for each series; `nil` where there is no number.
    var bars: [Bar?]
    /// A place on the scale to compare with.
    var mark: Double?
    /// The numbers of the bars.
    var words: String

    init(_ name: String, _ bars: [Bar?], mark: Double? = nil, words: String) {
      (self.name, self.bars, self.mark, self.words) = (name, bars, mark, words)
    }

    fileprivate var most: Double {
      (bars.compactMap { $0?.to } + [mark].compactMap { $0 }).filter(\.isFinite).max() ?? 0
    }
  }

  /// Which rows are shown where there are too many.
  enum Choice {
    case largest, first
  }

  static let mostRows = 48

  var title: String
  var note = ""
  /// What each bar of a row stands for; one to four.
  var series: [String]
  /// What the marks stand for.
  var marks: String?
  var rows: [Row]
  /// The value at the end of the scale; `nil` for the largest of any row.
  var end: Double?
  var choice = Choice.largest

  private static let colours = ["one", "two", "three", "four"]
  private static let units = 1_000.0

  var html: String {
    let shown = chosen
    let scale = end ?? shown.map(\.most).max() ?? 0
    var parts = ["<figure class=\"bars\">", PageText.caption(title, note)]
    if series.count > 1 || marks != nil { parts.append(legend) }
    parts.append("<table aria-label=\"\(PageText.escaped(title))\"><tbody>")
    parts += shown.map { drawn($0, scale: scale) }
    parts.append("</tbody></table>")
    if shown.count < rows.count {
      let which = choice == .largest ? "smaller" : "further"
      parts.append(
        "<p class=\"note\">\(grouped(rows.count - shown.count)) \(which) ones are left out.</p>")
    }
    return (parts + ["</figure>"]).joined(separator: "\n")
  }

  /// As many rows as a page bears, in their order.
  private var chosen: [Row] {
    guard rows.count > BarTable.mostRows else { return rows }
    switch choice {
    case .first: return Array(rows.prefix(BarTable.mostRows))
    case .largest:
      let order = rows.indices.sorted { (-rows[$0].most, $0) < (-rows[$1].most, $1) }
      return order.prefix(BarTable.mostRows).sorted().map { rows[$0] }
    }
  }

  private var legend: String {
    var items = zip(series, BarTable.colours).map { name, colour in
      "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"\(colour)\" width=\"10\" "
        + "height=\"10\"/></svg>\(PageText.escaped(name))</span>"
    }
    if let marks {
      items.append(
        "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"mark\" x=\"4\" width=\"2\" "
          + "height=\"10\"/></svg>\(PageText.escaped(marks))</span>")
    }
    return "<p class=\"legend\">\(items.joined())</p>"
  }

  private func drawn(_ row: Row, scale: Double) -> String {
    let height = 12 * max(1, series.count)
    var shapes = [
      "<rect class=\"track\" width=\"\(Int(BarTable.units))\" height=\"\(height)\"/>"
    ]
    for (index, bar) in zip(BarTable.colours.indices, row.bars) {
      guard let bar else { continue }
      let from = BarTable.place(bar.from, scale)
      let to = max(BarTable.place(bar.to, scale), from)
      shapes.append(
        "<rect class=\"\(BarTable.colours[index])\" x=\"\(from)\" y=\"\(12 * index + 1)\" "
          + "width=\"\(to - from)\" height=\"10\"/>")
    }
    if let mark = row.mark {
      let place = min(BarTable.place(mark, scale), Int(BarTable.units) - 4)
      shapes.append(
        "<rect class=\"mark\" x=\"\(place)\" width=\"4\" height=\"\(height)\"/>")
    }
    let rows = series.count < 2 ? "" : " class=\"\(BarTable.colours[min(4, series.count) - 1])\""
    return "<tr><th scope=\"row\">\(PageText.escaped(row.name))</th><td class=\"draw\">"
      + "<svg\(rows) viewBox=\"0 0 \(Int(BarTable.units)) \(height)\" preserveAspectRatio=\"none\" "
      + "aria-hidden=\"true\">\(shapes.joined())</svg></td>"
      + "<td class=\"value\">\(PageText.escaped(row.words))</td></tr>"
  }

  /// Where a value lies, from 0 to `units`; what is no number lies at 0.
  private static func place(_ value: Double, _ scale: Double) -> Int {
    guard value.isFinite, scale.isFinite, scale > 0 else { return 0 }
    return Int((min(1, max(0, value / scale)) * units).rounded())
  }
}
