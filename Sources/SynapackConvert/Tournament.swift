public import SynapackGraph
internal import SynapackTensor

/// A max-pooling that neurons play out.
public struct TournamentSite: Sendable, Hashable {
  public let name: String
  /// What is pooled, and the result.
  public let wire: WireID
  public let output: WireID
  let window: Window

  /// The matches until one value is left.
  var matches: Int { max(0, window.kernel.y * window.kernel.x - 1) }

  /// The name of the values that are pooled.
  var key: String { name + ".pooled" }
}

/// Max-pooling in pairs: who meets whom, and what each match is called.
///
///     max(a, b) = b + max(a − b, 0)
///
/// Neurons carry the second summand of each match; all that know of a tournament play it here.
enum Tournament {
  /// The winner of the cells of a window, row by row; `nil` of none.
  ///
  /// - Parameter match: the larger of two, with the match's name.
  static func winner<Value, Failure: Error>(
    of cells: [Value], pool: String,
    match: (String, Value, Value) throws(Failure) -> Value
  ) throws(Failure) -> Value? {
    var (values, count) = (cells, 0)
    while values.count > 1 {
      var winners: [Value] = []
      for pair in stride(from: 0, to: values.count - 1, by: 2) {
        count += 1
        winners.append(try match("\(pool).match.\(count)", values[pair], values[pair + 1]))
      }
      if values.count % 2 == 1, let last = values.last { winners.append(last) }
      values = winners
    }
    return values.first
  }

  /// What the neurons of each match are to carry, before they rectify it: a − b by the match's name.
  ///
  /// - Parameters:
  ///   - values: [samples][channels, height, width] of what is pooled, none below zero.
  ///   - planes: channels, height and width before the pooling and after it.
  static func differences(
    _ pool: String, _ window: Window, _ values: [Float],
    from: (channels: Int, height: Int, width: Int), to: (channels: Int, height: Int, width: Int)
  ) -> [String: [Float]] {
    let planes = values.count / max(1, from.height * from.width)
    var cells: [[Float]] = []
    for y in 0..<window.kernel.y {
      for x in 0..<window.kernel.x {
        var cell: [Float] = []
        cell.reserveCapacity(planes * to.height * to.width)
        for plane in 0..<planes {
          for row in 0..<to.height {
            let top = row * window.stride.y + y * window.dilation.y - window.padding.top
            for column in 0..<to.width {
              let left = column * window.stride.x + x * window.dilation.x - window.padding.left
              let isInside = (0..<from.height).contains(top) && (0..<from.width).contains(left)
              // Nothing arrives from outside, which is no more than any value there is.
              cell.append(
                isInside ? values[(plane * from.height + top) * from.width + left] : 0)
            }
          }
        }
        cells.append(cell)
      }
    }
    var found: [String: [Float]] = [:]
    _ = winner(of: cells, pool: pool) { name, first, second in
      found[name] = zip(first, second).map { $0 - $1 }
      return zip(first, second).map { max($0, $1) }
    }
    return found
  }
}
