@testable import SynapackCompress
import SynapackDense
import SynapackGraph
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Distillation on the digits: a student of spiking activations on a coarse grid learns from the
/// network that it was made of.
struct TrainerTests {
  private static let count = 96

  private func teacher(_ name: String) throws -> Graph<Analog> {
    var report = Report()
    return try ONNXImporter.graph(
      MappedFile(path: Fixtures.path("digits/\(name).torchscript17.onnx")), &report)
  }

  /// The teacher with neurons of a few ticks in place of its rectifiers.
  private func student(_ teacher: Graph<Analog>) throws -> Graph<StudentPhase> {
    var draft = teacher.draft
    for (index, node) in draft.nodes.enumerated() {
      guard case .relu = node.op else { continue }
      let channels = teacher.shape(of: node.output)[0]
      for (name, value) in [("theta", Float(2)), ("start", 1)] {
        draft.weights["\(name)\(index)"] = try Tensor(
          shape: Shape([channels]), floats: Array(repeating: value, count: channels))
      }
      draft.nodes[index].op = .spike(
        Spike(
          threshold: "theta\(index)", amplitude: "theta\(index)", initial: "start\(index)",
          lower: 0, upper: 1, timesteps: 4))
    }
    return try Graph<StudentPhase>(verifying: draft)
  }

  private func trained(_ student: Graph<StudentPhase>) throws -> [TrainedTensor] {
    var tensors: [TrainedTensor] = []
    for name in student.weights.names where !name.hasPrefix("start") {
      guard let tensor = student.weights[name], tensor.type == .float32 else { continue }
      if name.hasPrefix("theta") {
        let start = "start" + name.dropFirst(5)
        tensors.append(TrainedTensor(name, least: 0.01, followers: [(start, 0.5)]))
      } else if tensor.shape.rank > 1 {
        // Every fifth weight is pruned.
        let mask = (0..<tensor.shape.count).map { $0 % 5 != 0 }
        let values = tensor.floats()
        let largest = values.reduce(Float(0)) { max($0, abs($1)) }
        let levels = (-7...7).map { Float($0) * largest / 7 }
        tensors.append(
          TrainedTensor(name, mask: mask, grid: .levels(levels), units: [largest]))
      } else {
        tensors.append(TrainedTensor(name))
      }
    }
    return tensors
  }

  private func pixels(_ count: Int, from first: Int = 0) throws -> [Float] {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/calibration_x.npy"))
    return images.floats(in: first * 64..<(first + count) * 64).map { $0 / 16 }
  }

  private func trainer(
    _ name: String = "mlp", seed: UInt64 = 1, threads: Int = 1, steps: Int = 40,
    augmentation: Augmentation = Augmentation()
  ) throws -> Trainer<StudentPhase> {
    let teacher = try teacher(name)
    let student = try student(teacher)
    var options = TrainerOptions(steps: steps)
    options.seed = seed
    options.threads = threads
    options.rate = 5e-3
    options.batch = 24
    (options.warmUp, options.averaging) = (3, 0.8)
    options.augmentation = augmentation
    return try Trainer(
      teacher: .network(teacher), student: student, training: trained(student),
      samples: pixels(Self.count), options: options)
  }

  @Test(arguments: [("mlp", 40, 0.5), ("cnn-residual", 12, 0.95)])
  func theLossGoesDown(name: String, steps: Int, share: Double) throws {
    var trainer = try trainer(name, steps: steps)
    let held = try pixels(32, from: Self.count)
    let before = try trainer.check(on: held)
    for _ in 0..<steps { _ = try trainer.step() }
    let after = try trainer.check(on: held)
    #expect(after.loss < before.loss * share, "\(before) to \(after)")
    #expect(after.agreement >= before.agreement, "\(before) to \(after)")
  }

  @Test func masksStayZeroAndWeightsOnTheirGrid() throws {
    var trainer = try trainer()
    let tensors = try trained(trainer.graph())
    for _ in 0..<5 { _ = try trainer.step() }
    _ = try trainer.check(on: pixels(16))
    try check(trainer.graph(), tensors)
    // A mean of weights on a grid has to be rounded again.
    try check(trainer.bestGraph(), tensors)
  }

