internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Scale: a factor for each value.
///
///     Scale(x) → scale where all factors agree, else a neuron that keeps nothing: y = s · x
enum ScaleNode: NIRNodeFamily {
  static let lowerings = [
    NIRLowering("Scale", fields: ["scale"]) { (context, builder) throws(PackError) in
      let shape = builder.shape(context.input)
      let factors = try context.parameter("scale", shape)
      if let first = factors.first, factors.allSatisfy({ $0 == first }) {
        return try builder.add(context.name, .scale(Scale(factor: first)), [context.input])
      }
      let op = Neuron(
        decay: try builder.store(context.name + "/decay", [0]),
        gain: try builder.storeParameter(context.name + "/scale", factors, shape),
        drift: try builder.store(context.name + "/drift", [0]), threshold: nil, reset: .none,
        timesteps: 1)
      return try builder.add(context.name, .neuron(op), [context.input])
    }
  ]
}
