/// The SPI words of a chip, 40 bits each: 20 of the address, 20 of the data.
///
///     address   R | W | memory (2) | place (16)
///     place     {byte, neuron} of neuron memory, {byte, row, column ≫ 3} of synapse memory
///     data      0 (4) | mask (8) | byte (8)
///
/// A neuron's word is disable | leak (7) | θ (12) | v (12); a byte of synapses holds two columns, the
/// even one below. Registers have no memory: activity is gated while words are written. (doc/README.md,
/// 2.1, 3 and 4 of tinyODIN.)
enum TinyODINWords {
  private enum Memory: Int {
    case neurons = 1
    case synapses = 2
  }

  /// No membrane of 12 bits gets there.
  private static let never = 0xFFF

  /// One word a line, ten hexadecimal digits: registers, neurons, synapses, and the gate opened.
  static func text(_ layer: TinyODINLayer) -> String {
    var words = [
      register(.gateActivity, 1), register(.openLoop, 1), register(.sourceOfOutput, 0),
      register(.lastNeuron, layer.mark),
    ]
    for neuron in 0...layer.mark {
      let word = neuronWord(layer, neuron)
      for byte in 0..<4 {
        words.append(write(.neurons, byte << 8 | neuron, word >> (8 * byte) & 0xFF))
      }
    }
    for (row, weights) in layer.rows.enumerated() {
      for group in 0...layer.mark / 8 {
        for byte in 0..<4 {
          let column = 8 * group + 2 * byte
          let nibbles = [column, column + 1].map {
            weights.indices.contains($0) ? weights[$0] & 0xF : 0
          }
          words.append(
            write(.synapses, byte << 13 | row << 5 | group, nibbles[1] << 4 | nibbles[0]))
        }
      }
    }
    words.append(register(.gateActivity, 0))
    return words.map { hexadecimal($0) + "\n" }.joined()
  }

  private enum Register: Int {
    case gateActivity = 0
    case openLoop = 1
    case sourceOfOutput = 2
    case lastNeuron = 3
  }

  private static func neuronWord(_ layer: TinyODINLayer, _ neuron: Int) -> Int {
    guard neuron < layer.mark else { return 1 << 12 }
    let v = layer.starts[neuron] & 0xFFF
    guard layer.fires else { return 1 << 31 | never << 12 | v }
    return (layer.leaks > 0 ? 127 : 0) << 24 | layer.thresholds[neuron] << 12 | v
  }

  private static func register(_ register: Register, _ value: Int) -> Int {
    register.rawValue << 20 | value
  }

  private static func write(_ memory: Memory, _ place: Int, _ byte: Int) -> Int {
    (1 << 18 | memory.rawValue << 16 | place) << 20 | byte
  }

  private static func hexadecimal(_ word: Int) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
  }
}
