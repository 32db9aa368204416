internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// LI and LIF: leaky membranes, τ · dv/dt = (v_leak − v) + r · x.
///
///     LI(x)  → neuron without threshold
///     LIF(x) → neuron
enum LeakyNodes: NIRNodeFamily {
  static let lowerings = [
    NIRLowering("LI", fields: ["tau", "r", "v_leak"]) { (context, builder) throws(PackError) in
      try lower(context, &builder, fires: false)
    },
    NIRLowering("LIF", fields: ["tau", "r", "v_leak", "v_threshold", "v_reset"]) {
      (context, builder) throws(PackError) in try lower(context, &builder, fires: true)
    },
  ]

  private static func lower(
    _ context: NIRNodeContext, _ builder: inout NIRGraphBuilder, fires: Bool
  ) throws(PackError) -> WireID {
    let membrane = try context.membrane("tau", &builder)
    return try context.neuron(membrane, synapse: nil, fires: fires, &builder)
  }
}

/// The weights of a leaky membrane.
struct NIRMembrane {
  let decay: String
  let gain: String
  let drift: String
}

extension NIRNodeContext {
  /// What a tick leaves of a quantity with a time constant, one value a neuron.
  ///
  ///     euler:        1 − dt/τ
  ///     exponential:  exp(−dt/τ)
  ///
  /// - Throws: `SYN0206` where a time constant is not positive or, for euler, below the time step.
  func decays(
    _ field: String, _ shape: Shape, _ reading: NIRReading
  ) throws(PackError) -> [Float] {
    var decays: [Float] = []
    for tau in try parameter(field, shape) {
      let ratio = reading.stepInFile / Double(tau)
      guard tau > 0, reading.integration == .exponential || ratio <= 1.000001 else {
        throw unsupported(
          "`\(field)` is \(tau) with ticks of \(reading.stepInFile)",
          hint: "state the time step and unit with --dialect dt=…,tau=…")
      }
      decays.append(
        reading.integration == .euler ? Float(max(0, 1 - ratio)) : NIRDecay.exponential(ratio))
    }
    return decays
  }

  /// γ, δ = (1 − γ)·r and ε = (1 − γ)·v_leak.
  func membrane(
    _ tau: String, _ builder: inout NIRGraphBuilder
  ) throws(PackError) -> NIRMembrane {
    let shape = builder.shape(input)
    let decays = try decays(tau, shape, builder.reading)
    func weighted(_ values: [Float]) -> [Float] {
      (0..<max(values.count, decays.count)).map { index in
        (1 - decays[decays.count == 1 ? 0 : index]) * values[values.count == 1 ? 0 : index]
      }
    }
    let gain = weighted(try parameter("r", shape))
    let drift = weighted(try parameter("v_leak", shape))
    return NIRMembrane(
      decay: try builder.storeParameter(name + "/decay", decays, shape),
      gain: try builder.storeParameter(name + "/gain", gain, shape),
      drift: try builder.storeParameter(name + "/drift", drift, shape))
  }

  func neuron(
    _ membrane: NIRMembrane, synapse: Neuron.Synapse?, fires: Bool,
    _ builder: inout NIRGraphBuilder
  ) throws(PackError) -> WireID {
    var op = Neuron(
      synapse: synapse, decay: membrane.decay, gain: membrane.gain, drift: membrane.drift,
      threshold: nil, reset: .none, timesteps: 1)
    if fires {
      let shape = builder.shape(input)
      op.threshold = try builder.storeParameter(
        name + "/threshold", parameter("v_threshold", shape), shape)
      op.reset = try reset(shape, &builder)
    }
    return try builder.add(name, .neuron(op), [input])
  }
}
