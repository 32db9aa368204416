#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a student's outputs differ by from its teacher's, and the derivatives.
///
///     L = τ²·Σ_k p_k·ln(p_k/q_k),  p = softmax(t/τ),  q = softmax(s/τ)      ∂L/∂s = τ·(q − p)
///     C = −ln softmax(s)_label                                 ∂C/∂s = softmax(s) − [k = label]
///     F = Σ_i (a·s_i − t_i)² / Σ_i E[t_i²]            ∂F/∂s = 2·a·(a·s − t) / Σ_i E[t_i²]
///
/// t, s: values of teacher and student, logits in L and C, those of a ``Feature`` in F; τ: the
/// temperature.
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

  /// - Parameters:
  ///   - student, teacher: [count][C, …].
  ///   - worth: a, one for each channel.
  ///   - size: Σ_i E[t_i²] of one sample, above 0.
  /// - Returns: the sum over the samples, and its derivatives.
  static func features(
    _ student: [Float], _ teacher: [Float], count: Int, worth: [Float], size: Double
  ) -> (loss: Double, gradient: [Float]) {
    let inner = student.count / max(1, count * worth.count)
    var loss = 0.0
    var gradient = [Float](repeating: 0, count: student.count)
    guard inner > 0, teacher.count == student.count else { return (0, gradient) }
    let scale = Float(2 / size)
    for start in stride(from: 0, to: student.count, by: inner) {
      let worth = worth[start / inner % worth.count]
      for index in start..<start + inner {
        let difference = worth * student[index] - teacher[index]
        loss += Double(difference) * Double(difference)
        gradient[index] = scale * worth * difference
      }
    }
    return (loss / size, gradient)
  }

  /// ln softmax(x/τ)
  private static func distribution(_ values: ArraySlice<Float>, _ heat: Double) -> [Double] {
    let peak = Double(values.max() ?? 0)
    let shifted = values.map { (Double($0) - peak) / heat }
    let sum = log(shifted.reduce(0) { $0 + exp($1) })
    return shifted.map { $0 - sum }
  }
}
