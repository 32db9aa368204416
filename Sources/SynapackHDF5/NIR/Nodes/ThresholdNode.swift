internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Threshold: 1 where the value is above, else 0.
///
///     Threshold(x) → neuron that keeps nothing
enum ThresholdNode: NIRNodeFamily {
  static let lowerings = [
    NIRLowering("Threshold", fields: ["threshold"]) { (context, builder) throws(PackError) in
      let shape = builder.shape(context.input)
      let levels = try context.parameter("threshold", shape)
      let op = Neuron(
        decay: try builder.store(context.name + "/decay", [0]),
        gain: try builder.store(context.name + "/gain", [1]),
        drift: try builder.store(context.name + "/drift", [0]),
        threshold: try builder.storeParameter(context.name + "/threshold", levels, shape),
        reset: .none, timesteps: 1)
      return try builder.add(context.name, .neuron(op), [context.input])
    }
  ]
}
