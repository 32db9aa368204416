internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Dense, over the last axis.
///
///     Dense(vector)          → linear; rows stand in the order of the wire
///     Dense(planes)          → convolution with a kernel of one cell
///     Dense(rows and others) → linear over the last axis
enum DenseLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering(
      "Dense", keys: ["units", "use_bias", "activation"],
      harmless: KerasLowering.training(of: "kernel", "bias"), body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    var input = context.input
    guard let width = input.shape.last else {
      throw context.wrongShape("takes no single number")
    }
    let units = try context.config.sizes("units", 1)[0]
    let hasBias = try context.config.flag("use_bias", default: true)
    let variables = try context.variables(hasBias ? ["kernel", "bias"] : ["kernel"], &builder)
    let kernel = try context.variable("kernel", of: variables, shape: [width, units])
    let bias =
      hasBias
      ? builder.store(try context.variable("bias", of: variables, shape: [units])) : nil
    let wire: WireID
    if input.layout == .channelsFirst, input.shape.count <= 3 {
      let name = try builder.store(kernel, form: "one cell", [units, width, 1, 1]) {
        permuted($0, [width, units], [1, 0])
      }
      let op = Convolution(
        weight: name, bias: bias, window: .init(kernel: .init(y: 1, x: 1)))
      wire = try builder.add(context.name, .convolution(op), [input.wire])
    } else {
      if input.layout == .channelsFirst {
        input = try builder.rowMajor(input, name: context.name + ".input")
      }
      let name = try matrix(kernel, width, units, input.layout, &builder)
      wire = try builder.add(
        context.name, .linear(Linear(weight: name, bias: bias)), [input.wire])
    }
    let layout: KerasTensor.Layout = input.layout == .channelsFirst ? .channelsFirst : .rowMajor
    let result = KerasTensor(
      wire: wire, shape: input.shape.dropLast() + [units], layout: layout)
    return try KerasActivation.apply("activation", context, to: result, &builder)
  }

  /// The weights [O, I] with the inputs in the order of the wire.
  private static func matrix(
    _ kernel: KerasVariable, _ width: Int, _ units: Int, _ layout: KerasTensor.Layout,
    _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> String {
    guard case .flattened(let segments) = layout else {
      return try builder.store(kernel, form: "transposed", [units, width]) {
        permuted($0, [width, units], [1, 0])
      }
    }
    return try builder.store(kernel, form: "transposed \(segments)", [units, width]) { values in
      let order = KerasTensor.Layout.order(segments)
      var result: [Float] = []
      result.reserveCapacity(values.count)
      for unit in 0..<units {
        for row in order { result.append(values[row * units + unit]) }
      }
      return result
    }
  }
}
