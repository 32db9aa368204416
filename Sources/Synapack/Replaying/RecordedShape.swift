internal import SynapackTensor

/// The shapes that an array of recorded numbers may have.
///
/// The order of the axes is part of them: ticks and neurons in each other's place have as many numbers
/// and would be compared with those of others.
struct RecordedShape {
  /// Of what is recorded in each tick, such as [channels, rows, columns].
  private let unit: Shape

  init(_ unit: Shape) { self.unit = unit }

  var count: Int { unit.count }

  /// [samples, neurons], or with the axes of the layer.
  func isOnce(_ shape: Shape) -> Bool {
    let rest = Array(shape.dimensions.dropFirst())
    return rest == [unit.count] || rest == unit.dimensions
  }

  /// [samples, ticks, neurons], with the axes of the layer, or one row of all ticks.
  func isTicks(_ ticks: Int, _ shape: Shape) -> Bool {
    let rest = Array(shape.dimensions.dropFirst())
    if rest.count == 1 {
      let (size, overflows) = ticks.multipliedReportingOverflow(by: unit.count)
      return !overflows && rest[0] == size
    }
    return rest == [ticks, unit.count] || rest == [ticks] + unit.dimensions
  }

  /// The shapes that are taken, for a message.
  ///
  /// - Parameter once: whether sums over the ticks, or what is the same in all, are taken too.
  func wanted(_ samples: Int, _ ticks: Int, once: Bool = true) -> String {
    func shown(_ sizes: [Int]) -> String {
      "[" + sizes.map(String.init).joined(separator: ", ") + "]"
    }
    let all = once ? " or \(shown([samples, unit.count])) in all" : ""
    let axes = unit.rank > 1 ? ", the last axis also as \(unit)" : ""
    return "\(shown([samples, ticks, unit.count])) for each tick\(all)\(axes)"
  }
}
