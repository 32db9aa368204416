internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A layer at one of its calls, as its lowering sees it.
struct KerasLayerContext {
  let layer: KerasLayer
  /// The layer's name with those of the models around it.
  let name: String
  let inputs: [KerasTensor]

  var config: KerasConfig { layer.config }

  /// The one value that the layer takes.
  var input: KerasTensor { inputs[0] }

  /// Checks what all layers have in common.
  ///
  /// - Throws: `SYN0206` for a key that nothing reads and for a layout that Keras cannot run on a
  ///   processor; `SYN0209` for a wrong number of inputs.
  func check(_ lowering: KerasLowering) throws(PackError) {
    let known = lowering.keys.union(lowering.harmless).union(KerasLowering.common)
    for key in config.values.keys.sorted() where config[key] != nil {
      guard known.contains(key) else {
        throw unsupported(
          "`\(key)` is \((config[key] ?? .null).excerpt), which nothing here understands",
          hint: "leave it at its default in the source model")
      }
    }
    guard lowering.inputs.contains(inputs.count) else {
      throw PackError(
        .malformedGraph, "\(layer.className) is called with \(inputs.count) values",
        hint: "save the model again")
    }
    let format = try config.text("data_format", default: "channels_last")
    guard format == "channels_last" else {
      throw unsupported("`data_format` is `\(format)`", hint: "build the model channels last")
    }
  }

  /// The input channels first, for a layer over `axes` spatial axes.
  func planes(
    _ axes: Int, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    guard input.shape.count == axes + 1 else {
      throw wrongShape("takes \(axes) axes and channels, not \(input.shape)")
    }
    return try builder.channelsFirst(input, name: name + ".input")
  }

  /// The variables that the layer has, by name.
  func variables(
    _ names: [String], _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> [String: KerasVariable] {
    try builder.variables(layer, names)
  }

  func unsupported(_ message: String, hint: String) -> PackError {
    config.unsupported(message, hint: hint)
  }

  func wrongShape(_ message: String) -> PackError {
    PackError(
      .wrongShape, "\(layer.className) \(message)", hint: "check this layer in the source model")
  }

  /// A variable of that name whose shape must be `shape`.
  func variable(
    _ name: String, of variables: [String: KerasVariable], shape: [Int]
  ) throws(PackError) -> KerasVariable {
    guard let variable = variables[name] else {
      throw PackError(
        .missingWeight, "the variable `\(name)` is not in the file", at: .layer(layer.name),
        hint: "save the model again with its weights")
    }
    guard variable.tensor.shape.dimensions == shape else {
      throw wrongShape("has `\(name)` of the shape \(variable.tensor.shape) instead of \(shape)")
    }
    return variable
  }
}
