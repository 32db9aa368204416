/// How often values of a range come, as columns.
struct Histogram {
  /// The range of the values, whose ends stand below the columns.
  var from: String
  var to: String
  /// What one column counts.
  var counts: [Int]

  private static let (width, height) = (480, 140)

  /// The drawing, in a width of 480 and a height of 160.
  func picture(title: String, note: String, description: String) -> PagePicture {
    let most = max(1, counts.max() ?? 1)
    let step = Double(Histogram.width) / Double(max(1, counts.count))
    var shapes: [String] = []
    for (index, count) in counts.enumerated() where count > 0 {
      // What is there is seen, however little it is.
      let size = max(1, Double(count) / Double(most) * Double(Histogram.height - 8))
      shapes.append(
        "<rect class=\"one\" x=\"\(decimals(Double(index) * step + 0.5, 1))\" "
          + "y=\"\(decimals(Double(Histogram.height) - size, 1))\" "
          + "width=\"\(decimals(max(0.5, step - 1), 1))\" height=\"\(decimals(size, 1))\">"
          + "<title>\(grouped(count))</title></rect>")
    }
    let base = Histogram.height + 14
    shapes += [
      "<path class=\"grid\" d=\"M0 \(Histogram.height)H\(Histogram.width)\"/>",
      "<text x=\"0\" y=\"\(base)\" font-size=\"12\">\(PageText.escaped(from))</text>",
      "<text x=\"\(Histogram.width / 2)\" y=\"\(base)\" font-size=\"12\" text-anchor=\"middle\">0</text>",
      "<text x=\"\(Histogram.width)\" y=\"\(base)\" font-size=\"12\" text-anchor=\"end\">"
        + "\(PageText.escaped(to))</text>",
    ]
    return PagePicture(
      title: title, note: note, description: description, width: Histogram.width,
      height: Histogram.height + 20, widest: 640, content: shapes.joined(separator: "\n"))
  }
}
