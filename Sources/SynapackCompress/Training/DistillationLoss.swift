#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a student's outputs differ by from its teacher's, and the derivatives.
///
///     L = τ²·Σ_k p_k·ln(p_k/q_k),  p = softmax(t/τ),  q = softmax(s/τ)      ∂L/∂s = τ·(q − p)
///     C = −ln softmax(s)_label                                 ∂C/∂s = softmax(s) − [k = label]
///     F = Σ_i (s_i − t_i)² / n                                 ∂F/∂s = 2·(s − t)/n
///
/// t, s: values of teacher and student, logits in L and C, n features in F; τ: the temperature.
///
/// Source: Hinton et al., "Distilling the knowledge in a neural network", 2015, section 2.
enum DistillationLoss {
  static func logits(
    _ student: ArraySlice<Float>, _ teacher: ArraySlice<Float>, temperature: Float
  ) -> (loss: Double, gradient: [Float]) {
    let heat = Double(temperature)
    let (p, q) = (distribution(teacher, heat), distribution(student, heat))
    var loss = 0.0
    var gradient: [Float] = []
    for (p, q) in zip(p, q) {
      loss += exp(p) * (p - q)
      gradient.append(Float(heat * (exp(q) - exp(p))))
    }
    return (heat * heat * loss, gradient)
  }

  static func label(
    _ student: ArraySlice<Float>, _ label: Int
  ) -> (loss: Double, gradient: [Float]) {
    let q = distribution(student, 1)
    guard q.indices.contains(label) else { return (0, q.map { _ in 0 }) }
    return (
      -q[label], q.indices.map { Float(exp(q[$0]) - ($0 == label ? 1 : 0)) }
    )
  }

  static func features(_ student: [Float], _ teacher: [Float]) -> (loss: Double, gradient: [Float])
  {
    let share = 1 / Double(max(1, student.count))
    var loss = 0.0
    var gradient: [Float] = []
    gradient.reserveCapacity(student.count)
    for (s, t) in zip(student, teacher) {
      let difference = Double(s) - Double(t)
      loss += difference * difference * share
      gradient.append(Float(2 * difference * share))
    }
    return (loss, gradient)
  }

  /// ln softmax(x/τ)
  private static func distribution(_ values: ArraySlice<Float>, _ heat: Double) -> [Double] {
    let peak = Double(values.max() ?? 0)
    let shifted = values.map { (Double($0) - peak) / heat }
    let sum = log(shifted.reduce(0) { $0 + exp($1) })
    return shifted.map { $0 - sum }
  }
}
