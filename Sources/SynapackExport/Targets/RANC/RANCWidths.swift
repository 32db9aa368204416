internal import SynapackSupport

/// The parameters that all cores of a network share.
struct RANCWidths {
  let neurons: Int
  let axons: Int
  let potential: Int
  let weight: Int
  let leak: Int

  init(_ cores: [RANCCore]) {
    neurons = cores.map(\.neurons.count).max() ?? 1
    axons = max(2, cores.map(\.axons).max() ?? 1, neurons)
    potential =
      cores.flatMap { [$0.range.lowerBound, $0.range.upperBound + 1] }
      .map(\.signedBits).max() ?? 1
    weight = cores.flatMap { $0.neurons.flatMap(\.weights) }.map(\.signedBits).max() ?? 1
    leak = cores.flatMap { $0.neurons.map(\.leak) }.map(\.signedBits).max() ?? 1
  }

  /// ⌈log₂ axons⌉.
  var axon: Int { Int.bitWidth - (axons - 1).leadingZeroBitCount }

  /// Each axon has the weight of its own number.
  var types: String {
    (0..<axons).map { RANCWidths.binary($0, axon) + "\n" }.joined()
  }

  /// The names are those of the Verilog.
  func document(_ cores: [RANCCore]) -> JSON {
    .object([
      "GRID_DIMENSION_X": .integer(cores.count), "GRID_DIMENSION_Y": .integer(1),
      "NUM_AXONS": .integer(axons), "NUM_NEURONS": .integer(neurons),
      "NUM_WEIGHTS": .integer(axons), "POTENTIAL_WIDTH": .integer(potential),
      "WEIGHT_WIDTH": .integer(weight), "LEAK_WIDTH": .integer(leak),
      "THRESHOLD_WIDTH": .integer(potential), "MAX_DIMENSION_X": .integer(512),
      "MAX_DIMENSION_Y": .integer(512), "NUM_TICKS": .integer(16),
    ])
  }

  /// Two's complement in so many bits.
  static func binary(_ value: Int, _ width: Int) -> String {
    String((0..<width).reversed().map { value >> $0 & 1 == 1 ? "1" : "0" })
  }
}
