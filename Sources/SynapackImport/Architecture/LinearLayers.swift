internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Layers of weights: what the tensors' shapes say is never stated again.
///
///     - convolution: PREFIX    weight [O, I/groups, k] or [O, I/groups, k, k], bias [O] if present
///     - linear: PREFIX         weight [O, I], bias [O] if present
///
/// `bias: required` makes an absent bias an error.
enum LinearLayers: ArchitectureLayerFamily {
  static let layers = [
    ArchitectureLayer(
      "convolution", keys: ["weight", "bias", "stride", "padding", "dilation", "groups"],
      convolution),
    ArchitectureLayer("linear", keys: ["weight", "bias", "transposed"], linear),
  ]

  @Sendable private static func convolution(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let input = builder.shape(wire)
    let name = try context.tensorName("weight", "weight")
    let kernel = try builder.take(name).shape
    guard (3...4).contains(kernel.rank), kernel.count > 0, input.rank == kernel.rank - 1 else {
      throw builder.misshapen(
        name, "it is \(kernel), which is no kernel over an input of \(input)")
    }
    let groups =
      try context.options["groups"].map { (node) throws(PackError) in
        try context.integer(node, "groups", in: 1...(1 << 20))
      } ?? input[0] / kernel[1]
    guard groups > 0, kernel[1].times(groups) == input[0], kernel[0] % groups == 0 else {
      throw builder.misshapen(
        name, "it is \(kernel), which does not fit \(input[0]) channels in \(groups) groups")
    }
    let isPlane = kernel.rank == 4
    let cells = Extent(y: isPlane ? kernel[2] : 1, x: kernel[kernel.rank - 1])
    let window = try window(context, kernel: cells, isPlane: isPlane)
    guard
      window.outputExtent(of: Extent(y: isPlane ? input[1] : 1, x: input[input.rank - 1])) != nil
    else { throw builder.misshapen(name, "the kernel \(kernel) does not fit an input of \(input)") }
    let shape = try Shape([kernel[0], kernel[1], cells.y, cells.x])
    let op = Convolution(
      weight: try builder.weight(name, as: shape == kernel ? nil : shape),
      bias: try bias(context, kernel[0], &builder), window: window, groups: groups)
    return try builder.network.add(context.name, .convolution(op), [wire])
  }

  private static func window(
    _ context: LayerContext, kernel: Extent, isPlane: Bool
  ) throws(PackError) -> Window {
    let one = Extent(y: 1, x: 1)
    let sizes = 1...(1 << 20)
    var stride = try context.extent(context.options["stride"], "stride", default: one, in: sizes)
    var dilation = try context.extent(
      context.options["dilation"], "dilation", default: one, in: sizes)
    if !isPlane {
      stride.y = 1
      dilation.y = 1
    }
    var padding: Extent
    if context.options["padding"]?.text == "same" {
      let span = Extent(y: dilation.y * (kernel.y - 1), x: dilation.x * (kernel.x - 1))
      guard span.y % 2 == 0, span.x % 2 == 0 else {
        throw context.refusal("`padding: same` takes kernels of odd size")
      }
      padding = Extent(y: span.y / 2, x: span.x / 2)
    } else {
      padding = try context.extent(
        context.options["padding"], "padding", default: Extent(y: 0, x: 0), in: 0...(1 << 20))
    }
    if !isPlane { padding.y = 0 }
    return Window(
      kernel: kernel, stride: stride, dilation: dilation,
      padding: Edges(top: padding.y, left: padding.x, bottom: padding.y, right: padding.x))
  }

  /// The bias of a layer where the file has one, or must have one.
  private static func bias(
    _ context: LayerContext, _ count: Int, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> String? {
    let isRequired = context.options["bias"]?.text == "required"
    guard context.options["bias"] != nil || context.value.text != nil else {
      builder.note(bias: nil, of: context)
      return nil
    }
    let name =
      isRequired ? try context.ownTensorName("bias") : try context.tensorName("bias", "bias")
    let isPresent = context.options["bias"] != nil || builder.has(name)
    builder.note(bias: isPresent ? name : nil, of: context)
    return isPresent ? try builder.vector(name, count: count) : nil
  }

  @Sendable private static func linear(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let input = builder.shape(wire)
    let name = try context.tensorName("weight", "weight")
    let matrix = try builder.take(name).shape
    let isTransposed = try context.flag("transposed", default: false)
    guard matrix.rank == 2, matrix.count > 0, let width = input.dimensions.last,
      matrix[isTransposed ? 0 : 1] == width
    else {
      throw builder.misshapen(name, "it is \(matrix), which does not fit an input of \(input)")
    }
    let weight =
      isTransposed ? try transposed(name, matrix, &builder) : try builder.weight(name)
    let op = Linear(
      weight: weight, bias: try bias(context, matrix[isTransposed ? 1 : 0], &builder))
    return try builder.network.add(context.name, .linear(op), [wire])
  }

  /// Stores a matrix [I, O] as [O, I].
  private static func transposed(
    _ name: String, _ matrix: Shape, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> String {
    let values = try builder.take(name).floats()
    let (inputs, outputs) = (matrix[0], matrix[1])
    var turned: [Float] = []
    turned.reserveCapacity(values.count)
    for output in 0..<outputs {
      for input in 0..<inputs { turned.append(values[input * outputs + output]) }
    }
    builder.network.store(try Tensor(shape: Shape([outputs, inputs]), floats: turned), as: name)
    return name
  }
}
