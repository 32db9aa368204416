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

  @Test func chipsOfABoardAreToldApart() {
    let board = MeshPicture(columns: 3, rows: 2, tiles: [], flows: [], borders: ([1, 2.5], [1]))
      .picture(title: "t", note: "n", description: "d")
    let lines = PageReading(board.html).all("path", class: "border")
    #expect(lines.map { $0.attributes["d"] } == ["M0 24.0H72M24.0 0V48M60.0 0V48"])
    #expect(PageReading(picture.html).all("path", class: "border").isEmpty)
  }
}
