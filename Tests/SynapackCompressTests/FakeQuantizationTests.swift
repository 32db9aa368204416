import SynapackCompress
import SynapackSupport
import Testing

struct FakeQuantizationTests {
  @Test(arguments: [2, 3, 4, 8]) func weightsLieOnTheirRowsGrid(bits: Int) {
    var random = SeededGenerator(seed: UInt64(bits))
    let quantization = FakeQuantization(bits: bits, rows: 3)
    var values = (0..<30).map { _ in random.unitFloat() * 4 - 2 }
    values[7] = 0
    let steps = quantization.firstSteps(values)
    let rounded = quantization.rounded(values, steps: steps)
    #expect(rounded[7] == 0)
    for (index, value) in rounded.enumerated() {
      let step = steps[index / 10]
      let level = (value / step).rounded()
      #expect(abs(level) <= quantization.most && level * step == value, "bits \(bits), \(index)")
      if abs(values[index]) <= quantization.most * step {
        #expect(abs(value - values[index]) <= step * 0.5001)
      }
    }
  }

  /// The step's gradient against differences of the rounded values with the levels held, and of the
  /// values with the line held.
  @Test(arguments: 0..<10) func gradientsAreThoseOfALearnedStep(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let quantization = FakeQuantization(bits: 3, rows: 2)
    let values = (0..<16).map { _ in random.unitFloat() * 2 - 1 }
    let steps: [Float] = [0.2, 0.3]
    let gradient = (0..<16).map { _ in random.unitFloat() * 2 - 1 }
    let found = quantization.gradients(values, steps: steps, from: gradient)
    for row in 0..<2 {
      var sum = 0.0
      for index in row * 8..<(row + 1) * 8 {
        let level = Double(values[index]) / Double(steps[row])
        let inside = abs(level) <= 3
        let n = min(max(level.rounded(.toNearestOrEven), -3), 3)
        sum += Double(gradient[index]) * (inside ? n - level : n)
        #expect(found.values[index] == (inside ? gradient[index] : 0), "seed \(seed), \(index)")
      }
      #expect(abs(Double(found.steps[row]) - sum / 24.0.squareRoot()) < 1e-5, "seed \(seed)")
    }
  }

  @Test func rowsOfZerosHaveAStep() {
    let quantization = FakeQuantization(bits: 4, rows: 1)
    let steps = quantization.firstSteps([0, 0])
    #expect(steps[0] > 0 && quantization.rounded([0, 0], steps: steps) == [0, 0])
  }
}
