internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// CubaLI and CubaLIF: leaky membranes behind a synapse that filters.
///
///     τ_syn · di/dt = −i + w_in · x;   τ_mem · dv/dt = (v_leak − v) + r · i
///
///     CubaLI(x)  → neuron with a synapse, without threshold
///     CubaLIF(x) → neuron with a synapse
///
/// The membrane takes the current of the same tick.
enum CurrentNodes: NIRNodeFamily {
  private static let fields: Set<String> = ["tau_syn", "tau_mem", "r", "v_leak", "w_in"]

  static let lowerings = [
    NIRLowering("CubaLI", fields: fields) { (context, builder) throws(PackError) in
      try lower(context, &builder, fires: false)
    },
    NIRLowering("CubaLIF", fields: fields.union(["v_threshold", "v_reset"])) {
      (context, builder) throws(PackError) in try lower(context, &builder, fires: true)
    },
  ]

  private static func lower(
    _ context: NIRNodeContext, _ builder: inout NIRGraphBuilder, fires: Bool
  ) throws(PackError) -> WireID {
    let shape = builder.shape(context.input)
    let decays = try context.decays("tau_syn", shape, builder.reading)
    let weights =
      context.node.arrays["w_in"] == nil ? [1] : try context.parameter("w_in", shape)
    let gains = (0..<max(decays.count, weights.count)).map { index in
      (1 - decays[decays.count == 1 ? 0 : index]) * weights[weights.count == 1 ? 0 : index]
    }
    let synapse = Neuron.Synapse(
      decay: try builder.storeParameter(context.name + "/synapseDecay", decays, shape),
      gain: try builder.storeParameter(context.name + "/synapseGain", gains, shape))
    let membrane = try context.membrane("tau_mem", &builder)
    return try context.neuron(membrane, synapse: synapse, fires: fires, &builder)
  }
}
