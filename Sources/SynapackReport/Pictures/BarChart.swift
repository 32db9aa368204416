/// Rows of names, bars and words as one SVG picture without scripts, fonts or links.
///
/// A bar is the row's share of 1; a row without one has its words in grey. Words that are longer than a
/// line go on in the next. Equal rows give equal bytes.
public struct BarChart: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    public var name: String
    /// From 0 to 1; what lies outside is cut.
    public var share: Double?
    public var words: String

    public init(name: String, share: Double?, words: String) {
      self.name = name
      self.share = share
      self.words = words
    }
  }

  public var title: String
  public var rows: [Row]

  public init(title: String, rows: [Row]) {
    self.title = title
    self.rows = rows
  }

  private static let line = 22
  /// Between lines of one row.
  private static let step = 15
  /// What fits beside the bars in a font of wide letters.
  private static let charactersOfALine = 96
  private static let names = 140
  private static let bar = 120
  private static let width = 960

  public var svg: String {
    let lines = rows.map { BarChart.lines($0.words) }
    let height =
      BarChart.line * (rows.count + 2)
      + lines.reduce(0) { $0 + BarChart.step * ($1.count - 1) }
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(BarChart.width)\" height=\"\(height)\" "
      + "viewBox=\"0 0 \(BarChart.width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">\n"
      + "<title>\(XMLText.escaped(title))</title>\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      + "<text x=\"8\" y=\"16\" font-weight=\"bold\">\(XMLText.escaped(title))</text>\n"
    var y = BarChart.line * 2
    for (row, lines) in zip(rows, lines) {
      text += drawn(row, lines, y: y)
      y += BarChart.line + BarChart.step * (lines.count - 1)
    }
    return text + "</svg>\n"
  }

  /// The words on as few lines as hold them, one at least; a longer word has a line of its own.
  private static func lines(_ words: String) -> [String] {
    var lines = [""]
    for word in words.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if line.count + 1 + word.count <= charactersOfALine {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private func drawn(_ row: Row, _ lines: [String], y: Int) -> String {
    let fill = row.share == nil ? "#777" : "#111"
    var text = "<text x=\"8\" y=\"\(y)\" fill=\"\(fill)\">\(XMLText.escaped(row.name))</text>\n"
    if let share = row.share, share.isFinite {
      let length = Int((min(1, max(0, share)) * Double(BarChart.bar)).rounded())
      text +=
        "<rect x=\"\(BarChart.names)\" y=\"\(y - 12)\" width=\"\(BarChart.bar)\" height=\"14\" "
        + "fill=\"#e8e8e8\"/>\n<rect x=\"\(BarChart.names)\" y=\"\(y - 12)\" "
        + "width=\"\(length)\" height=\"14\" fill=\"#2a7f62\"/>\n"
    }
    let place = BarChart.names + BarChart.bar + 12
    for (index, line) in lines.enumerated() {
      text +=
        "<text x=\"\(place)\" y=\"\(y + BarChart.step * index)\" fill=\"\(fill)\">"
        + "\(XMLText.escaped(line))</text>\n"
    }
    return text
  }
}
