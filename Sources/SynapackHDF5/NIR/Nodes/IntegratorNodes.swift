internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// I and IF: membranes without leak, dv/dt = r · x.
///
///     I(x)                     → neuron without leak and threshold
///     IF(x), reset=subtract    → spike with the threshold θ/g, the value 1 and, in files of ours, a start
///     IF(x), reset=zero, value → neuron without leak
///
/// g: what a unit of input adds to the membrane a tick, as ``NIRReading`` says.
enum IntegratorNodes: NIRNodeFamily {
  static let lowerings = [
    NIRLowering("I", fields: ["r"]) { (context, builder) throws(PackError) in
      let shape = builder.shape(context.input)
      let gain = try gains(context, shape, builder.reading)
      let op = Neuron(
        decay: try builder.store(context.name + "/decay", [1]),
        gain: try builder.storeParameter(context.name + "/gain", gain, shape),
        drift: try builder.store(context.name + "/drift", [0]), threshold: nil, reset: .none,
        timesteps: 1)
      return try builder.add(context.name, .neuron(op), [context.input])
    },
    NIRLowering("IF", fields: ["r", "v_threshold", "v_reset"], body: fire),
  ]

  private static func gains(
    _ context: NIRNodeContext, _ shape: Shape, _ reading: NIRReading
  ) throws(PackError) -> [Float] {
    try context.parameter("r", shape).map { Float(Double($0) * reading.gain) }
  }

  @Sendable private static func fire(
    _ context: NIRNodeContext, _ builder: inout NIRGraphBuilder
  ) throws(PackError) -> WireID {
    let shape = builder.shape(context.input)
    let gain = try gains(context, shape, builder.reading)
    let theta = try context.parameter("v_threshold", shape)
    let reset = try context.reset(shape, &builder)
    guard reset == .subtract else {
      let op = Neuron(
        decay: try builder.store(context.name + "/decay", [1]),
        gain: try builder.storeParameter(context.name + "/gain", gain, shape),
        drift: try builder.store(context.name + "/drift", [0]),
        threshold: try builder.storeParameter(context.name + "/threshold", theta, shape),
        reset: reset, timesteps: 1)
      return try builder.add(context.name, .neuron(op), [context.input])
    }
    let count = max(gain.count, theta.count)
    let levels = (0..<count).map { index in
      theta[theta.count == 1 ? 0 : index] / gain[gain.count == 1 ? 0 : index]
    }
    guard levels.allSatisfy({ $0.isNormal && $0 > 0 }) else {
      throw context.unsupported(
        "a threshold over its gain is not above 0", hint: "check v_threshold and r")
    }
    let channels = Array(repeating: Float(1), count: max(1, shape.dimensions.first ?? 1))
    let starts = context.node.notes.starts ?? [0]
    guard starts.count == 1 || starts.count == shape.count else {
      throw context.wrongShape("\(starts.count) starts for neurons of \(shape)")
    }
    // In the unit of the levels.
    let initial = (0..<max(starts.count, gain.count)).map { index in
      starts[starts.count == 1 ? 0 : index] / gain[gain.count == 1 ? 0 : index]
    }
    let op = Spike(
      threshold: try builder.storeParameter(context.name + "/threshold", levels, shape),
      amplitude: try builder.store(context.name + "/amplitude", channels),
      initial: try builder.storeParameter(context.name + "/initial", initial, shape), lower: 0,
      upper: builder.reading.payload, timesteps: 1)
    return try builder.add(context.name, .spike(op), [context.input])
  }
}

extension NIRNodeContext {
  /// What a spike does to the membrane of this node.
  ///
  /// - Throws: `SYN0271` where the dialect contradicts a stated potential.
  func reset(
    _ shape: Shape, _ builder: inout NIRGraphBuilder
  ) throws(PackError) -> Neuron.Reset {
    let potentials =
      node.arrays["v_reset"] == nil ? [0] : try parameter("v_reset", shape)
    let isZero = potentials.allSatisfy { $0 == 0 }
    let reset = builder.reading.reset(of: node)
    switch reset {
    case .subtract, .zero:
      guard isZero else {
        throw NIRDialect.bad(
          "reset is \(reset.rawValue), but `\(name)` states a v_reset that is not 0")
      }
      guard reset == .zero else { return .subtract }
      return .value(try builder.store(name + "/reset", [0]))
    case .value:
      return .value(try builder.storeParameter(name + "/reset", potentials, shape))
    }
  }
}
