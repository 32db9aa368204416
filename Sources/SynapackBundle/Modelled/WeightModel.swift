internal import SynapackTensor

/// The weights of all connections as one stream, each predicted from those before it.
///
/// With l, u, c, r the weights left, above, left above and right above in the kernel, a and b the
/// two coded last, and of the weights so far of the same output and of the same input channel
/// their density d and the mean m of the magnitudes that are not zero, the contexts are
///
///     (trend(l + u), m_out)  (m_in, d_in)  (d_in, d_out)  (m_out, m_in)  (l, u, c)  (a, b, r)
///
/// Neighbours outside the kernel or the tensor count as 0. Source of the idea: Wiedemann et al.,
/// "DeepCABAC", IEEE JSTSP 14(4), 2020; the contexts and their mixing are our own.
struct WeightModel {
  /// The digits of a magnitude of 16 bits.
  private static let widest = 15
  /// A weight by its grade of 0 … 10.
  private static let grades = 11
  private static let contexts = grades * grades * grades

  private var model = IntegerModel(widest: widest, contexts: contexts)

  /// Codes the weights of one connection in place.
  ///
  /// - Parameters:
  ///   - weights: row-major; a decoder gives as many zeros.
  ///   - shape: output, input channel, kernel row and column; what is missing counts as 1.
  ///   - bits: 2 to 16.
  mutating func code<Coder: BinaryCoder>(
    _ weights: inout [Int16], shape: Shape, bits: Int, _ coder: inout Coder
  ) {
    // A shape of no weights may still name many outputs.
    guard !weights.isEmpty else { return }
    let extents = shape.dimensions + [1, 1, 1, 1]
    let (channels, width) = (extents[1], max(1, extents[3]))
    let area = extents[2] * width
    let scale = max(0, bits - 5)
    var inputs = [Statistics](repeating: Statistics(), count: channels)
    var index = 0
    for _ in 0..<extents[0] {
      var output = Statistics()
      for channel in 0..<channels {
        for place in 0..<area {
          enter(output, inputs[channel], scale: scale)
          enter(neighboursOf: weights, at: index, place: place, width: width, scale: scale, output)
          let coded = model.code(Int64(weights[index]), &coder)
          weights[index] = Int16(truncatingIfNeeded: coded)
          output.take(weights[index])
          inputs[channel].take(weights[index])
          index += 1
        }
      }
    }
  }

  private mutating func enter(_ output: Statistics, _ input: Statistics, scale: Int) {
    let (outputMean, inputMean) = (output.mean(scale), input.mean(scale))
    model.enter(inputMean * 16 + input.density, at: 1)
    model.enter(input.density * 16 + output.density, at: 2)
    model.enter(outputMean * 32 + inputMean, at: 3)
  }

  private mutating func enter(
    neighboursOf weights: [Int16], at index: Int, place: Int, width: Int, scale: Int,
    _ output: Statistics
  ) {
    let column = place % width
    func weight(_ distance: Int, _ isInside: Bool) -> Int {
      isInside ? Int(weights[index - distance]) : 0
    }
    let left = weight(1, column > 0)
    let above = weight(width, place >= width)
    let corner = weight(width + 1, place >= width && column > 0)
    let right = weight(width - 1, place >= width && column < width - 1)
    let trend = min(max((left + above) >> scale, -7), 7) + 7
    model.enter(trend * 32 + output.mean(scale), at: 0)
    model.enter(triple(left, above, corner), at: 4)
    model.enter(triple(weight(1, index > 0), weight(2, index > 1), right), at: 5)
  }

  private func triple(_ first: Int, _ second: Int, _ third: Int) -> Int {
    (first.grade(5) * WeightModel.grades + second.grade(5)) * WeightModel.grades + third.grade(5)
  }

  /// What the weights so far of one output or input channel are like.
  private struct Statistics {
    private var count = 0
    private var nonzero = 0
    private var sum = 0

    mutating func take(_ weight: Int16) {
      count += 1
      if weight != 0 {
        nonzero += 1
        sum += Int(weight.magnitude)
      }
    }

    /// ⌊16 · (2k + 1) / (2n + 2)⌋ for k of n weights that are not zero: 0 … 15.
    var density: Int { 16 * (2 * nonzero + 1) / (2 * count + 2) }

    /// ⌊⌊(2·Σ|w| + 2) / (k + 1)⌋ / 2^scale⌋: 0 … 31.
    func mean(_ scale: Int) -> Int { min(31, ((2 * sum + 2) / (nonzero + 1)) >> scale) }
  }
}
