@testable import SynapackPlace
import SynapackProgram
import SynapackSupport
import SynapackTensor

/// A chip file, and its demands and limits for some counts.
let chipTarget = FuzzTarget(
  name: "chip",
  read: { bytes in
    guard let text = utf8Text(bytes), let chip = try? Chip(yaml: text) else { return }
    for counts in someCounts {
      for resource in chip.resources { _ = try? resource.demand.amount(counts) }
      for limit in chip.limits {
        _ = (try? limit.value.amount(counts)).map(limit.allowed.contains)
      }
    }
  })

/// A demand: the first byte says of what, the rest is its text.
let demandTarget = FuzzTarget(
  name: "demand",
  read: { bytes in
    guard let first = bytes.first, let text = utf8Text(Array(bytes.dropFirst())) else { return }
    let scopes = DemandScope.allCases
    let scope = scopes[Int(first) % scopes.count]
    guard let demand = try? DemandExpression(text, scope: scope) else { return }
    for counts in someCounts { _ = try? demand.amount(counts) }
  })

/// A chip file, and a small program that is placed on the chip or refused with all its edits.
let chipFitTarget = FuzzTarget(
  name: "chip-fit",
  read: { bytes in
    guard let text = utf8Text(bytes), let chip = try? Chip(yaml: text), chip.cores <= 256,
      let program = smallProgram
    else { return }
    let rates = program.populations.map { _ in 1.0 }
    guard
      case .placed(let placement)? = try? Placer.outcome(
        program, on: chip, rates: rates, accepted: [.missingNumber])
    else { return }
    let errors = PlacementCheck.findings(program, placement, chip).filter {
      $0.severity == .error
    }
    precondition(errors.isEmpty, "a placement that its check refuses: \(errors)")
  })

/// Nothing, one of everything, and more of everything than any program has.
private let someCounts: [NamedCounts] = [0, 1, 7, 1 << 40, 1 << 53].compactMap { size in
  let names = DemandVariable.allCases.map(\.rawValue) + ["thresholds", "biases"]
  let list = names.map { "\($0)=\(size)" } + ["axons=\(size):3;5:\(size)"]
  return try? NamedCounts(list.joined(separator: ","))
}

/// A convolution behind the input and a matrix behind a pooling.
private let smallProgram: SpikingProgram? = {
  guard let input = try? Shape([2, 4, 4]), let plane = try? Shape([4, 4, 4]),
    let kernel = try? Shape([4, 2, 3, 3]), let matrix = try? Shape([3, 16]),
    let outputs = try? Shape([3])
  else { return nil }
  func population(_ name: String, _ shape: Shape, _ model: NeuronModel) -> Population {
    Population(
      name: name, shape: shape, model: model, thresholds: Parameter([9]), biases: Parameter([1]),
      initial: Parameter([0]), membrane: Population.membraneRange(bits: 16), biasBits: 8)
  }
  let window = Window(
    kernel: Extent(y: 3, x: 3), padding: Edges(top: 1, left: 1, bottom: 1, right: 1))
  let pooling = Window(kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 2))
  return SpikingProgram(
    timesteps: 4, schedule: .tick,
    input: InputPort(
      name: "x", shape: input, encoding: .poisson(signed: false, scale: 1, seed: 0)),
    populations: [
      population("a", plane, .integrateAndFire(FiringBehaviour(payloads: 0...1))),
      population("b", outputs, .integrator),
    ],
    connections: [
      Connection(
        source: .input, target: 0,
        synapses: .convolution(
          IntegerWeights(shape: kernel, values: Array(repeating: 1, count: 72)), window: window,
          groups: 1), weightBits: 4),
      Connection(
        source: .population(0), target: 1, relays: [pooling],
        synapses: .dense(IntegerWeights(shape: matrix, values: Array(repeating: -2, count: 48))),
        weightBits: 4),
    ],
    readout: Readout(population: 1, decoding: .membrane, unit: 1))
}()
