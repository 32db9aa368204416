/// What all weights of one connection come to, gathered in one pass, so that proofs and checks need
/// not read them again.
public struct WeightSummary: Sendable, Hashable {
  /// The least of all weights and 0.
  public private(set) var lowest: Int16 = 0
  /// The largest of all weights and 0.
  public private(set) var highest: Int16 = 0
  /// The number of weights that are not zero.
  public private(set) var nonzero = 0
  /// For each output channel the sum of the weights above zero.
  public private(set) var rises: [Int64] = []
  /// For each output channel the sum of the weights below zero.
  public private(set) var falls: [Int64] = []

  /// - Parameter channels: into how many equal runs the weights fall; what is left over is of none.
  public init(_ values: [Int16], channels: Int) {
    let taps = channels > 0 ? values.count / channels : 0
    rises.reserveCapacity(taps > 0 ? channels : 0)
    falls.reserveCapacity(taps > 0 ? channels : 0)
    unsafe values.withUnsafeBufferPointer { values in
      for channel in 0..<(taps > 0 ? channels : 0) {
        let run = unsafe UnsafeBufferPointer(
          rebasing: values[channel * taps..<(channel + 1) * taps])
        let sums = unsafe add(run)
        rises.append(sums.rise)
        falls.append(sums.fall)
      }
      _ = unsafe add(UnsafeBufferPointer(rebasing: values[(max(0, channels) * taps)...]))
    }
  }

  private mutating func add(_ run: UnsafeBufferPointer<Int16>) -> (rise: Int64, fall: Int64) {
    var (rise, fall): (Int64, Int64) = (0, 0)
    // As many as a sum of 32 bits takes of the largest weights.
    let piece = 1 << 16
    for start in stride(from: 0, to: run.count, by: piece) {
      var (rises, falls, zeros): (Int32, Int32, Int32) = (0, 0, 0)
      var (low, high): (Int16, Int16) = (0, 0)
      let end = min(start + piece, run.count)
      for place in start..<end {
        let value = unsafe run[place]
        rises &+= Int32(max(value, 0))
        falls &+= Int32(min(value, 0))
        zeros &+= value == 0 ? 1 : 0
        low = min(low, value)
        high = max(high, value)
      }
      rise += Int64(rises)
      fall += Int64(falls)
      nonzero += end - start - Int(zeros)
      lowest = min(lowest, low)
      highest = max(highest, high)
    }
    return (rise, fall)
  }
}
