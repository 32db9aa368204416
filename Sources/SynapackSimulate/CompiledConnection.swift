internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A connection laid out for scattering: planes channels last, a spike adds contiguous rows.
struct CompiledConnection: Sendable {
  let source: Source
  let relay: RelayTable
  let kind: Kind
  /// Weights in the order that the kernel of `kind` reads them.
  let weights: [Int16]
  /// For each source neuron, channels last, the weights other than zero that its spike meets; empty
  /// where nobody counts operations.
  let fanOut: [Int32]
  /// Whether no relay moves a payload.
  let isPlain: Bool
  /// The layout for lanes; `nil` for the input's current and where lanes cannot carry it.
  let lanes: LaneSynapses?

  enum Kind: Sendable {
    case dense(inputChannels: Int32, outputs: Int32)
    case convolution(synapack_convolution)
  }

  /// - Parameter eventsOnly: whether nothing is laid out for lanes and for counting operations.
  init(
    _ connection: Connection, from shape: Shape, payloads: ClosedRange<Int>, to target: Shape,
    eventsOnly: Bool = false
  ) {
    let planes = shape.planes ?? (0, 0, 0)
    source = connection.source
    relay = RelayTable(
      source: Extent(y: planes.height, x: planes.width), relays: connection.relays)
    isPlain = connection.relays.isEmpty
    lanes =
      connection.source == .input || eventsOnly
      ? nil
      : LaneSynapses(connection, payloads: payloads, relay: relay, channels: planes.channels)
    switch connection.synapses {
    case .dense(let matrix):
      let channels = planes.channels
      let outputs = matrix.shape[0]
      weights = CompiledConnection.transposed(
        matrix, channels: channels, cells: relay.extent.y * relay.extent.x)
      kind = .dense(inputChannels: Int32(channels), outputs: Int32(outputs))
      let counts = eventsOnly ? [] : CompiledConnection.nonzeros(weights, row: outputs)
      fanOut =
        eventsOnly
        ? []
        : CompiledConnection.fanOut(planes.channels, relay) { cell, channel in
          counts[cell * channels + channel]
        }
    case .convolution(let kernel, let window, let groups):
      let output = target.planes ?? (0, 0, 0)
      let geometry = CompiledConnection.geometry(
        kernel, window, groups, input: relay.extent, output: output)
      weights = CompiledConnection.scatterOrder(kernel, groups: groups)
      kind = .convolution(geometry)
      guard !eventsOnly else {
        fanOut = []
        return
      }
      let reach = ConvolutionReach(geometry, weights: weights)
      fanOut = CompiledConnection.fanOut(planes.channels, relay) { cell, channel in
        reach.fanOut(cell: cell, channel: channel)
      }
    }
  }

  /// [O, C·H·W] to [H·W·C][O].
  private static func transposed(
    _ matrix: IntegerWeights, channels: Int, cells: Int
  ) -> [Int16] {
    let outputs = matrix.shape[0]
    let inputs = matrix.shape[1]
    let values = matrix.values
    var rows = Array(repeating: Int16(0), count: values.count)
    // A few outputs at a time, so that whole lines of the cache are read and written.
    for first in stride(from: 0, to: outputs, by: 32) {
      let block = first..<min(first + 32, outputs)
      for channel in 0..<channels {
        for cell in 0..<cells {
          let row = (cell * channels + channel) * outputs
          let column = channel * cells + cell
          for output in block { rows[row + output] = values[output * inputs + column] }
        }
      }
    }
    return rows
  }

  /// [O, I, kH, kW] to [input channel][ky][kx, last first][output of the group].
  private static func scatterOrder(_ kernel: IntegerWeights, groups: Int) -> [Int16] {
    let shape = kernel.shape
    let outputs = shape[0] / groups
    let inputs = shape[1]
    let (height, width) = (shape[2], shape[3])
    let values = kernel.values
    var taps = Array(repeating: Int16(0), count: values.count)
    for o in 0..<shape[0] {
      for i in 0..<inputs {
        let channel = o / outputs * inputs + i
        for ky in 0..<height {
          for kx in 0..<width {
            let index = ((channel * height + ky) * width + (width - 1 - kx)) * outputs + o % outputs
            taps[index] = values[((o * inputs + i) * height + ky) * width + kx]
          }
        }
      }
    }
    return taps
  }

  private static func geometry(
    _ kernel: IntegerWeights, _ window: Window, _ groups: Int, input: Extent,
    output: (channels: Int, height: Int, width: Int)
  ) -> synapack_convolution {
    synapack_convolution(
      input_width: Int32(input.x), output_height: Int32(output.height),
      output_width: Int32(output.width), output_channels: Int32(output.channels),
      inputs_per_group: Int32(kernel.shape[1]),
      outputs_per_group: Int32(output.channels / groups), kernel_height: Int32(window.kernel.y),
      kernel_width: Int32(window.kernel.x), stride_y: Int32(window.stride.y),
      stride_x: Int32(window.stride.x), dilation_y: Int32(window.dilation.y),
      dilation_x: Int32(window.dilation.x), padding_top: Int32(window.padding.top),
      padding_left: Int32(window.padding.left))
  }

  static func nonzeros(_ weights: [Int16], row: Int) -> [Int32] {
    stride(from: 0, to: weights.count, by: max(1, row)).map { start in
      Int32(weights[start..<start + row].count { $0 != 0 })
    }
  }

  private static func fanOut(
    _ channels: Int, _ relay: RelayTable, _ reach: (Int, Int) -> Int32
  ) -> [Int32] {
    var counts: [Int32] = []
    for position in 0..<relay.offsets.count - 1 {
      let cells = relay.targets[Int(relay.offsets[position])..<Int(relay.offsets[position + 1])]
      for channel in 0..<channels {
        counts.append(cells.reduce(0) { $0 + reach(Int($1), channel) })
      }
    }
    return counts
  }
}

/// Counts the weights other than zero that a spike meets, borders included.
struct ConvolutionReach {
  private let geometry: synapack_convolution
  private let tapCounts: [Int32]

  init(_ geometry: synapack_convolution, weights: [Int16]) {
    self.geometry = geometry
    tapCounts = CompiledConnection.nonzeros(weights, row: Int(geometry.outputs_per_group))
  }

  func fanOut(cell: Int, channel: Int) -> Int32 {
    let g = geometry
    let (y, x) = (Int32(cell) / g.input_width, Int32(cell) % g.input_width)
    var sum: Int32 = 0
    for ky in 0..<g.kernel_height {
      let row = y + g.padding_top - ky * g.dilation_y
      guard row >= 0, row % g.stride_y == 0, row / g.stride_y < g.output_height else { continue }
      for kx in 0..<g.kernel_width {
        let column = x + g.padding_left - kx * g.dilation_x
        guard column >= 0, column % g.stride_x == 0, column / g.stride_x < g.output_width else {
          continue
        }
        let tap =
          (Int32(channel) * g.kernel_height + ky) * g.kernel_width
          + (g.kernel_width - 1 - kx)
        sum += tapCounts[Int(tap)]
      }
    }
    return sum
  }
}