  private func check(_ graph: Graph<StudentPhase>, _ tensors: [TrainedTensor]) throws {
    var moved = false
    for tensor in tensors where !tensor.mask.isEmpty {
      let values = try graph.weights.floats(tensor.name)
      for (value, stays) in zip(values, tensor.mask) where !stays { #expect(value == 0) }
      guard case .levels(let levels) = tensor.grid else { continue }
      #expect(Set(values).isSubset(of: levels))
      moved = moved || Set(values).count > 4
    }
    #expect(moved)
    for name in graph.weights.names where name.hasPrefix("theta") {
      let thresholds = try graph.weights.floats(name)
      #expect(try graph.weights.floats("start" + name.dropFirst(5)) == thresholds.map { $0 * 0.5 })
      #expect(thresholds.contains { $0 != 2 })
    }
  }

  @Test func oneSeedGivesOneRunWhateverTheThreads() throws {
    var one = try trainer(threads: 1)
    var three = try trainer(threads: 3)
    var other = try trainer(seed: 2)
    for _ in 0..<8 {
      #expect(try one.step() == (try three.step()))
      _ = try other.step()
    }
    #expect(one.encoded() == three.encoded())
    #expect(one.encoded() != other.encoded())
  }

  /// Without views the teacher's answers come back in the second epoch, from step 4 on: the run that
  /// is killed there has to ask again.
  @Test(arguments: 0..<4) func aKilledRunGoesOnToTheSameBits(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let killed = seed == 3 ? 5 : Int.random(in: 0..<6, using: &random)
    let augmentation =
      seed == 3 ? Augmentation() : Augmentation(flips: true, shift: 1, mixes: seed == 1)
    var whole = try trainer("cnn-residual", seed: UInt64(seed), augmentation: augmentation)
    let held = try pixels(8, from: Self.count)
    var kept: [UInt8] = []
    for step in 0..<7 {
      if step % 3 == 0 { _ = try whole.check(on: held) }
      if step == killed { kept = whole.encoded() }
      _ = try whole.step()
    }
    var resumed = try trainer("cnn-residual", seed: UInt64(seed), augmentation: augmentation)
    try resumed.resume(kept)
    #expect(resumed.steps == killed)
    #expect(resumed.encoded() == kept)
    for step in killed..<7 {
      // The check of the killed step was in the state already.
      if step % 3 == 0, step != killed { _ = try resumed.check(on: held) }
      _ = try resumed.step()
    }
    #expect(resumed.encoded() == whole.encoded(), "seed \(seed), killed at \(killed)")
  }

  @Test func damagedStatesAreRefused() throws {
    var trainer = try trainer()
    _ = try trainer.step()
    let bytes = trainer.encoded()
    for count in Array(0..<80) + [bytes.count / 2, bytes.count - 1] {
      let error = #expect(throws: PackError.self) { try trainer.resume(Array(bytes[..<count])) }
      #expect(error?.code == .cannotResume, "\(count) bytes")
    }
    for place in [0, 8, 16, 48, 56] {
      var damaged = bytes
      damaged[place] ^= 1
      let error = #expect(throws: PackError.self) { try trainer.resume(damaged) }
      #expect(error?.code == .cannotResume, "byte \(place)")
    }
    #expect(throws: PackError.self) { try trainer.resume(bytes + [0]) }
    var other = try self.trainer(seed: 2)
    let error = #expect(throws: PackError.self) { try other.resume(bytes) }
    #expect(error?.code == .cannotResume)
    #expect(trainer.encoded() == bytes)
  }

  @Test func whatDivergesIsRefusedAndChangesNothing() throws {
    let teacher = try teacher("mlp")
    let student = try student(teacher)
    var trainer = try Trainer(
      teacher: .network(teacher), student: student, training: trained(student),
      samples: Array(repeating: .nan, count: 64), options: TrainerOptions(steps: 2))
    let bytes = trainer.encoded()
    let error = #expect(throws: PackError.self) { try trainer.step() }
    #expect(error?.code == .trainingDiverged)
    #expect(trainer.encoded() == bytes)
  }

  /// The mean against all that it was made of, weighed in closed form.
  @Test func theMeanWeighsEveryStep() {
    var random = SeededGenerator(seed: 7)
    let keeping = 0.8
    let seen = (0...40).map { _ in Float.random(in: -1...1, using: &random) }
    var state = TrainerState(adam: Adam([[seen[0]]]))
    for step in 1...40 {
      (state.adam.parameters, state.adam.updates) = ([[seen[step]]], step)
      state.average(keeping: Float(keeping))
    }
    let kept = (0...40).map { min(keeping, Double($0) / Double($0 + 9)) }
    var expected = 0.0
    for step in 0...40 {
      let later = kept[(step + 1)...].reduce(1, *)
      expected += Double(seen[step]) * later * (step == 0 ? 1 : 1 - kept[step])
    }
    #expect(abs(Double(state.average[0][0]) - expected) < 1e-5)
    state.average(keeping: 0)
    #expect(state.average == [[seen[40]]])
  }

  @Test func theRateRisesBeforeItFalls() {
    var options = TrainerOptions(steps: 100)
    let plain = (0..<100).map { options.rate(at: $0) }
    options.warmUp = 20
    for step in 0..<100 {
      let expected = plain[step] * min(1, Float(step + 1) / 20)
      #expect(abs(options.rate(at: step) - expected) <= 1e-9, "\(step)")
    }
  }

  @Test func theBestIsKept() throws {
    var trainer = try trainer()
    let held = try pixels(16, from: Self.count)
    for _ in 0..<30 { _ = try trainer.step() }
    let good = try trainer.check(on: held)
    let weights = try trainer.bestGraph().weights
    // Against negated inputs nothing fits better, so the best stays.
    let worse = try trainer.check(on: held.map { 1 - $0 })
    _ = try trainer.step()
    #expect(worse.loss > good.loss)
    let best = try trainer.bestGraph().weights
    for name in best.names {
      #expect(try best.floats(name) == (try weights.floats(name)), "\(name)")
    }
  }
}
