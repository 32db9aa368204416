import SynapackProgram
import Testing

struct ReadoutTests {
  private func readout(_ measure: ExitMeasure, _ limits: [Int64], discards: Int = 0) -> Readout {
    Readout(
      population: 0, decoding: .membrane, unit: 1, discards: discards,
      exit: ExitRule(measure: measure, limits: limits))
  }

  @Test func marginIsTheLeadOfTheFirst() {
    #expect(ExitMeasure.margin.value([3, 9, 4]) == 5)
    #expect(ExitMeasure.margin.value([9, 9]) == 0)
    #expect(ExitMeasure.margin.value([-7, -3]) == 4)
    #expect(ExitMeasure.margin.value([6]) == 6)
  }

  @Test func levelIsTheLargest() {
    #expect(ExitMeasure.level.value([3, 9, 4]) == 9)
    #expect(ExitMeasure.level.value([-7, -3]) == -3)
    #expect(ExitMeasure.level.value([.max, 0]) == ExitRule.never - 1)
  }

  @Test func stopsAtTheFirstTickThatIsSureEnough() {
    let scores: [[Int64]] = [[5, 0], [6, 4], [9, 0], [9, 1]]
    #expect(readout(.margin, [6, 3, 9, 0]).stop(scores) == 3)
    #expect(readout(.margin, [5, 0, 0, 0]).stop(scores) == 1)
    #expect(readout(.margin, Array(repeating: ExitRule.never, count: 4)).stop(scores) == 4)
    #expect(readout(.level, [6, 6, 6, 6]).stop(scores) == 2)
  }

  @Test func discardedTicksCannotStop() {
    #expect(readout(.margin, [0, 0, 9, 0], discards: 2).stop([[9, 1], [5, 4]]) == 4)
    #expect(readout(.margin, [0, 0, 8, 0], discards: 2).stop([[9, 1], [5, 4]]) == 3)
  }

  @Test func theLowestOfEqualClassesIsDecided() {
    #expect(Readout.decision([4, 7, 7]) == 1)
    #expect(Readout.decision([]) == 0)
  }
}
