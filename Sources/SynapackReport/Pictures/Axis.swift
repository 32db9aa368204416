/// A straight scale from values to places on a picture, with round numbers along it.
struct Axis {
  private let lower: Double
  private let upper: Double
  /// Round numbers from the scale's start to its end.
  let marks: [Double]
  private let step: Double

  /// The scale that holds all finite `values`; one number alone lies in its middle.
  init(_ values: [Double]) {
    let finite = values.filter(\.isFinite)
    let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
    let span = most > least ? most - least : max(abs(most), 1)
    let middle = least + (most - least) / 2
    let (from, to) = most > least ? (least, most) : (middle - span / 2, middle + span / 2)
    let step = Axis.roundStep(atLeast: span / 5)
    self.step = step
    let first = (from / step).rounded(.down)
    let last = (to / step).rounded(.up)
    lower = first * step
    upper = max(last, first + 1) * step
    marks = (0...Int(min(20, max(1, last - first)))).map { (first + Double($0)) * step }
  }

  /// 1, 2 or 5 times a power of ten.
  private static func roundStep(atLeast size: Double) -> Double {
    guard size.isFinite, size > 0 else { return 1 }
    var power = 1.0
    while power * 10 <= size { power *= 10 }
    while power > size { power /= 10 }
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= size * 0.999 } ?? power * 10
  }

  /// Where a value lies: 0 at the scale's start, 1 at its end.
  func place(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  /// A mark as people write it: `12k`, `1.5M`, `0.25`.
  func text(_ mark: Double) -> String {
    let units: [(Double, String)] = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
    let unit = units.first { upper.magnitude >= $0.0 * 2 } ?? (1, "")
    let size = step / unit.0
    var (digits, fraction) = (0, size)
    while digits < 6, (fraction - fraction.rounded()).magnitude > 1e-6 {
      fraction *= 10
      digits += 1
    }
    return decimals(mark / unit.0, digits) + (mark == 0 ? "" : unit.1)
  }
}
