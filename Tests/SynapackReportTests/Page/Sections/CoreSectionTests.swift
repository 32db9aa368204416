import SynapackSupport
import Testing

@testable import SynapackReport

struct CoreSectionTests {
  private let page = PageReading(CoreSection.self, PageDocument.full)

  @Test func theScarcestResourceIsTheFirstRow() {
    let rows = page.table("Resources, the scarcest first")
    #expect(
      rows.map { [$0[0], $0[2]] } == [["synapses", "90 of 100 (90.00 %)"], ["axons", "7"]])
  }

  @Test func theMapShowsCoresAndStreams() {
    #expect(page.all("path", class: "flow").count == 1)
    #expect(page.all("g").count == 2)
    #expect(page.all("desc").first?.text == "2 cores in use on a mesh of 16; 2 squares are filled.")
    #expect(page.text.contains("Columns 2 to 5 and rows 0 to 3 of the mesh"))
    #expect(page.text.contains("no arrangement takes less than 1,401"))
  }

  /// The numbers in the map are found again in the table.
  @Test func theTableNumbersTheLayers() {
    #expect(page.table("Cores by layer").last == ["conv1", "1", "1", "33.50"])
  }

  /// What lies outside the map is not drawn, and no map is larger than a page.
  @Test(arguments: [(1, 1, 0), (4, 4, 2), (257, 4, nil), (0, 4, nil), (-1, -1, nil)])
  func theMapIsBounded(columns: Int, rows: Int, squares: Int?) {
    let map = PageDocument.full["placement"]["map"]
      .setting("columns", .integer(columns)).setting("rows", .integer(rows))
    let placement = PageDocument.full["placement"].setting("map", map)
    let page = PageReading(CoreSection.self, PageDocument.full.setting("placement", placement))
    #expect(page.all("desc").isEmpty == (squares == nil))
    #expect(page.all("g").count == squares ?? 0)
  }

  /// Of one chip nothing is said about others.
  @Test func eventsBetweenChipsAreToldOfABoard() {
    #expect(!page.text.contains("From chip to chip"))
    let placement = PageDocument.full["placement"].setting("eventsBetweenChips", 4321)
    let board = PageReading(CoreSection.self, PageDocument.full.setting("placement", placement))
    #expect(board.text.contains("From chip to chip") && board.text.contains("4,321"))
  }

  @Test func capacitiesOfAnUnknownChipAreAskedFor() {
    let placement = PageDocument.full["placement"].setting("isKnown", false)
    let page = PageReading(CoreSection.self, PageDocument.full.setting("placement", placement))
    #expect(page.text.contains("give its file with --chip"))
  }

  @Test func withoutAPlacementThereIsNoSection() {
    #expect(CoreSection.section(PageDocument.bare) == nil)
  }
}
