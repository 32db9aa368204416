internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One layer as the registers of a core, named as samna names them.
struct SpeckLayer {
  let document: JSON

  init(
    _ program: SpikingProgram, _ index: Int, _ cores: [Int], _ target: String
  ) throws(PackError) {
    let population = program.populations[index]
    let incoming = program.incoming(index)
    let expected: Source = index == 0 ? .input : .population(index - 1)
    guard incoming.count == 1, let connection = incoming.first, connection.source == expected,
      let source = program.shape(of: connection.source).planes
    else { throw SpeckLayer.refused("the layer does not hear the one before it alone", target) }
    let pooled = try SpeckLayer.pooled(
      connection.relays, Extent(y: source.height, x: source.width), index, target)
    let kernel = try SpeckKernel(connection.synapses, source.channels, pooled.extent, target)
    let outputs =
      population.shape.rank == 1
      ? (channels: population.shape.count, height: 1, width: 1)
      : population.shape.planes ?? (population.shape.count, 1, 1)
    let biases = try population.biases.perChannel(population, outputs.channels, target)
    let starts = population.initial.expanded(to: population.shape)
    var reset = Reset.subtract
    if case .integrateAndFire(let behaviour) = population.model { reset = behaviour.reset }
    document = .object([
      "dimensions": .object([
        "input_shape": SpeckLayer.planes(source.channels, pooled.extent),
        "output_shape": SpeckLayer.planes(
          outputs.channels, Extent(y: outputs.height, x: outputs.width)),
        "kernel_size": .integer(kernel.size), "padding": SpeckLayer.pair(kernel.padding),
        "stride": SpeckLayer.pair(kernel.stride),
      ]),
      "weights": kernel.weights,
      "biases": .array(biases.map { .integer(Int($0)) }),
      "leak_enable": .bool(biases.contains { $0 != 0 }),
      "leak_internal_slow_clk_enable": .bool(biases.contains { $0 != 0 }),
      "return_to_zero": .bool(reset == .zero),
      "threshold_high": .integer(Int(population.thresholds.values[0])),
      // Zero does not work on the chip.
      "threshold_low": .integer(-1 << 15), "monitor_enable": .bool(false),
      "neurons_initial_value": .array(
        (0..<outputs.channels).map { channel in
          .array(
            (0..<outputs.width).map { x in
              .array(
                (0..<outputs.height).map { y in
                  .integer(Int(starts[(channel * outputs.height + y) * outputs.width + x]))
                })
            })
        }),
      "destinations": .array([
        .object([
          "layer": .integer(index + 1 < cores.count ? cores[index + 1] : SpeckLayer.readout),
          "enable": .bool(true),
          "pooling": .integer(try SpeckLayer.pooling(program, index, target)),
        ])
      ]),
    ])
  }

  /// The destination that stands for the readout.
  private static let readout = 12

  static func refused(_ message: String, _ target: String) -> PackError {
    AxonChain.refused(message, target)
  }

  private static func pair(_ extent: Extent) -> JSON {
    .object(["x": .integer(extent.x), "y": .integer(extent.y)])
  }

  private static func planes(_ channels: Int, _ extent: Extent) -> JSON {
    .object(["feature_count": .integer(channels), "size": pair(extent)])
  }

  /// What is left of a plane after the sum-pooling of its core.
  private static func pooled(
    _ relays: [Window], _ extent: Extent, _ index: Int, _ target: String
  ) throws(PackError) -> (extent: Extent, factor: Int) {
    guard let relay = relays.first else { return (extent, 1) }
    guard index > 0, relays.count == 1, relay.kernel.x == relay.kernel.y,
      relay.stride == relay.kernel, [1, 2, 4].contains(relay.kernel.y), relay.padding == Edges(),
      let output = relay.outputExtent(of: extent)
    else { throw refused("its pooling is not of 2×2 or 4×4 cells behind a layer", target) }
    return (output, relay.kernel.y)
  }

  private static func pooling(
    _ program: SpikingProgram, _ index: Int, _ target: String
  ) throws(PackError) -> Int {
    guard index + 1 < program.populations.count,
      let next = program.incoming(index + 1).first,
      let planes = program.populations[index].shape.planes
    else { return 1 }
    return try pooled(
      next.relays, Extent(y: planes.height, x: planes.width), index + 1, target
    ).factor
  }

  static func checkRange(
    _ program: SpikingProgram, _ index: Int, _ target: String
  ) throws(PackError) {
    let reach = MembraneReach.bounds(program)[index]
    guard reach.lowerBound >= Int64(Int16.min), reach.upperBound <= Int64(Int16.max) else {
      throw PackError(
        .saturationNotCarried,
        "a membrane could get to \(reach.lowerBound)…\(reach.upperBound), \(target) has 16 bits",
        hint: RefusalAdvice.smaller(
          program, index, sum: max(-reach.lowerBound, reach.upperBound), limit: Int64(Int16.max)))
    }
  }
}

/// A square kernel [output, input, x, y], a dense map as one over its whole input.
struct SpeckKernel {
  let size: Int
  let padding: Extent
  let stride: Extent
  let weights: JSON

  init(
    _ synapses: Synapses, _ channels: Int, _ extent: Extent, _ target: String
  ) throws(PackError) {
    let values = synapses.weights.values
    let outputs = synapses.weights.shape[0]
    switch synapses {
    case .dense:
      guard extent.x == extent.y else {
        throw SpeckLayer.refused("a dense layer hears planes that are not square", target)
      }
      size = extent.y
      padding = Extent(y: 0, x: 0)
      stride = Extent(y: 1, x: 1)
    case .convolution(_, let window, let groups):
      guard groups == 1, window.kernel.x == window.kernel.y,
        window.dilation == Extent(y: 1, x: 1), window.isEven(over: extent)
      else {
        throw SpeckLayer.refused(
          "a kernel is grouped, dilated, not square or padded unevenly", target)
      }
      size = window.kernel.y
      padding = Extent(y: window.padding.top, x: window.padding.left)
      stride = window.stride
    }
    let side = size
    weights = .array(
      (0..<outputs).map { output in
        .array(
          (0..<channels).map { channel in
            .array(
              (0..<side).map { x in
                .array(
                  (0..<side).map { y in
                    .integer(Int(values[((output * channels + channel) * side + y) * side + x]))
                  })
              })
          })
      })
  }
}
