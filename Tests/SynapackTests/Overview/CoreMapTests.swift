import SynapackBundle
import SynapackPlace
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import Synapack

struct CoreMapTests {
  private func program() throws -> SpikingProgram {
    var report = Report()
    let path = Fixtures.path("bundles/v1/full.synapack")
    return try BundleReader.read(MappedFile(path: path), &report).bundle.program
  }

  private func placement(
    mesh: Extent, _ slices: [(population: Int, core: Int, neurons: Int)],
    _ routes: [(core: Int, destinations: [Int], weight: Double)]
  ) -> Placement {
    Placement(
      chip: "c", mesh: mesh,
      slices: slices.map {
        Slice(
          population: $0.population, core: $0.core, channels: 0..<$0.neurons, rows: 0..<1,
          columns: 0..<1)
      },
      routes: routes.map {
        Route(
          population: 0, core: $0.core, destinations: $0.destinations, neurons: 1, weight: $0.weight
        )
      }, resources: [], usage: [], rates: [],
      cost: PlacementCost(
        energy: nil, averageLatency: nil, maxLatency: nil, averageCongestion: 0, maxCongestion: 0,
        connectivity: 0, lowerBound: nil))
  }

  private func tiles(_ map: JSON) -> [JSON] {
    guard case .array(let tiles)? = map.member("tiles") else { return [] }
    return tiles
  }

  /// Only the part in use is drawn: cores (3, 2) and (4, 2) of a mesh 8 wide.
  @Test func theMapIsThePartInUse() throws {
    let map = CoreMap(
      placement(
        mesh: Extent(y: 4, x: 8), [(0, 19, 3), (1, 19, 5), (1, 20, 4)], [(19, [19, 20], 2.5)]),
      try program()
    ).json
    #expect(map.member("columns") == 2 && map.member("rows") == 1)
    #expect(map.member("meshColumns") == [3, 4] && map.member("meshRows") == [2, 2])
    let tiles = tiles(map)
    #expect(tiles.map { $0.member("core") } == [19, 20])
    #expect(tiles.map { $0.member("layerNumber") } == [2, 2])
    // An event to one's own core is sent and received there.
    #expect(tiles.map { $0.member("events") } == [.number(7.5), .number(2.5)])
    #expect(
      map.member("flows") == [
        [
          "from": ["column": 0, "row": 0], "to": ["column": 1, "row": 0], "events": .number(2.5),
          "share": .number(1),
        ]
      ])
  }

  /// A chip of a million cores has a map of at most 40 by 40 squares and 60 streams.
  @Test func theMapOfAnyChipIsBounded() throws {
    let side = 1_000
    var random = SeededGenerator(seed: 3)
    let cores =
      [0, side * side - 1]
      + (0..<3_000).map { _ in Int.random(in: 0..<side * side, using: &random) }
    let map = CoreMap(
      placement(
        mesh: Extent(y: side, x: side), cores.map { (0, $0, 1) },
        zip(cores, cores.dropFirst()).map { ($0, [$1], 1) }),
      try program()
    ).json
    #expect(map.member("columns") == 40 && map.member("coresAnEdge") == 25)
    let counts = tiles(map).map { tile -> Int in
      guard case .integer(let cores)? = tile.member("cores") else { return -1 }
      return cores
    }
    #expect(counts.count <= 1_600 && counts.reduce(0, +) == Set(cores).count)
    guard case .array(let flows)? = map.member("flows") else { return }
    #expect(flows.count == 60)
  }

  /// Chips of 3 by 2 cores: those in columns 3 to 8 and rows 1 to 3 meet in two places.
  @Test func chipsOfABoardMeetWhereTheyDo() throws {
    let used = placement(
      mesh: Extent(y: 4, x: 9), [(0, 12, 1), (1, 35, 1)], [(12, [35], 1)])
    let board = MeshGeometry(rows: 4, columns: 9, chipRows: 2, chipColumns: 3, crossing: 1)
    let map = CoreMap(used, try program(), on: board).json
    #expect(map.member("meshColumns") == [3, 8] && map.member("meshRows") == [1, 3])
    #expect(map.member("chipBorders") == ["columns": [.number(3)], "rows": [.number(1)]])
    let whole = CoreMap(used, try program(), on: MeshGeometry(rows: 4, columns: 9)).json
    #expect(whole.member("chipBorders") == ["columns": [], "rows": []])
  }
}
