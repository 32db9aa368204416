internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Turns a model's configuration and weights into a graph, layer by layer.
struct KerasGraphReader {
  private let model: KerasModel
  private var builder: KerasGraphBuilder
  /// Layers that were left out, in the order in which they were met.
  private var dropped: [String] = []
  private var droppedNames: Set<String> = []
  /// Layers visited so far, each time anew: models inside may be called many times over.
  private var visits = 0

  private static let largestVisitCount = 1 << 20

  init(
    _ package: KerasPackage, digest: Digest, fileBytes: Int, readsWeights: Bool = true
  ) throws(PackError) {
    try KerasSafety.check(package.model)
    model = try KerasModelReader.model(package.model)
    let classes = KerasGraphReader.classes(model)
    try KerasGraphReader.checkClasses(classes)
    let producer = ["keras", package.version, package.backend].filter { !$0.isEmpty }
    let major = package.version.prefix { $0 != "." }
    builder = KerasGraphBuilder(
      origin: Origin(
        format: KerasImporter.format.id, digest: digest,
        producer: producer.joined(separator: " "), version: package.version),
      majorVersion: Int(major) ?? 2, hasLines: classes.contains { $0.hasSuffix("1D") },
      weights: package.weights, fileBytes: fileBytes, readsWeights: readsWeights)
  }

  /// The classes of all layers, those of inner models too, each once, ascending.
  private static func classes(_ model: KerasModel) -> [String] {
    var found: Set<String> = []
    var open = [model]
    while let next = open.popLast() {
      for layer in next.layers {
        if let inner = layer.model { open.append(inner) } else { found.insert(layer.className) }
      }
    }
    return found.sorted()
  }

  /// - Throws: `SYN0204` with the whole list of layers that are not known.
  private static func checkClasses(_ classes: [String]) throws(PackError) {
    let unknown = classes.filter { $0 != "InputLayer" && kerasLowerings[$0] == nil }
    guard unknown.isEmpty else {
      throw PackError(
        .unsupportedOperators,
        "layers that are not supported: " + unknown.joined(separator: ", "),
        hint: "replace them by layers that `synapack formats` lists")
    }
  }

  mutating func graph(_ report: inout Report) throws(PackError) -> Graph<Analog> {
    var values: [KerasTensor] = []
    for (name, shape) in try KerasInputs.of(model) {
      values.append(
        try within(.layer(name)) { () throws(PackError) in try builder.addInput(name, shape) })
    }
    let outputs = try run(model, values, prefix: "")
    for (index, output) in outputs.enumerated() {
      let name = outputs.count == 1 ? "output" : "output.\(index)"
      try builder.addOutput(output, name: name)
    }
    note(&report)
    return try Graph(verifying: builder.draft)
  }

  private func note(_ report: inout Report) {
    if !dropped.isEmpty {
      report.add(
        Finding(
          .trainingLayer, .note,
          "left out as they act in training alone: " + dropped.joined(separator: ", ")))
    }
    let others = KerasPrecision.others(model)
    if !others.isEmpty {
      report.add(
        Finding(
          .otherPrecision, .warning,
          "layers that compute as \(others.joined(separator: ", ")) are computed in float32"))
    }
  }

  /// The outputs of a model for its inputs. Calls itself for inner models, as deep as the JSON.
  private mutating func run(
    _ model: KerasModel, _ inputs: [KerasTensor], prefix: String
  ) throws(PackError) -> [KerasTensor] {
    visits += model.layers.count + 1
    guard visits <= KerasGraphReader.largestVisitCount else {
      throw PackError(
        .modelTooLarge, "the model has more than 2²⁰ layers once its inner models are laid out",
        hint: "do not trust this file")
    }
    guard !model.isSequential else {
      var values = inputs
      for layer in model.layers where layer.className != "InputLayer" {
        values = try call(layer, values, prefix: prefix)
      }
      return values
    }
    guard model.inputs.count == inputs.count else {
      throw KerasModelReader.malformed(
        "the model `\(model.name)` takes \(model.inputs.count) inputs, not \(inputs.count)")
    }
    var values: [KerasReference: KerasTensor] = [:]
    for (reference, value) in zip(model.inputs, inputs) { values[reference] = value }
    for step in try KerasSchedule.steps(model) {
      var arguments: [KerasTensor] = []
      for reference in step.inputs {
        guard let value = values[reference] else { throw KerasSchedule.missing(reference) }
        arguments.append(value)
      }
      let results = try call(step.layer, arguments, prefix: prefix)
      for (index, result) in results.enumerated() {
        let reference = KerasReference(layer: step.layer.name, node: step.node, tensor: index)
        values[reference] = result
      }
    }
    var outputs: [KerasTensor] = []
    for reference in model.outputs {
      guard let value = values[reference] else { throw KerasSchedule.missing(reference) }
      outputs.append(value)
    }
    return outputs
  }

  private mutating func call(
    _ layer: KerasLayer, _ inputs: [KerasTensor], prefix: String
  ) throws(PackError) -> [KerasTensor] {
    let name = prefix + layer.name
    if let inner = layer.model { return try run(inner, inputs, prefix: name + "/") }
    guard let lowering = kerasLowerings[layer.className] else {
      throw PackError(
        .unsupportedOperators, "the layer \(layer.className) is not supported",
        at: .layer(name), hint: "replace it in the source model")
    }
    if lowering.isTrainingOnly, droppedNames.insert(name).inserted { dropped.append(name) }
    let context = KerasLayerContext(layer: layer, name: name, inputs: inputs)
    do {
      try context.check(lowering)
      return [try lowering.body(context, &builder)]
    } catch {
      throw error.at(.layer(name))
    }
  }
}
