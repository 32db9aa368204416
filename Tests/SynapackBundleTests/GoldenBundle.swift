import SynapackBundle
import SynapackPlace
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor

/// The bundles that `fixtures/bundles/v1` holds as files. Their numbers come from a fixed seed.
enum GoldenBundle {
  /// One dense layer, no placement and no vectors.
  static func minimal() throws -> Bundle {
    var bundle = try denseBundle(weights: [1, -2, 3, -4, 5, -6, 7, 0, -1, 2], bits: 4)
    bundle.origin = BundleOrigin(
      format: "onnx", digest: Digest(of: Array("model".utf8)).description)
    bundle.generator = "synapack golden"
    return bundle
  }

  /// The network of ``full(_:)`` without a placement, its readout of weights so small that a model
  /// makes the section of weights shorter too.
  static func modelled() throws -> Bundle {
    var program = try program()
    var random = SeededGenerator(seed: 2027)
    let shape = try Shape([5, 36])
    let weights = (0..<shape.count).map { _ in
      Int16(truncatingIfNeeded: Int(random.next() >> 33) % 5 - 2)
    }
    program.connections[4].synapses = .dense(IntegerWeights(shape: shape, values: weights))
    let simulator = try Simulator(program)
    return Bundle(
      program: program, conformance: try samples.map { try simulator.record($0) },
      origin: BundleOrigin(
        format: "onnx", digest: Digest(of: Array("model".utf8)).description),
      generator: "synapack golden")
  }

  private static let samples: [[Int32]] = [
    (0..<72).map { (index: Int32) -> Int32 in index % 16 },
    (0..<72).map { (index: Int32) -> Int32 in 15 - index * 7 % 16 },
  ]

  /// Convolution, relay, depthwise convolution, join, dense; every encoding of weights; IF, signed
  /// with memory and burst neurons, a leak; staggered; placed and with two vectors.
  static func full(_ place: (SpikingProgram) throws -> Placement) throws -> Bundle {
    let program = try program()
    let simulator = try Simulator(program)
    return Bundle(
      program: program, placement: try place(program),
      recipe: #"{"chip":"golden-mesh","method":"mmse","timesteps":6}"#,
      report: #"{"findings":[],"losses":[{"code":"SYN0301","measured":0.125}]}"#,
      conformance: try samples.map { try simulator.record($0) },
      preprocess: "scale=1/255,layout=nhwc",
      origin: BundleOrigin(
        format: "onnx", digest: Digest(of: Array("model".utf8)).description, producer: "pytorch",
        version: "2.5"),
      generator: "synapack golden")
  }

  /// So small that the program takes several cores.
  static func chip() throws -> Chip {
    try Chip(
      yaml: """
        id: golden-mesh
        name: Golden mesh
        kind: virtual
        mesh: {width: 4, height: 3}
        resources:
          - {name: neurons, scope: core, capacity: 48, demand: neurons, source: chosen}
          - {name: inbound axons, scope: core, capacity: 160, demand: in_axons, source: chosen}
          - name: synapse bytes
            scope: core
            capacity: 1024
            demand: ceil(synapse_bits / 8)
            source: chosen
        costs:
          E_route: {value: 1.7, source: chosen}
          E_wire: {value: 3.5, source: chosen}
          L_route: {value: 2.1, source: chosen}
          L_wire: {value: 5.3, source: chosen}
        """)
  }

  private static func program() throws -> SpikingProgram {
    var random = SeededGenerator(seed: 2026)
    func weights(_ dimensions: [Int], _ limit: Int, every step: Int = 1) throws -> IntegerWeights {
      let shape = try Shape(dimensions)
      let values = (0..<shape.count).map { index in
        let value = Int16(truncatingIfNeeded: Int(random.next() >> 33) % (2 * limit + 1) - limit)
        return index.isMultiple(of: step) ? value : 0
      }
      return IntegerWeights(shape: shape, values: values)
    }
    func population(
      _ name: String, _ dimensions: [Int], _ model: NeuronModel, _ thresholds: [Int32],
      _ biases: [Int32]
    ) throws -> Population {
      Population(
        name: name, shape: try Shape(dimensions), model: model,
        thresholds: Parameter(thresholds), biases: Parameter(biases), initial: Parameter([10]),
        membrane: Population.membraneRange(bits: 24), biasBits: 16)
    }
    let window = Window(
      kernel: Extent(y: 3, x: 3), padding: Edges(top: 1, left: 1, bottom: 1, right: 1))
    let single = Window(kernel: Extent(y: 1, x: 1))
    let pool = Window(kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 2))
    let program = SpikingProgram(
      timesteps: 6, schedule: .staggered(2),
      input: InputPort(
        name: "image", shape: try Shape([2, 6, 6]),
        encoding: .constantCurrent(bits: 4, signed: false, scale: 0.0625)),
      populations: [
        try population(
          "conv", [4, 6, 6],
          .integrateAndFire(FiringBehaviour(payloads: 0...1)), [60, 70, 80, 90], [0, 5, -5, 9]),
        try population(
          "depthwise", [4, 3, 3],
          .integrateAndFire(FiringBehaviour(payloads: -1...1, memory: true)), [25], [1]),
        try population(
          "join", [4, 3, 3],
          .integrateAndFire(FiringBehaviour(payloads: 0...3, reset: .zero, leakShift: 4)), [9],
          [0, 1, 2, 3]),
        try population("readout", [5], .integrator, [1], [3, -1, 0, 2, 4]),
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .convolution(try weights([4, 2, 3, 3], 7), window: window, groups: 1),
          weightBits: 4),
        Connection(
          source: .population(0), target: 1, relays: [pool],
          synapses: .convolution(
            try weights([4, 1, 3, 3], 127, every: 2), window: window, groups: 4),
          weightBits: 8),
        Connection(
          source: .population(0), target: 2, relays: [pool],
          synapses: .convolution(try weights([4, 1, 1, 1], 30), window: single, groups: 4),
          weightBits: 8),
        Connection(
          source: .population(1), target: 2,
          synapses: .convolution(try weights([4, 4, 1, 1], 15), window: single, groups: 1),
          weightBits: 5),
        Connection(
          source: .population(2), target: 3,
          synapses: .dense(try weights([5, 36], 2047, every: 15)), weightBits: 12),
      ], readout: Readout(population: 3, decoding: .membrane, unit: 0.001953125))
    try program.verify()
    return program
  }
}
