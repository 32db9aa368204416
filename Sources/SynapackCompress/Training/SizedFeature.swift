internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A feature with how large the teacher's values are.
struct SizedFeature: Sendable {
  let feature: Feature
  /// The teacher's wire, [C, …].
  private let shape: Shape
  /// Σ_i E[t_i²] over what the student has of one sample.
  private let size: Double
  /// What the feature counts beside the logits.
  private let weight: Double

  /// Inputs on which the teacher's values are measured.
  static let measured = 64

  /// - Parameters:
  ///   - samples: of the inputs, one after the other.
  ///   - weight: what all features together count; none is kept where it is 0.
  /// - Throws: `SYN0012` where wires, channels or shapes do not fit.
  static func sized(
    _ features: [Feature], _ teacher: TeacherAnswers, _ student: Graph<some Phase>,
    samples: [Float], weight: Float
  ) throws(PackError) -> [SizedFeature] {
    guard weight != 0, !features.isEmpty else { return [] }
    let input = max(1, teacher.inputShape.count)
    let count = min(measured, samples.count / input)
    let values = try teacher.answers(
      Array(samples[..<(count * input)]), count: count, features: Set(features.map(\.teacher))
    ).features
    return try features.map { (feature) throws(PackError) in
      guard let shape = teacher.shape(of: feature.teacher),
        student.wires.indices.contains(feature.student.index),
        feature.fits(teacher: shape, student: student.shape(of: feature.student))
      else {
        throw PackError(
          .wrongDataShape, "a feature of teacher and student has different shapes",
          hint: "pair wires that carry the same channels")
      }
      let sum = feature.kept(of: values[feature.teacher] ?? [], shape).reduce(0.0) {
        $0 + Double($1) * Double($1)
      }
      return SizedFeature(
        feature: feature, shape: shape, size: max(sum / Double(max(1, count)), 1e-12),
        weight: Double(weight) / Double(features.count))
    }
  }

  /// The loss of some samples, summed, and its derivatives by the student's values.
  func loss(
    _ student: [Float], _ teacher: [Float], count: Int
  ) -> (loss: Double, gradient: [Float]) {
    DistillationLoss.features(
      student, feature.kept(of: teacher, shape), count: count, worth: feature.worth,
      size: size / weight)
  }
}
