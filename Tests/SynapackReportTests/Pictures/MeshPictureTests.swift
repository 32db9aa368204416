import Testing

@testable import SynapackReport

struct MeshPictureTests {
  private let picture = MeshPicture(
    columns: 3, rows: 2,
    tiles: [
      .init(column: 2, row: 1, share: 1, label: "7", title: "core <5>"),
      .init(column: 0, row: 0, share: .nan, label: "1", title: "core 0"),
    ],
    flows: [
      .init(from: (0, 0), to: (2, 1), share: 1), .init(from: (2, 1), to: (2, 1), share: 1),
    ]
  ).picture(title: "t", note: "n", description: "d")

  @Test func coresLieWhereTheyLie() throws {
    let page = PageReading(picture.html)
    #expect(page.fault == nil)
    #expect(page.all("svg").first?.attributes["viewBox"] == "0 0 72 48")
    let squares = page.all("rect")
    #expect(squares.map { $0.attributes["x"] } == ["49", "1"])
    #expect(squares.map { $0.attributes["y"] } == ["25", "1"])
    #expect(squares.map { $0.attributes["fill-opacity"] } == ["0.70", "0.10"])
    #expect(page.all("title").map(\.text).contains("core <5>"))
  }

  /// What stays in a square is no line.
  @Test func streamsJoinSquares() {
    let lines = PageReading(picture.html).all("path", class: "flow")
    #expect(lines.map { $0.attributes["d"] } == ["M12 12L60 36"])
  }
}
