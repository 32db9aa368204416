internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackTensor

/// A connection laid out for lanes: weights of 8 bits for 16 outputs of four input channels in one
/// line, and a kernel over the plane. A dense matrix is a kernel over the whole plane.
///
///     w = 256·h + l,  −128 ≤ h, l ≤ 127
///
/// A weight w that leaves 8 bits, as on shortcuts, is cut into two halves that are laid out each.
struct LaneSynapses: Sendable {
  /// Each weight, or its lower half, raised by 128; see `synapack_arrival` for the order.
  let weights: [SIMD64<UInt8>]
  /// The upper halves likewise; empty where 8 bits hold each weight.
  let upper: [SIMD64<UInt8>]
  let weightStarts: [Int64]
  let quadFrom: [Int32]
  let quadTo: [Int32]
  let input: Extent
  let window: Window
  /// The largest magnitude of a payload behind the relays.
  let largest: Int

  /// `nil` where a weight leaves both halves or a payload behind the relays could leave 8 bits.
  init?(
    _ connection: Connection, payloads: ClosedRange<Int>, relay: RelayTable, channels: Int
  ) {
    let reach = max(-payloads.lowerBound, payloads.upperBound).multipliedReportingOverflow(
      by: relay.largestMeeting)
    let values = connection.synapses.weights.values
    guard !reach.overflow, reach.partialValue <= 127,
      values.allSatisfy({ Taps.upper($0) <= 127 })
    else { return nil }
    let isWide = values.contains { !((-128...127) ~= $0) }
    input = relay.extent
    largest = reach.partialValue
    let taps: Taps
    switch connection.synapses {
    case .dense(let matrix):
      window = Window(kernel: relay.extent)
      taps = Taps(
        values: values, outputs: matrix.shape[0], inputs: channels, groups: 1,
        cells: relay.extent.y * relay.extent.x)
    case .convolution(let kernel, let shape, let groups):
      window = shape
      taps = Taps(
        values: values, outputs: kernel.shape[0], inputs: kernel.shape[1], groups: groups,
        cells: shape.kernel.y * shape.kernel.x)
    }
    (weights, weightStarts, quadFrom, quadTo) = taps.laidOut(Taps.lower)
    upper = isWide ? taps.laidOut(Taps.upper).0 : []
  }

  /// Weights [output][input of the group][cell of the kernel].
  private struct Taps {
    let values: [Int16]
    let outputs: Int
    let inputs: Int
    let groups: Int
    let cells: Int

    /// l
    static func lower(_ weight: Int16) -> Int16 { Int16(Int8(truncatingIfNeeded: weight)) }
    /// h, up to 128
    static func upper(_ weight: Int16) -> Int16 {
      Int16((Int32(weight) - Int32(lower(weight))) >> 8)
    }

    func laidOut(
      _ half: (Int16) -> Int16
    ) -> ([SIMD64<UInt8>], [Int64], [Int32], [Int32]) {
      var lines: [SIMD64<UInt8>] = []
      var (starts, from, to): ([Int64], [Int32], [Int32]) = ([], [], [])
      for first in stride(from: 0, to: outputs, by: 16) {
        let own = first..<min(first + 16, outputs)
        let heard = channels(of: own)
        let quads = heard.lowerBound / 4..<(heard.upperBound + 3) / 4
        starts.append(Int64(lines.count) * 64)
        from.append(Int32(quads.lowerBound))
        to.append(Int32(quads.upperBound))
        for cell in 0..<cells {
          for quad in quads { lines.append(line(own, cell: cell, quad: quad, half)) }
        }
      }
      return (lines, starts, from, to)
    }

    /// The input channels that a block of outputs hears.
    private func channels(of block: Range<Int>) -> Range<Int> {
      let size = outputs / groups
      return block.lowerBound / size * inputs..<((block.upperBound - 1) / size + 1) * inputs
    }

    private func line(
      _ block: Range<Int>, cell: Int, quad: Int, _ half: (Int16) -> Int16
    ) -> SIMD64<UInt8> {
      var line = SIMD64<UInt8>(repeating: 128)
      for output in block {
        let group = output / (outputs / groups)
        for lane in 0..<4 {
          let input = quad * 4 + lane - group * inputs
          guard (0..<inputs).contains(input) else { continue }
          let weight = values[(output * inputs + input) * cells + cell]
          line[(output - block.lowerBound) * 4 + lane] = UInt8(half(weight) + 128)
        }
      }
      return line
    }
  }
}
