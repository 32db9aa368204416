internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Weights on terms: the value that a payload stands for goes into the weight.
extension Term {
  /// The columns of W [O, I] that this term meets, as a dense connection.
  ///
  ///     w(o, j) = W(o, first + i) · amplitude(channel of j),   j = order(i)
  func dense(_ matrix: [Float], outputs: Int) throws(PackError) -> FloatConnection {
    let inputs = logical.count
    let cells = max(1, planes.height * planes.width)
    let count = native.count
    var weights = Array(repeating: Float(0), count: outputs * count)
    for output in 0..<outputs {
      for index in 0..<count {
        let target = order?[index] ?? index
        weights[output * count + target] =
          matrix[output * inputs + first + index] * amplitude[target / cells]
      }
    }
    return FloatConnection(
      source: source, relays: relays, kind: .dense, shape: try Shape([outputs, count]),
      weights: weights, amplitude: amplitude)
  }

  /// The part of a kernel W [O, I, kH, kW] that this term meets, as a convolution.
  ///
  /// A term that is a slice of the wire's channels meets a slice of the kernel's. In a grouped
  /// kernel that slice reaches only some of the outputs; zeros fill the rest.
  func convolution(
    _ kernel: [Float], _ shape: Shape, _ window: Window, groups: Int
  ) throws(PackError) -> FloatConnection {
    guard let start = firstChannel else {
      throw PackError(
        .cannotSpike, "a convolution over values that were reshaped or transposed",
        hint: "keep the layout [C, H, W] up to the convolution")
    }
    let (outputs, inner) = (shape[0], shape[1])
    let channels = planes.channels
    let taps = shape[2] * shape[3]
    let isWhole = channels == inner * groups
    let kept = isWhole ? inner : channels
    var weights = Array(repeating: Float(0), count: outputs * kept * taps)
    for output in 0..<outputs {
      let base = output / (outputs / groups) * inner
      for i in 0..<inner {
        let channel = base + i - start
        guard (0..<channels).contains(channel) else { continue }
        let column = isWhole ? i : channel
        for tap in 0..<taps {
          weights[(output * kept + column) * taps + tap] =
            kernel[(output * inner + i) * taps + tap] * amplitude[channel]
        }
      }
    }
    return FloatConnection(
      source: source, relays: relays, kind: .convolution(window, groups: isWhole ? groups : 1),
      shape: try Shape([outputs, kept, shape[2], shape[3]]), weights: weights, amplitude: amplitude)
  }

  /// The term as it is, one synapse a value.
  func identity() throws(PackError) -> FloatConnection {
    let unit = Window(kernel: Extent(y: 1, x: 1))
    if let start = firstChannel {
      let total = logical.planes?.channels ?? 0
      let channels = planes.channels
      guard channels != total else {
        return FloatConnection(
          source: source, relays: relays, kind: .convolution(unit, groups: channels),
          shape: try Shape([channels, 1, 1, 1]), weights: amplitude, amplitude: amplitude,
          passes: rounding)
      }
      var weights = Array(repeating: Float(0), count: total * channels)
      var passes = [Float?](repeating: nil, count: total)
      for channel in 0..<channels {
        weights[(start + channel) * channels + channel] = amplitude[channel]
        passes[start + channel] = rounding[channel]
      }
      return FloatConnection(
        source: source, relays: relays, kind: .convolution(unit, groups: 1),
        shape: try Shape([total, channels, 1, 1]), weights: weights, amplitude: amplitude,
        passes: passes)
    }
    guard logical.rank == 1, let size = logical.count.times(native.count), size < 1 << 26 else {
      throw PackError(
        .cannotSpike, "values that were reshaped or transposed reach a neuron without weights",
        hint: "keep the layout [C, H, W] up to the layer")
    }
    var matrix = Array(repeating: Float(0), count: logical.count * logical.count)
    for index in 0..<logical.count { matrix[index * logical.count + index] = 1 }
    return try dense(matrix, outputs: logical.count)
  }
}
