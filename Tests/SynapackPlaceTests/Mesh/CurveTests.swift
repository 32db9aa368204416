import Testing

@testable import SynapackPlace

@Suite struct CurveTests {
  @Test func curvesVisitEveryCellOnce() {
    for rows in 1...9 {
      for columns in 1...9 {
        let all = (0..<rows * columns).map { $0 }
        let hilbert = MeshCurve.hilbert(rows: rows, columns: columns)
        #expect(hilbert.map { $0.y * columns + $0.x }.sorted() == all, "\(rows) × \(columns)")
        for height in 1...rows {
          let way = MeshCurve.serpentine(rows: rows, columns: columns, height: height)
          #expect(way.map { $0.y * columns + $0.x }.sorted() == all, "\(rows) × \(columns)")
        }
      }
    }
  }

  /// With even sides no step of Hilbert's curve is longer than one hop.
  @Test func hilbertStepsToNeighbours() {
    for (rows, columns) in [(2, 2), (4, 8), (6, 10), (64, 64), (84, 84)] {
      let way = MeshCurve.hilbert(rows: rows, columns: columns)
      for (here, next) in zip(way, way.dropFirst()) {
        #expect(abs(here.y - next.y) + abs(here.x - next.x) == 1)
      }
    }
  }
}
