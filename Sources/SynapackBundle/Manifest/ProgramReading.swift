internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What is known of weights that were left in their section.
struct LeftWeights {
  /// As the manifest states them.
  var maps: [WeightMap]
  /// Whether a writer would state the same.
  var areOwn: Bool
  /// Whether their bytes are in their one form.
  var isCanonical: Bool
}

extension Manifest {
  /// The whole program from the sections of its values; see ``assembled(neurons:weights:)``.
  ///
  /// - Parameter leavesWeights: whether weights are read whenever they are asked for; then what is
  ///   known of them is returned as well.
  func program(
    from container: ContainerReader, leavesWeights: Bool
  ) throws(PackError) -> (SpikingProgram, LeftWeights?) {
    guard leavesWeights, let (entry, content) = container.weights else {
      let section = try weightSection(of: container)
      let program = try assembled(neurons: try neuronSection(of: container)) {
        (map, shape, bits) throws(PackError) in
        IntegerWeights(
          shape: shape,
          values: try WeightCoding.decode(map, from: section, count: shape.count, bits: bits))
      }
      return (program, nil)
    }
    let section: SectionBytes
    switch content {
    case .aside(let bytes): section = bytes
    case .raw, .modelled: section = SectionBytes(try weightSection(of: container))
    }
    var taken = WeightsInSection(section, digest: entry.rawDigest)
    let program = try assembled(neurons: try neuronSection(of: container)) {
      (map, shape, bits) throws(PackError) in
      try taken.weights(map, shape: shape, bits: bits)
    }
    let left = LeftWeights(
      maps: weights, areOwn: taken.hasOwnMaps, isCanonical: try taken.finished())
    return (program, left)
  }

  private func weightSection(of container: ContainerReader) throws(PackError) -> [UInt8] {
    try container.raw(.weights) { (stream, count) throws(PackError) in
      try ModelledSection.weights(stream, for: self, count: count)
    }
  }

  private func neuronSection(of container: ContainerReader) throws(PackError) -> [UInt8] {
    try container.raw(.neurons) { (stream, count) throws(PackError) in
      try ModelledSection.neurons(stream, for: self, count: count)
    }
  }
}
