internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One layer as Akida has it, in the orders of its variables.
struct AkidaLayer {
  /// Of thresholds and potentials in two's complement of 20 bits.
  static let largestPotential = Int32(1 << 19) - 1

  let document: JSON

  static func refused(_ message: String, generation: Int = 1) -> PackError {
    PackError(
      .structureNotCarried, "Akida \(generation) has no such layer: \(message)",
      hint: "use one chain of convolutions of square kernels and dense layers")
  }

  /// Bits of the input: 8 where a convolution takes it, else 1, 2 or 4.
  static func inputBits(_ program: SpikingProgram) -> Int {
    let largest = program.input.encoding.payloads.upperBound
    return [1, 2, 4].first { largest < 1 << $0 } ?? 8
  }

  init(_ program: SpikingProgram, _ index: Int) throws(PackError) {
    let population = program.populations[index]
    let incoming = program.incoming(index)
    let expected: Source = index == 0 ? .input : .population(index - 1)
    guard incoming.count == 1, let connection = incoming.first, connection.source == expected else {
      throw AkidaLayer.refused("it does not hear the layer before it alone")
    }
    let fires = population.payloads != 0...0
    let bits = [1, 2, 4].first { population.payloads.upperBound == (1 << $0) - 1 }
    guard !fires || bits != nil else {
      throw PackError(
        .neuronNotCarried,
        "Akida 1 carries payloads to 1, 3 or 15, not to \(population.payloads.upperBound)",
        hint: "convert again with `--neuron graded:4`")
    }
    let source = program.shape(of: connection.source)
    var members: [String: JSON] = [
      "name": .string(population.name), "fires": .bool(fires), "payloadBits": .integer(bits ?? 1),
    ]
    guard let planes = source.planes else { throw AkidaLayer.refused("an input of \(source)") }
    let wide = index == 0 && AkidaLayer.isInputConvolution(connection, program)
    let weights = connection.synapses.weights
    try AkidaLayer.checkWidths(program, index, weights, isWide: wide)
    switch connection.synapses {
    case .dense:
      members["kind"] = "dense"
      members["weights"] = AkidaLayer.numbers(AkidaLayer.dense(weights, planes))
    case .convolution(_, let window, let groups):
      guard groups == 1 else { throw AkidaLayer.refused("\(groups) groups") }
      if wide { try AkidaLayer.checkInputConvolution(weights, planes, window) }
      members["kind"] = wide ? "input-convolution" : "convolution"
      members["kernel"] = .integer(window.kernel.y)
      members["stride"] = .integer(window.stride.y)
      let padding = try AkidaLayer.padding(window, planes, isInput: wide)
      let least = window.kernel.x + window.stride.x
      guard padding == "same" || planes.width >= least else {
        throw AkidaLayer.refused(
          "a kernel of \(window.kernel.x) in steps of \(window.stride.x) without padding over "
            + "\(planes.width) columns of an 8-bit input, of which its mapper takes no fewer than "
            + "\(least)")
      }
      members["padding"] = .string(padding)
      members["weights"] = AkidaLayer.numbers(AkidaLayer.kernel(weights, isTurned: !wide))
    }
    let outputs = population.shape.planes ?? (population.shape.count, 1, 1)
    members["shape"] = .array(
      [outputs.height, outputs.width, outputs.channels].map(JSON.integer))
    let offsets = try AkidaLayer.offsets(population, outputs.channels)
    members["offsets"] = AkidaLayer.numbers(offsets)
    try AkidaLayer.checkRange(program, index, offsets)
    let thresholds = try population.thresholds.perChannel(population, outputs.channels, "Akida 1")
    members["thresholds"] = AkidaLayer.numbers(thresholds)
    document = .object(members)
  }

  private static func checkWidths(
    _ program: SpikingProgram, _ index: Int, _ weights: IntegerWeights, isWide: Bool
  ) throws(PackError) {
    let limit: Int16 = isWide ? 127 : 7
    if let weight = weights.values.first(where: { $0.magnitude > limit.magnitude }) {
      throw PackError(
        .valueNotCarried, "a weight of \(weight) does not fit Akida 1, which takes ±\(limit) here",
        hint: RefusalAdvice.weights(program, index, in: -Int(limit)...Int(limit)))
    }
    guard isWide || index > 0 || inputBits(program) <= 4 else {
      throw PackError(
        .inputNotCarried,
        "Akida 1 takes inputs of 8 bits in a convolution of 1 or 3 channels alone",
        at: .layer(program.input.name), hint: "convert again with `--input-bits 4`")
    }
  }

  private static func isInputConvolution(
    _ connection: Connection, _ program: SpikingProgram
  ) -> Bool {
    guard case .convolution = connection.synapses else { return false }
    let channels = program.input.shape.planes?.channels ?? 0
    return inputBits(program) == 8 && [1, 3].contains(channels)
  }

