internal import SynapackDense
public import SynapackGraph
public import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport
internal import SynapackTensor

/// Whom a student is trained to answer as.
public enum Teacher: Sendable {
  case network(Graph<Analog>)
  /// A program with the identity of its bundle. Its answer is what it reads out after its last tick,
  /// so one with more ticks can teach one with fewer.
  case program(SpikingProgram, identity: Digest)
}

/// A teacher ready to be asked.
struct TeacherAnswers: Sendable {
  private enum Form: Sendable {
    case network(DenseNetwork)
    case program(Simulator)
  }

  private let form: Form
  private let wires: [Shape]
  let inputShape: Shape
  let classes: Int
  /// A number that differs for every teacher.
  let identity: Digest

  /// - Throws: `SYN0012` for more than one input or output.
  init(_ teacher: Teacher) throws(PackError) {
    switch teacher {
    case .network(let graph):
      guard let input = graph.inputs.first, let output = graph.outputs.first,
        graph.inputs.count == 1, graph.outputs.count == 1
      else {
        throw PackError(
          .wrongDataShape, "the teacher has \(graph.inputs.count) inputs",
          hint: "train with a teacher of one input and one output")
      }
      form = .network(try DenseNetwork(graph))
      wires = graph.wires.map(\.shape)
      inputShape = graph.shape(of: input)
      classes = graph.shape(of: output).count
      identity = try graph.canonicalDigest()
    case .program(let program, let digest):
      form = .program(try Simulator(program))
      wires = []
      inputShape = program.input.shape
      classes = program.populations[program.readout.population].shape.count
      identity = digest
    }
  }

  /// The shape of a wire; `nil` where the teacher has none such.
  func shape(of wire: WireID) -> Shape? {
    wires.indices.contains(wire.index) ? wires[wire.index] : nil
  }

  /// Its scores, [count][classes], and what `features` of its wires carry; a program has no wires.
  func answers(
    _ inputs: [Float], count: Int, features: Set<WireID> = []
  ) throws(PackError) -> (scores: [Float], features: [WireID: [Float]]) {
    switch form {
    case .network(let network):
      let output = network.outputs[0]
      let values = try network.run(inputs, count: count, keeping: features.union([output]))
      return (values[output] ?? [], values)
    case .program(let simulator):
      return (try simulator.scores(of: inputs, count: count), [:])
    }
  }
}

extension Simulator {
  /// The scores of some samples in the unit of the source network, [count][classes].
  func scores(of samples: [Float], count: Int) throws(PackError) -> [Float] {
    var scores: [Float] = []
    let size = samples.count / max(1, count)
    for sample in 0..<count {
      let payloads = program.encode(Array(samples[sample * size..<(sample + 1) * size])).payloads
      scores += try run(payloads).scores.map { Float($0) * program.readout.unit }
    }
    return scores
  }
}
