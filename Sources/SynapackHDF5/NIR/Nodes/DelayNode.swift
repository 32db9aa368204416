internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Delay: values that arrive later, by a time that must be whole ticks.
///
///     Delay(x) → delay by delay/dt ticks
enum DelayNode: NIRNodeFamily {
  static let lowerings = [
    NIRLowering("Delay", fields: ["delay"]) { (context, builder) throws(PackError) in
      let shape = builder.shape(context.input)
      let step = builder.reading.stepInFile
      var ticks: [Float] = []
      for time in try context.parameter("delay", shape) {
        let exact = Double(time) / step
        let whole = exact.rounded()
        // Times come as float32, which rounds them to about seven digits.
        guard exact >= 0, exact < 0x1p24, abs(exact - whole) <= 1e-5 * max(1, exact) else {
          throw context.unsupported(
            "a delay is \(time), which is \(exact) ticks of \(step)",
            hint: "state the time step with --dialect dt=…,tau=…")
        }
        ticks.append(Float(whole))
      }
      let op = Delay(
        ticks: try builder.storeParameter(context.name + "/ticks", ticks, shape))
      return try builder.add(context.name, .delay(op), [context.input])
    }
  ]
}
