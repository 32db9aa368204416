internal import SynapackTensor

/// The order of neurons inside the simulator: `[H, W, C]`, so that one spike's effects lie together.
enum ChannelsLast {
  /// Values given in the order of `shape`, rearranged to channels last.
  static func from<Value>(_ values: [Value], _ shape: Shape) -> [Value] {
    guard let planes = shape.planes else { return values }
    let cells = planes.height * planes.width
    guard cells > 1, planes.channels > 1 else { return values }
    return (0..<values.count).map { values[$0 % planes.channels * cells + $0 / planes.channels] }
  }

  /// Values in channels-last order, rearranged to the order of `shape`.
  static func to<Value>(_ values: [Value], _ shape: Shape) -> [Value] {
    guard let planes = shape.planes else { return values }
    let cells = planes.height * planes.width
    guard cells > 1, planes.channels > 1 else { return values }
    return (0..<values.count).map { values[$0 % cells * planes.channels + $0 / cells] }
  }
}
