internal import SynapackProgram
internal import SynapackTensor

/// Y of a compensated population from its membranes: f by tables, over groups where f needs them.
struct GroupFunction {
  private let function: CompensatedFunction
  /// Gains and offsets of a normalization, one a neuron, channels last.
  private let gains: [Int32]
  private let offsets: [Int32]
  private let groups: Groups
  private var shares: [Int64]

  init(_ population: CompiledPopulation, _ shape: Shape) {
    function = population.compensation?.function ?? .identity
    var (gains, offsets): ([Int32], [Int32]) = ([], [])
    var axis = GroupAxis.channels
    switch function {
    case .identity, .table: break
    case .normalization(let norm):
      axis = norm.axis
      gains = ChannelsLast.from(norm.gains.expanded(to: shape), shape)
      offsets = ChannelsLast.from(norm.offsets.expanded(to: shape), shape)
    case .softmax(let softmax): axis = softmax.axis
    }
    (self.gains, self.offsets) = (gains, offsets)
    groups = Groups(axis, channels: population.channels, plane: population.plane)
    shares = Array(repeating: 0, count: groups.size)
  }

  mutating func evaluate(
    _ membranes: [Int32], _ thresholds: [Int32], _ h: Int64, _ values: inout [Int64]
  ) {
    switch function {
    case .identity: break
    case .table(let table):
      for index in membranes.indices {
        values[index] = table.value(Int64(membranes[index]), step: h * Int64(thresholds[index]))
      }
    case .normalization(let norm):
      for group in 0..<groups.count {
        normalize(norm, groups.members(group), membranes, thresholds, h, &values)
      }
    case .softmax(let softmax):
      for group in 0..<groups.count {
        share(softmax, groups.members(group), membranes, thresholds, h, &values)
      }
    }
  }

  private mutating func normalize(
    _ norm: MeanNormalization, _ members: StrideTo<Int>, _ membranes: [Int32],
    _ thresholds: [Int32], _ h: Int64, _ values: inout [Int64]
  ) {
    let count = Int64(groups.size)
    let limit: Int64 = 1 << 24
    var sum: Int64 = 0
    for (place, index) in members.enumerated() {
      let scaled = Int64(membranes[index]) << Int64(norm.shift)
      let x = scaled.flooredDivision(by: Int64(thresholds[index]))
      shares[place] = min(max(x, -limit), limit)
      sum += shares[place]
    }
    let mean = (2 * sum + count).flooredDivision(by: 2 * count)
    var squares: Int64 = 0
    for place in shares.indices {
      shares[place] -= mean
      squares += shares[place] * shares[place]
    }
    let variance = max(1, squares / count + Int64(norm.epsilon) * h * h)
    let deviation = Int64(UInt64(variance).flooredRoot)
    for (place, index) in members.enumerated() {
      let scaled = Int64(gains[index]) * shares[place]
      values[index] = scaled.flooredDivision(by: deviation) + Int64(offsets[index])
    }
  }

  private mutating func share(
    _ softmax: SoftmaxTable, _ members: StrideTo<Int>, _ membranes: [Int32],
    _ thresholds: [Int32], _ h: Int64, _ values: inout [Int64]
  ) {
    var largest = Int32.min
    for index in members { largest = max(largest, membranes[index]) }
    var sum: Int64 = 0
    for (place, index) in members.enumerated() {
      let below = Int64(largest) - Int64(membranes[index])
      shares[place] = softmax.exponential(below, step: h * Int64(thresholds[index]))
      sum += shares[place]
    }
    for (place, index) in members.enumerated() {
      values[index] = shares[place] * Int64(softmax.gain) / sum
    }
  }
}

/// The neurons of each group, channels last.
private struct Groups {
  let size: Int
  let count: Int
  private let axis: GroupAxis
  private let channels: Int
  private let width: Int

  init(_ axis: GroupAxis, channels: Int, plane: Extent) {
    self.axis = axis
    self.channels = channels
    width = plane.x
    size = axis == .channels ? channels : plane.x
    count = axis == .channels ? plane.y * plane.x : plane.y * channels
  }

  func members(_ group: Int) -> StrideTo<Int> {
    switch axis {
    case .channels: return stride(from: group * channels, to: (group + 1) * channels, by: 1)
    case .row:
      let (row, channel) = (group / channels, group % channels)
      let first = row * width * channels + channel
      return stride(from: first, to: first + width * channels, by: channels)
    }
  }
}

extension FunctionTable {
  /// Y at v, `step` being h·θ.
  func value(_ v: Int64, step: Int64) -> Int64 {
    let last = Int64(values.count - 2)
    let origin = Int64(origin)
    let piece = min(max(v.flooredDivision(by: step) + origin, 0), last)
    let rest = v - (piece - origin) * step
    let (from, to) = (Int64(values[Int(piece)]), Int64(values[Int(piece) + 1]))
    // Whole pieces first, so that the product behind them stays inside one.
    let whole = rest.flooredDivision(by: step)
    let inside = ((to - from) * (rest - whole * step)).flooredDivision(by: step)
    return from + (to - from) * whole + inside
  }
}

extension SoftmaxTable {
  /// e at u below the largest value, `step` being h·θ.
  func exponential(_ u: Int64, step: Int64) -> Int64 {
    let piece = u / step
    guard piece < Int64(values.count - 1) else { return Int64(values[values.count - 1]) }
    let (from, to) = (Int64(values[Int(piece)]), Int64(values[Int(piece) + 1]))
    return from + ((to - from) * (u - piece * step)).flooredDivision(by: step)
  }
}

extension UInt64 {
  /// ⌊√self⌋ by Newton's method in integers, from above.
  var flooredRoot: UInt64 {
    guard self > 1 else { return self }
    let bits = UInt64(UInt64.bitWidth - leadingZeroBitCount)
    var root: UInt64 = 1 << ((bits + 1) / 2)
    while true {
      let next = (root + self / root) / 2
      if next >= root { return root }
      root = next
    }
  }
}
