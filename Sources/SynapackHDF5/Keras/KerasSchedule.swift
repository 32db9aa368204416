internal import SynapackSupport

/// The calls of a functional model in an order in which each finds its inputs computed.
struct KerasSchedule {
  struct Step {
    let layer: KerasLayer
    /// The number by which other layers refer to the call.
    let node: Int
    let inputs: [KerasReference]
  }

  private struct Key: Hashable {
    let layer: String
    let node: Int
  }

  private static let largestCallCount = 1 << 17

  private var steps: [Step] = []
  private var places: [Key: Int] = [:]
  /// What is there from the beginning: the inputs.
  private let computed: Set<Key>

  /// - Throws: `SYN0209` where calls wait for one another or for what is not there.
  static func steps(_ model: KerasModel) throws(PackError) -> [Step] {
    try KerasSchedule(model).ordered()
  }

  private init(_ model: KerasModel) throws(PackError) {
    computed = Set(model.inputs.map { Key(layer: $0.layer, node: $0.node) })
    let largest = KerasSchedule.largestNodes(model)
    for layer in model.layers {
      // A model inside comes with a call of its own, which is not listed but may be counted.
      let isCounted = layer.model != nil && largest[layer.name] == layer.calls.count
      for (index, inputs) in layer.calls.enumerated() {
        let key = Key(layer: layer.name, node: isCounted ? index + 1 : index)
        guard places[key] == nil, !computed.contains(key),
          steps.count < KerasSchedule.largestCallCount
        else {
          throw KerasSchedule.malformed(
            "two layers are called `\(layer.name)`, or there are too many calls")
        }
        places[key] = steps.count
        steps.append(Step(layer: layer, node: key.node, inputs: inputs))
      }
    }
  }

  /// The largest number of a call of each layer that anything refers to.
  private static func largestNodes(_ model: KerasModel) -> [String: Int] {
    var largest: [String: Int] = [:]
    for reference in model.layers.flatMap({ $0.calls.joined() }) + model.outputs {
      largest[reference.layer] = max(reference.node, largest[reference.layer] ?? 0)
    }
    return largest
  }

  /// Takes the calls whose inputs are there, first come, first served.
  private func ordered() throws(PackError) -> [Step] {
    var waiting = steps.map { _ in 0 }
    var readers: [Int: [Int]] = [:]
    for (index, step) in steps.enumerated() {
      for reference in step.inputs {
        let key = Key(layer: reference.layer, node: reference.node)
        if computed.contains(key) { continue }
        guard let place = places[key] else { throw KerasSchedule.missing(reference) }
        waiting[index] += 1
        readers[place, default: []].append(index)
      }
    }
    var order = steps.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for reader in readers[order[next]] ?? [] {
        waiting[reader] -= 1
        if waiting[reader] == 0 { order.append(reader) }
      }
      next += 1
    }
    guard order.count == steps.count else {
      let first = steps.indices.first { waiting[$0] > 0 } ?? 0
      throw KerasSchedule.malformed(
        "the layer `\(steps[first].layer.name)` waits for its own output")
    }
    return order.map { steps[$0] }
  }

  static func missing(_ reference: KerasReference) -> PackError {
    malformed(
      "nothing computes the value \(reference.tensor) of call \(reference.node) of "
        + "`\(reference.layer)`")
  }

  private static func malformed(_ message: String) -> PackError {
    PackError(.malformedGraph, message, hint: "save the model again")
  }
}
