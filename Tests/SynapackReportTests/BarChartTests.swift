import Foundation
import SynapackReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct BarChartTests {
  /// Names and words of files cannot leave their place in the picture, and it is well-formed XML.
  @Test func markupStaysText() throws {
    let hostile = "</text><script>x</script>&\"'\u{1B}[2J"
    let chart = BarChart(
      title: hostile,
      rows: [
        .init(name: hostile, share: 0.5, words: hostile), .init(name: "b", share: nil, words: "no"),
      ])
    #expect(!chart.svg.contains("<script>") && !chart.svg.contains("\u{1B}"))
    let parser = XMLParser(data: Data(chart.svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  /// Bars are shares of one length; what is no share has none.
  @Test(arguments: [
    (0.0, "0"), (0.5, "60"), (1.0, "120"), (7, "120"), (-1, "0"), (Double.nan, nil),
  ])
  func barsAreShares(share: Double, width: String?) {
    let chart = BarChart(title: "t", rows: [.init(name: "a", share: share, words: "")])
    let drawn = chart.svg.split(separator: "\n").first { $0.contains("#2a7f62") }
    #expect((drawn != nil) == (width != nil))
    if let width { #expect(drawn?.contains("width=\"\(width)\" height") == true) }
  }

  /// No word of a long row is lost, no line is longer than the picture, and rows do not overlap.
  @Test func longWordsGoOnInTheNextLine() throws {
    let words = (0..<60).map { "word\($0)" }
    let chart = BarChart(
      title: "t",
      rows: [
        .init(name: "a", share: nil, words: words.joined(separator: " ")),
        .init(name: "b", share: nil, words: "after"),
      ])
    let texts = chart.svg.split(separator: "\n").filter { $0.hasPrefix("<text x=\"272\"") }
    let shown = texts.compactMap { $0.split(separator: ">")[1].split(separator: "<").first }
    #expect(shown.dropLast().flatMap { $0.split(separator: " ").map(String.init) } == words)
    #expect(shown.last == "after" && shown.allSatisfy { $0.count <= 96 } && shown.count > 5)
    let heights = texts.compactMap { Int($0.split(separator: "y=\"")[1].prefix { $0.isNumber }) }
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $1 >= $0 + 15 })
    let height = chart.svg.split(separator: "height=\"")[1].prefix { $0.isNumber }
    #expect(try #require(Int(height)) > heights[heights.count - 1])
  }
}
