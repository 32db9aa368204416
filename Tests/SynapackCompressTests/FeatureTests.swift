import SynapackGraph
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackCompress

/// What a student's layers should carry, beside its outputs.
struct FeatureTests {
  /// The loss from its definition, and its slope by central differences.
  @Test func slopesAreThoseOfTheLoss() {
    var random = SeededGenerator(seed: 7)
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -2...2, using: &random) }
    }
    let (count, worth) = (3, [Float(0.5), 2, 0, -1])
    let (student, teacher) = (values(count * 4 * 5), values(count * 4 * 5))
    let size = 7.0
    func loss(_ student: [Float]) -> Double {
      var sum = 0.0
      for sample in 0..<count {
        for channel in 0..<4 {
          for place in 0..<5 {
            let index = (sample * 4 + channel) * 5 + place
            let difference = Double(worth[channel] * student[index]) - Double(teacher[index])
            sum += difference * difference / size
          }
        }
      }
      return sum
    }
    let found = DistillationLoss.features(
      student, teacher, count: count, worth: worth, size: size)
    #expect(abs(found.loss - loss(student)) < 1e-5)
    for index in student.indices {
      var (more, less) = (student, student)
      more[index] += 0.125
      less[index] -= 0.125
      let slope = (loss(more) - loss(less)) / 0.25
      #expect(abs(Double(found.gradient[index]) - slope) < 1e-4, "\(index)")
    }
  }

  @Test func channelsThatStayedAreTaken() throws {
    let feature = Feature(
      teacher: WireID(index: 0), student: WireID(index: 0), channels: [3, 1], worth: [1, 1])
    let shape = try Shape([4, 2])
    #expect(
      feature.kept(of: (0..<16).map { Float($0) }, shape) == [6, 7, 2, 3, 14, 15, 10, 11])
    #expect(feature.fits(teacher: shape, student: try Shape([2, 2])))
    for other in [[2], [2, 3], [4, 2], [2, 2, 1]] {
      #expect(!feature.fits(teacher: shape, student: try Shape(other)), "\(other)")
    }
    let beyond = Feature(
      teacher: WireID(index: 0), student: WireID(index: 0), channels: [4, 1], worth: [1, 1])
    #expect(!beyond.fits(teacher: shape, student: try Shape([2, 2])))
  }

  // MARK: - In training

  private func network() throws -> Graph<Analog> {
    var report = Report()
    return try ONNXImporter.graph(
      MappedFile(path: Fixtures.path("digits/cnn-residual.torchscript17.onnx")), &report)
  }

  private func pixels(_ count: Int) throws -> [Float] {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/calibration_x.npy"))
    return images.floats(in: 0..<count * 64).map { $0 / 16 }
  }

  /// The network with all weights of its convolutions a little off.
  private func disturbed(_ network: Graph<Analog>) throws -> Graph<Analog> {
    var random = SeededGenerator(seed: 11)
    var draft = network.draft
    for node in network.nodes {
      guard case .convolution(let op) = node.op else { continue }
      let tensor = try network.weights.tensor(op.weight)
      draft.weights[op.weight] = try Tensor(
        shape: tensor.shape,
        floats: tensor.floats().map { $0 * Float.random(in: 0.4...1.6, using: &random) })
    }
    return try Graph(verifying: draft)
  }

  private func rectified(_ network: Graph<Analog>) -> [Feature] {
    network.nodes.compactMap { node in
      guard case .relu = node.op else { return nil }
      let channels = Array(0..<network.shape(of: node.output)[0])
      return Feature(
        teacher: node.output, student: node.output, channels: channels,
        worth: channels.map { _ in 1 })
    }
  }

  private func training(weight: Float) throws -> SourceDistillation {
    let teacher = try network()
    var options = TrainerOptions(steps: 30)
    options.batch = 16
    options.rate = 2e-3
    options.featureWeight = weight
    return try SourceDistillation(
      disturbed(teacher), teacher: .network(teacher), samples: pixels(96),
      features: rectified(teacher), options: options)
  }

  /// Mean squared difference of all rectified values from the teacher's.
  private func difference(_ student: Graph<Analog>) throws -> Double {
    let teacher = try network()
    let features = rectified(teacher)
    let inputs = try pixels(128).suffix(32 * 64)
    let (own, wanted) = (
      try TeacherAnswers(.network(student)), try TeacherAnswers(.network(teacher))
    )
    let wires = Set(features.map(\.teacher))
    let (seen, goals) = (
      try own.answers(Array(inputs), count: 32, features: wires).features,
      try wanted.answers(Array(inputs), count: 32, features: wires).features
    )
    var sum = 0.0
    for wire in wires {
      for (own, goal) in zip(seen[wire] ?? [], goals[wire] ?? []) {
        sum += Double(own - goal) * Double(own - goal)
      }
    }
    return sum
  }

  @Test func layersComeNearerToThoseOfTheTeacher() throws {
    var (with, without) = (try training(weight: 5), try training(weight: 0))
    for _ in 0..<30 {
      _ = try with.step()
      _ = try without.step()
    }
    let (near, far) = (try difference(with.best()), try difference(without.best()))
    #expect(near < 0.7 * far, "\(near), \(far)")
  }

  @Test func aRunIsNotResumedWithOtherFeatures() throws {
    var one = try training(weight: 5)
    _ = try one.step()
    var same = try training(weight: 5)
    try same.resume(one.encoded())
    #expect(try same.step() == (try one.step()))
    var other = try training(weight: 4)
    let error = #expect(throws: PackError.self) { try other.resume(one.encoded()) }
    #expect(error?.code == .cannotResume)
  }

  @Test func wiresOfOtherShapesAreRefused() throws {
    let teacher = try network()
    var features = rectified(teacher)
    features[0].channels.removeLast()
    features[0].worth.removeLast()
    var options = TrainerOptions(steps: 1)
    options.featureWeight = 1
    let error = #expect(throws: PackError.self) {
      try SourceDistillation(
        teacher, teacher: .network(teacher), samples: pixels(8), features: features,
        options: options)
    }
    #expect(error?.code == .wrongDataShape)
  }
}
