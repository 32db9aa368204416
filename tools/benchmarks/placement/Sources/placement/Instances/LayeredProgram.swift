internal import SynapackPlace
internal import SynapackProgram
internal import SynapackTensor

extension LayeredNetwork {
  /// The network as a program, so that the product places it: weights are zeros that take no memory,
  /// the first layer gets a current from the host.
  func program() throws -> SpikingProgram {
    var connections = [
      Connection(
        source: .input, target: 0,
        synapses: try convolution(
          channels: layers[0].channels, of: layers[0].channels, kernel: Extent(y: 1, x: 1),
          Input(layer: 0, kernel: 1, stride: 1, padding: 0, isDepthwise: true)),
        weightBits: 8)
    ]
    for (index, layer) in layers.enumerated() {
      for input in layer.inputs {
        connections.append(
          Connection(
            source: .population(input.layer), target: index, synapses: try synapses(layer, input),
            weightBits: 8))
      }
    }
    return SpikingProgram(
      timesteps: 1, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try shape(layers[0]),
        encoding: .constantCurrent(bits: 8, signed: false, scale: 1)),
      populations: try layers.enumerated().map { index, layer in
        Population(
          name: "layer\(index)", shape: try shape(layer),
          model: .integrateAndFire(FiringBehaviour(payloads: 0...1)), thresholds: Parameter([1]),
          biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 24), biasBits: 16)
      }, connections: connections,
      readout: Readout(population: layers.count - 1, decoding: .count, unit: 1))
  }

  /// For each layer the mean of its channels' rates.
  var meanRates: [Double] { rates.map { $0.reduce(0, +) / Double(max(1, $0.count)) } }

  private func shape(_ layer: Layer) throws -> Shape {
    try Shape([layer.channels, layer.height, layer.width])
  }

  private func synapses(_ layer: Layer, _ input: Input) throws -> Synapses {
    let source = layers[input.layer]
    guard layer.height * layer.width == 1, !input.isDepthwise else {
      return try convolution(
        channels: layer.channels, of: source.channels,
        kernel: Extent(y: input.kernel, x: input.kernel), input)
    }
    return .dense(try zeros([layer.channels, source.size]))
  }

  private func convolution(
    channels: Int, of sources: Int, kernel: Extent, _ input: Input
  ) throws -> Synapses {
    let padding = input.padding
    return .convolution(
      try zeros([channels, input.isDepthwise ? 1 : sources, kernel.y, kernel.x]),
      window: Window(
        kernel: kernel, stride: Extent(y: input.stride, x: input.stride),
        padding: Edges(top: padding, left: padding, bottom: padding, right: padding)),
      groups: input.isDepthwise ? channels : 1)
  }

  private func zeros(_ dimensions: [Int]) throws -> IntegerWeights {
    let shape = try Shape(dimensions)
    return IntegerWeights(shape: shape, source: Zeros(count: shape.count))
  }

  /// Placement looks at shapes alone.
  private final class Zeros: WeightSource {
    let count: Int
    let isIntact = true
    init(count: Int) { self.count = count }
    var summary: WeightSummary { WeightSummary(values(), channels: 1) }
    func values() -> [Int16] { Array(repeating: 0, count: count) }
  }
}

extension VirtualChip {
  /// The same as a chip file.
  func chip() throws -> Chip {
    func cost(_ name: String, _ value: Double) -> String {
      "  \(name): {value: \(value), source: as the virtual chip}\n"
    }
    return try Chip(
      yaml: """
        id: \(name)
        name: \(name)
        kind: virtual
        mesh: {width: \(geometry.columns), height: \(geometry.rows)}
        resources:
          - {name: neurons, scope: core, capacity: \(neurons), demand: neurons, source: as the virtual chip}
          - {name: inbound axons, scope: core, capacity: \(inboundAxons), demand: in_axons, source: as the virtual chip}
        costs:

        """ + cost("E_route", constants.energyRoute) + cost("E_wire", constants.energyWire)
          + cost("L_route", constants.latencyRoute) + cost("L_wire", constants.latencyWire))
  }
}
