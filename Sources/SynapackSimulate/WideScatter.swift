internal import CSpikeKernels

/// Scattering into 64-bit sums: for the constant current, computed once a sample, and for programs
/// whose range proof does not allow 32 bits.
enum WideScatter {
  static func add(
    _ connection: CompiledConnection, _ events: ArraySlice<synapack_event>, to sums: inout [Int64]
  ) {
    let relay = connection.relay
    for event in events {
      let position = Int(event.position)
      let payload = Int64(event.payload)
      for index in Int(relay.offsets[position])..<Int(relay.offsets[position + 1]) {
        let cell = Int(relay.targets[index])
        switch connection.kind {
        case .dense(let channels, let outputs):
          let row = (cell * Int(channels) + Int(event.channel)) * Int(outputs)
          for output in 0..<Int(outputs) {
            sums[output] += payload * Int64(connection.weights[row + output])
          }
        case .convolution(let geometry):
          scatter(connection.weights, geometry, cell, Int(event.channel), payload, &sums)
        }
      }
    }
  }

  private static func scatter(
    _ weights: [Int16], _ g: synapack_convolution, _ cell: Int, _ channel: Int, _ payload: Int64,
    _ sums: inout [Int64]
  ) {
    let (width, outputs) = (Int(g.kernel_width), Int(g.outputs_per_group))
    let group = channel / Int(g.inputs_per_group)
    let (y, x) = (cell / Int(g.input_width), cell % Int(g.input_width))
    for ky in 0..<Int(g.kernel_height) {
      let row = y + Int(g.padding_top) - ky * Int(g.dilation_y)
      guard row >= 0, row % Int(g.stride_y) == 0, row / Int(g.stride_y) < Int(g.output_height)
      else { continue }
      for kx in 0..<width {
        let column = x + Int(g.padding_left) - kx * Int(g.dilation_x)
        guard column >= 0, column % Int(g.stride_x) == 0,
          column / Int(g.stride_x) < Int(g.output_width)
        else { continue }
        let tap = ((channel * Int(g.kernel_height) + ky) * width + (width - 1 - kx)) * outputs
        let cell = row / Int(g.stride_y) * Int(g.output_width) + column / Int(g.stride_x)
        let first = cell * Int(g.output_channels) + group * outputs
        for output in 0..<outputs {
          sums[first + output] += payload * Int64(weights[tap + output])
        }
      }
    }
  }
}
