internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One layer as Akida 2 has it, in the orders of its variables.
struct Akida2Layer {
  /// Of buffers of 28 bits in two's complement.
  private static let largestPotential = Int64(1 << 27) - 1
  /// Columns of an image.
  private static let columns = 5...384

  let document: JSON

  static func refused(_ message: String) -> PackError {
    AkidaLayer.refused(message, generation: 2)
  }

  /// Whether the input is an image of 8 bits, which convolutions of one or three channels alone take.
  static func isImage(_ program: SpikingProgram) -> Bool {
    guard let connection = program.incoming(0).first, case .convolution = connection.synapses else {
      return false
    }
    return program.input.encoding.payloads.upperBound > 127
  }

  init(_ program: SpikingProgram, _ index: Int) throws(PackError) {
    let population = program.populations[index]
    let expected: Source = index == 0 ? .input : .population(index - 1)
    let incoming = program.incoming(index)
    guard incoming.count == 1, let connection = incoming.first, connection.source == expected else {
      throw Akida2Layer.refused("it does not hear the layer before it alone")
    }
    guard let planes = program.shape(of: connection.source).planes else {
      throw Akida2Layer.refused("an input of \(program.shape(of: connection.source))")
    }
    let fires = population.payloads != 0...0
    let outputs = population.shape.planes ?? (population.shape.count, 1, 1)
    var members: [String: JSON] = [
      "name": .string(population.name), "fires": .bool(fires),
      "shape": .array([outputs.height, outputs.width, outputs.channels].map(JSON.integer)),
    ]
    let weights = connection.synapses.weights
    switch connection.synapses {
    case .dense:
      members["kind"] = "dense"
      members["weights"] = AkidaLayer.numbers(Akida2Layer.dense(weights, planes))
    case .convolution(_, let window, let groups):
      let isImage = index == 0 && Akida2Layer.isImage(program)
      guard groups == 1, fires else {
        throw Akida2Layer.refused(fires ? "\(groups) groups" : "a convolution that only integrates")
      }
      if isImage { try Akida2Layer.checkImage(planes) }
      members["kind"] = isImage ? "input-convolution" : "convolution"
      members["kernel"] = .integer(window.kernel.y)
      members["stride"] = .integer(window.stride.y)
      members["padding"] = .string(
        try AkidaLayer.padding(window, planes, isInput: isImage, generation: 2))
      members["weights"] = AkidaLayer.numbers(AkidaLayer.kernel(weights, isTurned: !isImage))
    }
    let offsets = try AkidaLayer.offsets(population, outputs.channels, generation: 2)
    members["offsets"] = AkidaLayer.numbers(offsets)
    try Akida2Layer.checkRange(program, index, offsets)
    if fires {
      members["scales"] = try Akida2Layer.scales(program, index, outputs.channels, offsets)
    }
    document = .object(members)
  }

  /// What the mapper asks of images.
  private static func checkImage(
    _ planes: (channels: Int, height: Int, width: Int)
  ) throws(PackError) {
    guard planes.height >= columns.lowerBound, columns.contains(planes.width),
      [1, 3].contains(planes.channels)
    else {
      throw refused(
        "an image of \(planes.channels)×\(planes.height)×\(planes.width); its mapper takes 1 or 3 "
          + "channels, \(columns.lowerBound) rows and more, and "
          + "\(columns.lowerBound)…\(columns.upperBound) columns")
    }
  }

  /// One scale a channel, variable by variable.
  private static func scales(
    _ program: SpikingProgram, _ index: Int, _ channels: Int, _ offsets: [Int32]
  ) throws(PackError) -> JSON {
    let population = program.populations[index]
    let thresholds = try population.thresholds.perChannel(population, channels, "Akida 2")
    let largest = population.payloads.upperBound
    let scales = try zip(thresholds, offsets).map { (threshold, offset) throws(PackError) in
      guard
        let scale = AkidaScale(threshold: Int(threshold), offset: Int(offset), largest: largest)
      else {
        throw PackError(
          .valueNotCarried,
          "Akida 2 divides by a product of 8 bits and a shift, and none gives payloads to \(largest) in "
            + "steps of \(threshold) after a bias of \(offset)",
          hint: largest > 1
            ? "convert again with `--neuron if`"
            : RefusalAdvice.smaller(
              program, index, sum: Int64(threshold), limit: Int64(threshold) / 2))
      }
      return scale
    }
    func numbers(_ value: (AkidaScale) -> Int) -> JSON {
      .array(scales.map { .integer(value($0)) })
    }
    return .object([
      "output_scales": numbers(\.multiplier), "output_shift": numbers { -$0.shift },
      "bias": numbers(\.bias.value), "bias_shift": numbers(\.bias.shift),
      "max_value": numbers(\.ceiling.value), "max_value_shift": numbers(\.ceiling.shift),
    ])
  }

  private static func checkRange(
    _ program: SpikingProgram, _ index: Int, _ offsets: [Int32]
  ) throws(PackError) {
    let reach = MembraneReach.bounds(program)[index]
    let offset = offsets.map { Int64($0.magnitude) }.max() ?? 0
    let threshold = Int64(program.populations[index].thresholds.values.max() ?? 0)
    let largest = max(-reach.lowerBound, reach.upperBound) + offset + threshold
    guard largest <= largestPotential else {
      throw PackError(
        .saturationNotCarried,
        "a potential could get to \(largest), Akida 2 holds \(largestPotential)",
        hint: RefusalAdvice.smaller(program, index, sum: largest, limit: largestPotential))
    }
  }

  /// [inputs, outputs], the inputs in the order row, column, channel.
  private static func dense(
    _ weights: IntegerWeights, _ planes: (channels: Int, height: Int, width: Int)
  ) -> [Int32] {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    let stored = weights.values
    let cells = planes.height * planes.width
    return (0..<cells).flatMap { cell in
      (0..<planes.channels).flatMap { channel in
        (0..<outputs).map { Int32(stored[$0 * inputs + channel * cells + cell]) }
      }
    }
  }
}
