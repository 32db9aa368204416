import SynapackProgram
import SynapackTensor

/// A program of dense populations that each hear the one before, run in plain whole numbers.
struct SlowChain {
  let program: SpikingProgram

  /// Σ w·s of every neuron of population `index` for one set of payloads.
  func currents(_ index: Int, _ payloads: [Int]) -> [Int] {
    guard let connection = program.incoming(index).first, program.incoming(index).count == 1
    else { return [] }
    let weights = connection.synapses.weights.values.map(Int.init)
    return (0..<program.populations[index].shape.count).map { neuron in
      payloads.indices.reduce(0) { $0 + weights[neuron * payloads.count + $1] * payloads[$1] }
    }
  }

  /// What population `index` sends, tick by tick, when its sources send `heard`.
  func run(_ index: Int, heard: [[Int]]) -> [[Int]] {
    let population = program.populations[index]
    let ticks = program.timesteps
    let thresholds = population.thresholds.expanded(to: population.shape).map(Int.init)
    let biases = population.biases.expanded(to: population.shape).map(Int.init)
    var membranes = population.initial.expanded(to: population.shape).map(Int.init)
    let inputs = heard.map { currents(index, $0) }
    // Under `accumulate` everything but the input is in before the first tick.
    let waits = program.schedule == .accumulate && index > 0
    return (0..<ticks).map { tick in
      (0..<membranes.count).map { neuron in
        if waits, tick == 0 {
          membranes[neuron] += inputs.reduce(0) { $0 + $1[neuron] } + ticks * biases[neuron]
        } else if !waits {
          membranes[neuron] += inputs[tick][neuron] + biases[neuron]
        }
        let floor = Int((Double(membranes[neuron]) / Double(thresholds[neuron])).rounded(.down))
        let payload = min(
          max(floor, population.payloads.lowerBound), population.payloads.upperBound)
        membranes[neuron] -= payload * thresholds[neuron]
        return payload
      }
    }
  }

  /// What is heard by population `index`, [samples][ticks][neurons].
  func heard(by index: Int, _ samples: [[Int32]]) -> [[[Int]]] {
    var trains = samples.map { sample in
      Array(repeating: sample.map(Int.init), count: program.timesteps)
    }
    for before in 0..<index { trains = trains.map { run(before, heard: $0) } }
    return trains
  }

  /// The samples that a correction may see.
  static func seen<Element>(_ samples: [Element]) -> [Element] {
    samples.indices.filter { $0 % 4 != 3 }.map { samples[$0] }
  }

  /// Sums over the ticks.
  static func counts(_ train: [[Int]]) -> [Int] {
    (train.first ?? []).indices.map { neuron in train.reduce(0) { $0 + $1[neuron] } }
  }
}
