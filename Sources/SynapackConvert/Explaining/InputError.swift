internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// How far what the input sends is from the samples themselves, which no layer can make up for.
///
///     error = √(Σ (x − s·n/T)² / Σ x²)
///
/// x: a value, of recorded events the mean over their frames; n: the sum of its payloads over the T
/// ticks in which the input has any; s: what a payload of 1 in every tick stands for. A constant
/// current is rounded to its width; Poisson's spikes of values within their scale are off by
/// √((|x|/s)·(1 − |x|/s)/T)·s at random.
struct InputError {
  private let program: SpikingProgram
  private let samples: FitSamples
  private let threads: Int

  init(_ program: SpikingProgram, _ samples: FitSamples, threads: Int) {
    self.program = program
    self.samples = samples
    self.threads = threads
  }

  /// The error over all samples; 0 where all values are 0.
  ///
  /// - Throws: `SYN0012` for samples of another size than the program's input.
  func measured() throws(PackError) -> Double {
    let size = program.input.shape.count
    guard samples.values.count == samples.count * size else {
      throw PackError(
        .wrongDataShape,
        "\(samples.count) samples have \(samples.values.count) values, and the input "
          + "of the program takes \(size) each",
        hint: "explain a program with samples of its own network")
    }
    let taken = samples.inputs.count / max(1, samples.count)
    let parts = try parallelUnits(count: samples.count, threads: threads) {
      (sample) throws(PackError) -> (missed: Double, power: Double) in
      let payloads = program.encode(
        Array(samples.inputs[sample * taken..<(sample + 1) * taken])
      ).payloads
      return squares(payloads, Array(samples.values[sample * size..<(sample + 1) * size]))
    }
    let missed = parts.reduce(0) { $0 + $1.missed }
    let power = parts.reduce(0) { $0 + $1.power }
    return power > 0 ? (missed / power).squareRoot() : 0
  }

  /// Σ (x − s·n/T)² and Σ x² of one sample.
  private func squares(
    _ payloads: [Int32], _ values: [Float]
  ) -> (missed: Double, power: Double) {
    var sums = Array(repeating: 0.0, count: values.count)
    for (index, payload) in payloads.enumerated() { sums[index % values.count] += Double(payload) }
    let ticks = program.input.encoding.varies ? program.inputTicks : 1
    let worth = Double(program.input.encoding.scale) / Double(max(1, ticks))
    var (missed, power) = (0.0, 0.0)
    for (value, sum) in zip(values, sums) {
      let left = Double(value) - worth * sum
      missed += left * left
      power += Double(value) * Double(value)
    }
    return (missed, power)
  }
}
