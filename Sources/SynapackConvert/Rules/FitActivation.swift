internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Replaces a smooth activation by straight pieces, each of which is a rectifier.
///
///     f(x) ≈ f₀ + Σ_i m_i·clip(x − t_i, 0, t_{i+1} − t_i) + m_R·max(x − t_n, 0)
///
/// See ``PiecewiseLinear``. The knots are so dense as the square root of |f″| asks, which makes
/// the largest error of all pieces equal (de Boor, "A practical guide to splines", 1978, chapter
/// XII); outside them f follows its asymptotes. The largest error over all x is the measure of the
/// loss. In a graph that needs compensated neurons for other operators, a table is the cheaper form
/// and this rule stands back.
///
/// Source of the multi-basis idea: "Multi-basis exponential decay neurons", arXiv 2508.07710, AAAI
/// 2026; there the bases decay in time, here they are plain integrate-and-fire neurons.
enum FitActivation: GraphRule {
  static let label = "fit-activation"
  /// Pieces between the outermost knots.
  static let pieces = 10

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    guard !CompensatedOperators.areNeeded(by: graph) else { return nil }
    for node in graph.nodes {
      guard case .activation(let op) = node.op, let domain = SmoothDomain(op.function) else {
        continue
      }
      return try domain.fitted(op.function, pieces: pieces).edit(node, label: label, graph)
    }
    return nil
  }

  static func losses(of edit: GraphEdit, in graph: Graph<Analog>) -> [Loss] {
    graph.nodes.compactMap { node in
      guard edit.removes.contains(node.name), case .activation(let op) = node.op,
        let domain = SmoothDomain(op.function)
      else { return nil }
      let fitted = domain.fitted(op.function, pieces: pieces)
      return Loss(
        .activationByPieces, .warning, subject: node.name,
        "\(op.function.shortName) by \(fitted.pieces.count) rectifiers; `measured` is the largest "
          + "error over all inputs", measured: domain.largestError(of: fitted, op.function))
    }
  }
}

extension SmoothDomain {
  private static let samples = 4096

  private var step: Double { Double(upper - lower) / Double(SmoothDomain.samples) }

  private func place(_ index: Int) -> Double { Double(lower) + step * Double(index) }

  /// The function in straight pieces through its own values at the knots.
  func fitted(_ function: Activation.Function, pieces: Int) -> PiecewiseLinear {
    func value(_ x: Double) -> Double { Double(function.value(Float(x))) }
    // A wide difference, as values are float32: its rounding must not look like a bend.
    let reach = step * 16
    var density = [0.0]
    for index in 0..<SmoothDomain.samples {
      let x = min(max(place(index) + step / 2, Double(lower) + reach), Double(upper) - reach)
      let bend = (value(x + reach) - 2 * value(x) + value(x - reach)) / (reach * reach)
      density.append((density.last ?? 0) + bend.magnitude.squareRoot() + 1e-3)
    }
    let total = density.last ?? 1
    var knots = [lower]
    for piece in 1..<pieces {
      let wanted = total * Double(piece) / Double(pieces)
      let index = density.firstIndex { $0 >= wanted } ?? 0
      knots.append(Float(place(index)))
    }
    knots.append(upper)
    var fitted = PiecewiseLinear(
      knots: knots, values: knots.map { function.value($0) }, left: left, right: right)
    // Half of the sag of every piece is given back, so that the error goes both ways.
    for index in fitted.values.indices.dropFirst().dropLast() {
      fitted.values[index] += sag(fitted, around: index, function) / 2
    }
    return fitted
  }

  /// The mean over both pieces at a knot of the largest signed miss.
  private func sag(
    _ fitted: PiecewiseLinear, around knot: Int, _ function: Activation.Function
  ) -> Float {
    var sum: Float = 0
    for piece in [knot - 1, knot] {
      let (from, to) = (fitted.knots[piece], fitted.knots[piece + 1])
      var largest: Float = 0
      for part in 1..<32 {
        let x = from + (to - from) * Float(part) / 32
        let through =
          function.value(from)
          + (function.value(to) - function.value(from)) * Float(part) / 32
        let miss = function.value(x) - through
        if miss.magnitude > largest.magnitude { largest = miss }
      }
      sum += largest
    }
    return sum / 2
  }

  /// The largest miss, between the knots by search, outside them where the asymptote is farthest.
  func largestError(of fitted: PiecewiseLinear, _ function: Activation.Function) -> Double {
    var largest = 0.0
    let width = upper - lower
    for index in -SmoothDomain.samples...2 * SmoothDomain.samples {
      let x = lower + width * Float(index) / Float(SmoothDomain.samples)
      largest = max(largest, Double((function.value(x) - fitted.value(x)).magnitude))
    }
    return largest
  }
}
