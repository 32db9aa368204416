internal import SynapackProgram
internal import SynapackSupport

/// The weights of an input whose payloads enter by their binary digits.
enum AxonDigits {
  /// - Throws: `SYN0746` where a weight times a digit leaves the range.
  static func check(
    _ program: SpikingProgram, _ digits: [Int], within range: ClosedRange<Int>, target: String
  ) throws(PackError) {
    let largest = digits.map(\.magnitude).max() ?? 1
    for connection in program.connections where connection.source == .input {
      let weights = connection.synapses.weights.values
      let weight = Int(weights.map(\.magnitude).max() ?? 0)
      guard range.contains(weight * Int(largest)), range.contains(-weight * Int(largest)) else {
        throw PackError(
          .inputNotCarried,
          "payloads to \(program.input.encoding.payloads.upperBound) enter \(target) by their binary "
            + "digits, and a weight of \(weight) times \(largest) does not fit its "
            + "\(range.lowerBound)…\(range.upperBound)",
          at: .layer(program.input.name), hint: "convert again with `--input poisson`")
      }
    }
  }
}