  /// The mapper's own rules for the convolution of the input.
  private static func checkInputConvolution(
    _ weights: IntegerWeights, _ planes: (channels: Int, height: Int, width: Int),
    _ window: Window
  ) throws(PackError) {
    let size = "\(planes.height)×\(planes.width)"
    guard min(planes.height, planes.width) >= 5, planes.height >= window.kernel.y else {
      throw refused(
        "a convolution of an 8-bit input of \(size), of which its mapper takes none of fewer than 5 rows "
          + "or columns, nor of fewer rows than the kernel's \(window.kernel.y)")
    }
    guard weights.values.contains(where: { $0 != 0 }) else {
      throw refused("an input convolution of zeros alone, which its mapper does not take")
    }
  }

  /// [inputs, outputs], the inputs in Akida's order: channel, then column, then row.
  private static func dense(
    _ weights: IntegerWeights, _ planes: (channels: Int, height: Int, width: Int)
  ) -> [Int32] {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    let stored = weights.values
    var values: [Int32] = []
    for channel in 0..<planes.channels {
      for column in 0..<planes.width {
        for row in 0..<planes.height {
          let input = (channel * planes.height + row) * planes.width + column
          values += (0..<outputs).map { Int32(stored[$0 * inputs + input]) }
        }
      }
    }
    return values
  }

  /// [row, column, input channel, output channel].
  static func kernel(_ weights: IntegerWeights, isTurned: Bool) -> [Int32] {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    let (rows, columns) = (weights.shape[2], weights.shape[3])
    let stored = weights.values
    var values: [Int32] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let (y, x) = isTurned ? (rows - 1 - row, columns - 1 - column) : (row, column)
        for input in 0..<inputs {
          values += (0..<outputs).map {
            Int32(stored[(($0 * inputs + input) * rows + y) * columns + x])
          }
        }
      }
    }
    return values
  }

  /// `valid`, or `same` as TensorFlow pads: the smaller half in front.
  static func padding(
    _ window: Window, _ planes: (channels: Int, height: Int, width: Int), isInput: Bool,
    generation: Int = 1
  ) throws(PackError) -> String {
    let kernel = window.kernel.y
    let strides = isInput ? 1...3 : kernel == 3 ? 1...2 : 1...1
    guard window.kernel.x == kernel, window.stride.x == window.stride.y,
      [1, 3, 5, 7].contains(kernel), !isInput || kernel > 1, strides.contains(window.stride.y),
      window.dilation == Extent(y: 1, x: 1),
      let output = window.outputExtent(of: Extent(y: planes.height, x: planes.width))
    else {
      throw refused(
        "a kernel of \(window.kernel.y)×\(window.kernel.x) in steps of \(window.stride.y)",
        generation: generation)
    }
    func fits(_ size: Int, _ cells: Int, _ before: Int, same: Bool) -> Bool {
      let stride = window.stride.y
      guard same else { return before == 0 && cells == (size - kernel) / stride + 1 }
      let expected = (size + stride - 1) / stride
      let total = max(0, (expected - 1) * stride + kernel - size)
      return cells == expected && before == total / 2
    }
    // The chips map hidden convolutions of padding `same` alone, and small kernels fit both.
    for (name, same) in [("same", true), ("valid", false)]
    where (same || isInput) && fits(planes.height, output.y, window.padding.top, same: same)
      && fits(planes.width, output.x, window.padding.left, same: same)
    {
      return name
    }
    throw refused(
      "padding of \(window.padding.top) and \(window.padding.left) cells", generation: generation)
  }

  /// b + v₀ of each channel.
  static func offsets(
    _ population: Population, _ channels: Int, generation: Int = 1
  ) throws(PackError) -> [Int32] {
    let chip = "Akida \(generation)"
    let biases = try population.biases.perChannel(population, channels, chip)
    let initial = try population.initial.perChannel(population, channels, chip)
    return try zip(biases, initial).map { (bias, start) throws(PackError) in
      guard let sum = bias.adding(start) else {
        throw PackError(
          .valueNotCarried, "a bias of \(bias) and a membrane of \(start) do not fit \(chip)",
          hint: "convert again with `--bias-bits 16`")
      }
      return sum
    }
  }

  private static func checkRange(
    _ program: SpikingProgram, _ index: Int, _ offsets: [Int32]
  ) throws(PackError) {
    let reach = MembraneReach.bounds(program)[index]
    let offset = offsets.map { Int64($0.magnitude) }.max() ?? 0
    let threshold = Int64(program.populations[index].thresholds.values.max() ?? 0)
    let fires = program.populations[index].payloads != 0...0
    let largest = max(-reach.lowerBound, reach.upperBound, offset + (fires ? threshold : 0))
    guard largest <= Int64(largestPotential) else {
      throw PackError(
        .saturationNotCarried,
        "a potential or threshold could get to \(largest), Akida 1 holds \(largestPotential)",
        hint: RefusalAdvice.smaller(
          program, index, sum: largest, limit: Int64(largestPotential)))
    }
  }

  static func numbers(_ values: [Int32]) -> JSON {
    .array(values.map { .integer(Int($0)) })
  }
}
