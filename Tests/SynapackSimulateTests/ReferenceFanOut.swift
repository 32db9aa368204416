import SynapackProgram
import SynapackTensor
import TestSupport

extension SpikingProgram {
  /// Nonzero synapses from each source neuron, by pushing one payload at a time through weights
  /// that are set to one.
  func referenceFanOut(of connection: Connection) throws -> [Int] {
    func binary(_ weights: IntegerWeights) -> IntegerWeights {
      IntegerWeights(shape: weights.shape, values: weights.values.map { $0 == 0 ? 0 : 1 })
    }
    var probe = connection
    switch connection.synapses {
    case .dense(let weights): probe.synapses = .dense(binary(weights))
    case .convolution(let weights, let window, let groups):
      probe.synapses = .convolution(binary(weights), window: window, groups: groups)
    }
    let shape = shape(of: connection.source)
    let target = populations[connection.target].shape
    let single = SpikingProgram(
      timesteps: 1, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: shape, encoding: .constantCurrent(bits: 2, signed: false, scale: 1)),
      populations: [
        Population(
          name: "y", shape: target, model: .integrator, thresholds: Parameter([1]),
          biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 30), biasBits: 8)
      ],
      connections: [
        Connection(
          source: .input, target: 0, relays: probe.relays, synapses: probe.synapses, weightBits: 2)
      ],
      readout: Readout(population: 0, decoding: .membrane, unit: 1))
    return (0..<shape.count).map { neuron in
      var sample = Array(repeating: 0, count: shape.count)
      sample[neuron] = 1
      return Int(ReferenceSimulator(program: single).run(sample).scores.reduce(0, +))
    }
  }
}
