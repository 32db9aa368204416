internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The section of weights under codec 2.
extension ModelledSection {
  static func weights(of program: SpikingProgram) -> [UInt8]? {
    let count = program.connections.reduce(0) { $0 + $1.synapses.weights.values.count }
    guard (1...BundleLimits.modelledValues).contains(count) else { return nil }
    var encoder = BinaryEncoder()
    var model = WeightModel()
    for connection in program.connections {
      var values = connection.synapses.weights.values
      model.code(
        &values, shape: connection.synapses.weights.shape, bits: connection.weightBits, &encoder)
    }
    return encoder.finish()
  }

  /// The raw section: the weights of `stream` in the maps that they have when nothing models them.
  ///
  /// - Parameter count: the bytes of the raw section.
  /// - Throws: `SYN0607` for a stream that does not fit the manifest, `SYN0402` for a weight beyond
  ///   the width of its connection.
  static func weights(
    _ stream: [UInt8], for manifest: Manifest, count: Int
  ) throws(PackError) -> [UInt8] {
    var (lengths, total): (Int?, Int) = (0, 0)
    for (connection, map) in zip(manifest.program.connections, manifest.weights) {
      let weights = connection.synapses.weights.shape.count
      // Every encoding of a map holds itself to this, so the raw bytes bound the weights.
      guard (2...16).contains(connection.weightBits), map.length >= 0,
        weights <= map.length.times(BundleLimits.weightsPerIndexByte) ?? .max
      else { throw refusal("\(map.length) bytes for \(weights) weights") }
      lengths = lengths?.adding(map.length)
      total = min(total + min(weights, BundleLimits.weights), BundleLimits.weights)
    }
    try check(lengths, is: count, values: total)
    var decoder = BinaryDecoder(stream)
    var model = WeightModel()
    var section: [UInt8] = []
    for connection in manifest.program.connections {
      let shape = connection.synapses.weights.shape
      var values = [Int16](repeating: 0, count: shape.count)
      model.code(&values, shape: shape, bits: connection.weightBits, &decoder)
      guard !decoder.isExhausted else { break }
      try check(values, bits: connection.weightBits)
      _ = WeightCoding.append(values, bits: connection.weightBits, to: &section)
    }
    try finish(decoder)
    return section
  }

  /// Packing cuts a weight to its width, so one that is wider must not come so far.
  private static func check(_ weights: [Int16], bits: Int) throws(PackError) {
    let limit = (1 << (bits - 1)) - 1
    guard let outside = weights.first(where: { $0.magnitude > limit }) else { return }
    throw PackError(
      .valueOutsideWidth, "the weight \(outside) is beyond ±\(limit) of \(bits) bits",
      hint: "make the bundle again from its model")
  }
}
