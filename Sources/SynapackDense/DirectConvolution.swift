internal import CDenseKernels
internal import SynapackSupport
internal import SynapackTensor

/// Convolution of padded planes with 16 output channels summed in registers.
///
/// The order of each sum is that of the weights, so that no result depends on the batch.
struct DirectConvolution: Sendable {
  /// For each group, in the order that `synapack_convolve` reads.
  private let weights: [Float]
  private let geometry: synapack_direct_convolution
  private let groups: Int
  private let input: Extent
  private let padded: Extent
  private let padding: Edges

  /// `nil` where the kernel would idle or does not go: few outputs a group, narrow planes, wide
  /// strides.
  init?(
    weights: [Float], inputs: Int, outputs: Int, groups: Int, window: Window, input: Shape,
    output: Shape
  ) {
    guard var from = input.planes, var to = output.planes, outputs >= 8, window.stride.x <= 2
    else { return nil }
    let one = Extent(y: 1, x: 1)
    if window.kernel == one, window.stride == one, from.height == to.height,
      from.width == to.width
    {
      // Without neighbours the plane is one row.
      (from.height, from.width) = (1, from.height * from.width)
      (to.height, to.width) = (1, to.height * to.width)
    }
    guard to.width >= synapack_direct_width else { return nil }
    self.groups = groups
    self.input = Extent(y: from.height, x: from.width)
    padding = window.padding
    padded = Extent(
      y: (to.height - 1) * window.stride.y + (window.kernel.y - 1) * window.dilation.y + 1,
      x: (to.width - 1) * window.stride.x + (window.kernel.x - 1) * window.dilation.x + 1)
    // Far padding or dilation is not worth a copy of what is mostly zeros.
    guard let area = padded.y.times(padded.x), let cells = area.times(inputs),
      cells <= 4 * inputs * (from.height * from.width + 1024)
    else { return nil }
    let taps = window.kernel.y * window.kernel.x
    self.weights = DirectConvolution.laidOut(
      weights, outputs: outputs, sums: inputs * taps, groups: groups)
    geometry = synapack_direct_convolution(
      inputs: Int32(inputs), outputs: Int32(outputs), input_row: Int32(padded.x),
      input_plane: Int64(padded.y * padded.x), output_height: Int32(to.height),
      output_width: Int32(to.width), kernel_height: Int32(window.kernel.y),
      kernel_width: Int32(window.kernel.x), stride_y: Int32(window.stride.y),
      stride_x: Int32(window.stride.x), dilation_y: Int32(window.dilation.y),
      dilation_x: Int32(window.dilation.x))
  }

  /// [group][output][I·taps] to [group][block of 16 outputs][I·taps][output of the block].
  private static func laidOut(
    _ weights: [Float], outputs: Int, sums: Int, groups: Int
  ) -> [Float] {
    let blocks = (outputs + 15) / 16
    var rows = Array(repeating: Float(0), count: groups * blocks * sums * 16)
    for group in 0..<groups {
      for output in 0..<outputs {
        let start = ((group * blocks + output / 16) * sums) * 16 + output % 16
        let row = (group * outputs + output) * sums
        for index in 0..<sums { rows[start + index * 16] = weights[row + index] }
      }
    }
    return rows
  }

  func run(_ samples: [Float], bias: [Float], count: Int) -> [Float] {
    let (inputs, outputs) = (Int(geometry.inputs), Int(geometry.outputs))
    let positions = Int(geometry.output_height) * Int(geometry.output_width)
    let isPlain = padded == input && padding == Edges()
    let plane = input.y * input.x
    precondition(samples.count == count * groups * inputs * plane, "samples of another shape")
    precondition(bias.isEmpty || bias.count == groups * outputs, "biases of another shape")
    var room = Array(
      repeating: Float(0), count: isPlain ? 0 : inputs * padded.y * padded.x)
    return unsafe Array(unsafeUninitializedCapacity: count * groups * outputs * positions) {
      result, written in
      unsafe samples.withUnsafeBufferPointer { samples in
        for block in 0..<count * groups {
          let source = unsafe UnsafeBufferPointer(
            rebasing: samples[block * inputs * plane..<(block + 1) * inputs * plane])
          let target = unsafe UnsafeMutableBufferPointer(
            rebasing: result[block * outputs * positions..<(block + 1) * outputs * positions])
          if isPlain {
            unsafe convolve(source, group: block % groups, bias, into: target)
          } else {
            unsafe pad(source, into: &room)
            unsafe room.withUnsafeBufferPointer {
              unsafe convolve($0, group: block % groups, bias, into: target)
            }
          }
        }
      }
      written = count * groups * outputs * positions
    }
  }

  /// Copies planes to where the kernel finds them; the cells around stay zero.
  private func pad(_ source: UnsafeBufferPointer<Float>, into room: inout [Float]) {
    let rows = max(0, padding.top)..<min(padded.y, padding.top + input.y)
    let columns = max(0, padding.left)..<min(padded.x, padding.left + input.x)
    guard !rows.isEmpty, !columns.isEmpty else { return }
    unsafe room.withUnsafeMutableBufferPointer { room in
      for i in 0..<Int(geometry.inputs) {
        for y in rows {
          let from = (i * input.y + y - padding.top) * input.x + columns.lowerBound - padding.left
          let to = (i * padded.y + y) * padded.x + columns.lowerBound
          _ = unsafe UnsafeMutableBufferPointer(rebasing: room[to..<to + columns.count])
            .update(fromContentsOf: source[from..<from + columns.count])
        }
      }
    }
  }

  private func convolve(
    _ source: UnsafeBufferPointer<Float>, group: Int, _ bias: [Float],
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let size = weights.count / groups
    unsafe weights.withUnsafeBufferPointer { weights in
      unsafe bias.withUnsafeBufferPointer { bias in
        guard let input = source.baseAddress, let output = target.baseAddress,
          let first = weights.baseAddress
        else { return }
        var geometry = geometry
        let own = unsafe bias.baseAddress.map { unsafe $0 + group * Int(geometry.outputs) }
        unsafe synapack_convolve(
          &geometry, input, first + group * size, bias.isEmpty ? nil : own, output)
      }
    }
  }
}
