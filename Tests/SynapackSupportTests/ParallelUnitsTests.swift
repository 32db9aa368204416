import SynapackSupport
import Testing

struct ParallelUnitsTests {
  @Test(arguments: [1, 2, 3, 16])
  func resultsStandInUnitOrder(threads: Int) throws {
    let results = try parallelUnits(count: 100, threads: threads) { $0 * $0 }
    #expect(results == (0..<100).map { $0 * $0 })
  }

  @Test(arguments: [1, 2, 8])
  func theFirstFailingUnitDecidesTheError(threads: Int) {
    #expect {
      _ = try parallelUnits(count: 50, threads: threads) { (index) throws(PackError) -> Int in
        guard index != 7, index != 40 else {
          throw PackError(.defect, "unit \(index)", hint: "")
        }
        return index
      }
    } throws: { error in
      (error as? PackError)?.message == "unit 7"
    }
  }

  @Test func noUnitsGiveNoResults() throws {
    #expect(try parallelUnits(count: 0, threads: 4) { $0 }.isEmpty)
  }
}
