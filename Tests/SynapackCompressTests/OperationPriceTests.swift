import SynapackGraph
import SynapackSupport
import Testing

@testable import SynapackCompress

/// What operations cost a student.
struct OperationPriceTests {
  private let wires = [
    PricedWire(wire: WireID(index: 0), fanOut: [3, 0, 5]),
    PricedWire(wire: WireID(index: 4), fanOut: [7]),
  ]
  private let start: [WireID: [Float]] = [
    WireID(index: 0): [1, 2, 0, 0.5, 0, -1], WireID(index: 4): [0.25, 0],
  ]

  /// Two samples that begin training cost λ each in the mean, whatever the fan-outs.
  @Test func theFirstStudentCostsItsWeight() throws {
    for weight in [Float(0.5), 3] {
      let price = try OperationPrice(wires, weight: weight, values: start, count: 2)
      let found = price.loss(start, count: 2)
      #expect(abs(found.loss - 2 * Double(weight)) < 1e-5)
      // 3·(1 + 0.5) + 5·1 + 7·0.25 = 11.25 for both samples.
      let unit = Double(weight) * 2 / 11.25
      let slopes = try #require(found.gradients[WireID(index: 0)])
      for (slope, fanOut) in zip(slopes, [3, 0, 0, 3, 0, -5]) {
        #expect(abs(Double(slope) - Double(fanOut) * unit) < 1e-5)
      }
    }
  }

  @Test func aSilentStudentCostsNothing() throws {
    let silent = start.mapValues { $0.map { _ in Float(0) } }
    let price = try OperationPrice(wires, weight: 1, values: silent, count: 2)
    let found = price.loss(start, count: 2)
    #expect(found.loss == 0 && found.gradients.values.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test func fanOutsOfOtherNeuronsAreRefused() {
    let error = #expect(throws: PackError.self) {
      try OperationPrice(wires, weight: 1, values: start, count: 3)
    }
    #expect(error?.code == .wrongDataShape)
  }
}
