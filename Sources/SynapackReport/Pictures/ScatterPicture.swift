/// Points on panels side by side, as a picture in SVG: what was tried, what no other beats, and
/// what was chosen.
public struct ScatterPicture: Sendable {
  /// How a point stands among the others.
  public enum Standing: Sendable, Hashable {
    /// Another is at least as good in everything.
    case beaten
    /// No other is; these are joined by a line.
    case best
    case chosen
  }

  public struct Point: Sendable {
    public var x: Double
    public var y: Double
    public var standing: Standing
    /// What a pointer over the point shows.
    public var title: String

    public init(x: Double, y: Double, standing: Standing, title: String) {
      (self.x, self.y, self.standing, self.title) = (x, y, standing, title)
    }
  }

  public struct Panel: Sendable {
    public var horizontal: String
    public var vertical: String
    public var points: [Point]

    public init(horizontal: String, vertical: String, points: [Point]) {
      (self.horizontal, self.vertical, self.points) = (horizontal, vertical, points)
    }
  }

  public var title: String
  public var panels: [Panel]

  public init(title: String, panels: [Panel]) {
    (self.title, self.panels) = (title, panels)
  }

  private static let (width, height) = (420.0, 300.0)
  private static let (left, right, top, bottom) = (64.0, 28.0, 60.0, 48.0)
  private static let colours: [Standing: String] = [
    .beaten: "#9aa3ad", .best: "#1f6feb", .chosen: "#d1242f",
  ]

  public var svg: String {
    let whole = ScatterPicture.width * Double(max(1, panels.count))
    let size = "\(Int(whole)) \(Int(ScatterPicture.height))"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" width=\"\(Int(whole))\" "
        + "font-family=\"sans-serif\" font-size=\"12\" fill=\"#24292f\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      "<text x=\"16\" y=\"24\" font-size=\"14\">\(XMLText.escaped(title))</text>",
      legend(from: whole),
    ]
    for (index, panel) in panels.enumerated() {
      lines.append("<g transform=\"translate(\(Int(Double(index) * ScatterPicture.width)) 0)\">")
      lines += ScatterPicture.drawn(panel)
      lines.append("</g>")
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  /// What the colours mean, in the upper right corner.
  private func legend(from right: Double) -> String {
    let words: [(Standing, String)] = [
      (.chosen, "chosen"), (.best, "no other is better in every measure"), (.beaten, "another is"),
    ]
    let parts = words.map { standing, text in
      "<tspan fill=\"\(ScatterPicture.colours[standing] ?? "")\">● </tspan>\(text)  "
    }
    return "<text x=\"\(Int(right - 16))\" y=\"24\" text-anchor=\"end\" font-size=\"11\">"
      + parts.joined() + "</text>"
  }

  private static func drawn(_ panel: Panel) -> [String] {
    let points = panel.points.filter { $0.x.isFinite && $0.y.isFinite }
    let (across, up) = (Axis(points.map(\.x)), Axis(points.map(\.y)))
    func x(_ value: Double) -> String {
      decimals(left + across.place(value) * (width - left - right), 1)
    }
    func y(_ value: Double) -> String {
      decimals(height - bottom - up.place(value) * (height - top - bottom), 1)
    }
    var lines: [String] = []
    for mark in up.marks {
      lines.append(
        "<path d=\"M\(Int(left)) \(y(mark))H\(Int(width - right))\" stroke=\"#d8dee4\"/>"
          + "<text x=\"\(Int(left - 6))\" y=\"\(y(mark))\" dy=\"4\" text-anchor=\"end\">"
          + "\(up.text(mark))</text>")
    }
    for mark in across.marks {
      lines.append(
        "<text x=\"\(x(mark))\" y=\"\(Int(height - bottom + 16))\" text-anchor=\"middle\">"
          + "\(across.text(mark))</text>")
    }
    lines.append(
      "<text x=\"\(Int((left + width - right) / 2))\" y=\"\(Int(height - 10))\" "
        + "text-anchor=\"middle\">\(XMLText.escaped(panel.horizontal))</text>")
    lines.append(
      "<text x=\"16\" y=\"\(Int(top - 8))\">\(XMLText.escaped(panel.vertical))</text>")
    let front = points.filter { $0.standing != .beaten }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    if front.count > 1 {
      let path = front.map { "\(x($0.x)) \(y($0.y))" }.joined(separator: "L")
      lines.append("<path d=\"M\(path)\" fill=\"none\" stroke=\"#1f6feb\" opacity=\"0.4\"/>")
    }
    for point in points {
      lines.append(
        "<circle cx=\"\(x(point.x))\" cy=\"\(y(point.y))\" "
          + "r=\"\(point.standing == .chosen ? 6 : 4)\" fill=\"\(colours[point.standing] ?? "")\">"
          + "<title>\(XMLText.escaped(point.title))</title></circle>")
    }
    return lines
  }
}
