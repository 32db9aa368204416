import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Neurons in discrete time against their equations written out by hand.
struct NeuronTests {
  private func store(_ values: [String: [Float]]) throws -> WeightStore {
    var weights = WeightStore()
    for (name, list) in values.sorted(by: { $0.key < $1.key }) {
      weights[name] = try Tensor(shape: Shape([list.count]), floats: list)
    }
    return weights
  }

  private func run(
    _ op: Neuron, _ input: [Float], _ weights: [String: [Float]]
  ) throws -> [Float] {
    let sample = FloatArray(shape: try Shape([input.count]), values: input)
    return try op.evaluate([sample], store(weights)).values
  }

  private func op(
    synapse: Neuron.Synapse? = nil, threshold: String? = "theta", reset: Neuron.Reset,
    timesteps: Int
  ) -> Neuron {
    Neuron(
      synapse: synapse, decay: "decay", gain: "gain", drift: "drift", threshold: threshold,
      reset: reset, timesteps: timesteps)
  }

  private let plain: [String: [Float]] = [
    "decay": [1], "gain": [1], "drift": [0], "theta": [1], "rest": [0],
  ]

  @Test func resetsDiffer() throws {
    // 0.75 a tick for 8 ticks is 6. Above 1 by subtraction: 0.75, 1.5*, 1.25*, 1*no, 1.75*, …
    let soft = try run(op(reset: .subtract, timesteps: 8), [0.75], plain)
    #expect(soft == [5 / 8])
    // To zero: 0.75, 1.5*, 0.75, 1.5*, …
    let hard = try run(op(reset: .value("rest"), timesteps: 8), [0.75], plain)
    #expect(hard == [4 / 8])
    // Without a reset it fires from the second tick on.
    #expect(try run(op(reset: .none, timesteps: 8), [0.75], plain) == [7 / 8])
  }

  @Test func theThresholdItselfIsNotEnough() throws {
    #expect(try run(op(reset: .subtract, timesteps: 1), [1], plain) == [0])
    #expect(try run(op(reset: .subtract, timesteps: 1), [1.5], plain) == [1])
  }

  @Test func aLeakSettlesAtRest() throws {
    var weights = plain
    weights["decay"] = [0.5]
    weights["drift"] = [1]
    // v: 1, 1.5, 1.75, 1.875
    let mean = try run(op(threshold: nil, reset: .none, timesteps: 4), [0], weights)
    #expect(mean == [(1 + 1.5 + 1.75 + 1.875) / 4])
  }

  @Test func aSynapseComesBeforeTheMembrane() throws {
    var weights = plain
    weights["left"] = [0.5]
    weights["in"] = [2]
    // i: 2, 3, 3.5; v: 2, 5, 8.5
    let neuron = op(
      synapse: .init(decay: "left", gain: "in"), threshold: nil, reset: .none, timesteps: 3)
    #expect(try run(neuron, [1], weights) == [(2 + 5 + 8.5) / 3])
  }

  @Test func parametersAreOneAChannelOrOneANeuron() throws {
    var weights = try store(plain)
    weights["theta"] = try Tensor(shape: Shape([2]), floats: [0.5, 5])
    let shape = try Shape([2, 1, 3])
    let sample = FloatArray(shape: shape, values: [1, 1, 1, 1, 1, 1])
    let result = try op(reset: .subtract, timesteps: 1).evaluate([sample], weights)
    #expect(result.values == [1, 1, 1, 0, 0, 0])
    weights["theta"] = try Tensor(shape: Shape([4]), floats: [1, 1, 1, 1])
    let error = #expect(throws: PackError.self) {
      try op(reset: .subtract, timesteps: 1).outputShape([shape], weights)
    }
    #expect(error?.code == .wrongShape)
  }

  @Test func delaysAreWholeAndNotNegative() throws {
    let shape = try Shape([2])
    for (ticks, isRead) in [([Float(0), 3], true), ([0.5, 1], false), ([-1, 0], false)] {
      let weights = try store(["ticks": ticks])
      let delay = Delay(ticks: "ticks")
      if isRead {
        #expect(try delay.outputShape([shape], weights) == shape)
      } else {
        #expect(throws: PackError.self) { try delay.outputShape([shape], weights) }
      }
    }
  }

  @Test func timeHasNoPlaceAmongValues() throws {
    var builder = try GraphBuilder(seed: 3, input: [4])
    let ticks = try builder.weight("d", [4], 0...0)
    let wire = try builder.add(.delay(Delay(ticks: ticks)), builder.input)
    let error = #expect(throws: PackError.self) { try builder.graph(wire) }
    #expect(error?.code == .malformedGraph)
  }
}
