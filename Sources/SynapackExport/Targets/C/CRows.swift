/// Rows of weights in the form that takes the fewest bytes and that events read in place.
///
/// The forms are those of a bundle's weight maps, in the order in which events meet weights: all of
/// them, or those that are not zero, each behind the number of zeros since the one before in its row.
/// A weight is itself in 8 or 16 bits, or its place in a palette in 1, 2 or 4, lowest bits first.
/// Where all are stored, every row starts with a byte of its own.
struct CRows: Hashable {
  /// Bits of a stored weight: 1, 2, 4, 8 or 16.
  let bits: Int
  /// The weights that codes of 1, 2 and 4 bits stand for; else empty.
  let palette: [Int32]
  /// Weights, or bytes of codes.
  let weights: [Int32]
  /// Two numbers of zeros a byte, the earlier in the low half; empty where all weights are stored.
  let gaps: [Int32]
  /// Where each row starts among the stored weights, and the end; empty where all are stored.
  let starts: [Int32]

  /// The largest number of zeros that a gap says; longer ones hold a zero that is stored.
  private static let longestGap = 15

  /// The form with the fewest bytes; of equal ones the first in the order of
  /// whole weights, whole without zeros, codes, codes without zeros.
  init(_ rows: [[Int32]]) {
    let full = Entries(all: rows)
    let sparse = Entries(nonzero: rows)
    var best = CRows(whole: full)
    for form in [CRows(whole: sparse), CRows(coded: full), CRows(coded: sparse)] {
      if let form, form.bytes < best.bytes { best = form }
    }
    self = best
  }

  var isSparse: Bool { !starts.isEmpty }

  /// Bytes of all arrays.
  var bytes: Int {
    weights.count * (bits == 16 ? 2 : 1) + 2 * palette.count + gaps.count
      + starts.count * CText.bytes(starts)
  }

  /// What is stored: weights, and what leads to them where zeros are left out.
  private struct Entries {
    /// What starts a byte together: rows, or all that is not zero.
    var runs: [[Int32]]
    var gaps: [Int32] = []
    var starts: [Int32] = []

    var weights: [Int32] { runs.flatMap { $0 } }

    init(all rows: [[Int32]]) { runs = rows }

    init(nonzero rows: [[Int32]]) {
      var weights: [Int32] = []
      starts = [0]
      for row in rows {
        var zeros = 0
        for weight in row {
          guard weight != 0 || zeros == CRows.longestGap else {
            zeros += 1
            continue
          }
          weights.append(weight)
          gaps.append(Int32(zeros))
          zeros = 0
        }
        starts.append(Int32(clamping: weights.count))
      }
      runs = [weights]
    }
  }

  private init(whole entries: Entries) {
    weights = entries.weights
    bits = CText.bytes(weights) == 1 ? 8 : 16
    palette = []
    gaps = CRows.packed(entries.gaps, bits: 4)
    starts = entries.starts
  }

  /// Nil where more than 16 weights differ.
  private init?(coded entries: Entries) {
    let distinct = Set(entries.weights).sorted()
    guard distinct.count <= 16 else { return nil }
    var codes: [Int32: Int32] = [:]
    for (code, weight) in distinct.enumerated() { codes[weight] = Int32(code) }
    let bits = distinct.count <= 2 ? 1 : distinct.count <= 4 ? 2 : 4
    self.bits = bits
    palette = distinct
    weights = entries.runs.flatMap { run in
      CRows.packed(run.map { codes[$0, default: 0] }, bits: bits)
    }
    gaps = CRows.packed(entries.gaps, bits: 4)
    starts = entries.starts
  }

  /// Numbers of 1, 2 or 4 bits as bytes, the first in the lowest bits.
  private static func packed(_ values: [Int32], bits: Int) -> [Int32] {
    let each = 8 / bits
    return stride(from: 0, to: values.count, by: each).map { start in
      var byte: Int32 = 0
      for place in start..<min(start + each, values.count) {
        byte |= values[place] << Int32((place - start) * bits)
      }
      return byte
    }
  }
}
