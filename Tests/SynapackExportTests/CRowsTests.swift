import SynapackSupport
import TestSupport
import Testing

@testable import SynapackExport

/// The forms of weights in a C program, read back bit by bit.
@Suite struct CRowsTests {
  /// A form by what it stores.
  private struct Form: Hashable {
    var bits: Int
    var isSparse: Bool
  }

  /// Rows of a few values, with about so many that are not zero.
  private func rows(_ random: inout SeededGenerator) -> [[Int32]] {
    let limit: Int32 = [1, 1, 3, 7, 100, 127, 128, 32_767].randomElement(using: &random) ?? 1
    let distinct: Int = [1, 2, 3, 4, 9, 15, 400].randomElement(using: &random) ?? 1
    let palette = (0..<distinct).map { _ in Int32.random(in: -limit...limit, using: &random) }
    let density: Double = [0.02, 0.1, 0.3, 1].randomElement(using: &random) ?? 1
    let columns = Int.random(in: 1...70, using: &random)
    return (0..<Int.random(in: 1...60, using: &random)).map { _ in
      (0..<columns).map { _ in
        guard Double(random.unitFloat()) < density else { return 0 }
        return palette.randomElement(using: &random) ?? 0
      }
    }
  }

  @Test func rowsComeBackAndEveryFormIsReached() {
    let seed: UInt64 = 29
    var random = SeededGenerator(seed: seed)
    var forms: Set<Form> = []
    for number in 0..<400 {
      let rows = rows(&random)
      let stored = CRows(rows)
      forms.insert(Form(bits: stored.bits, isSparse: stored.isSparse))
      let columns = rows[0].count
      #expect(
        read(stored, rows: rows.count, columns: columns) == rows, "seed \(seed), draw \(number)")
      let isWide = rows.joined().contains { !(-128...127).contains($0) }
      #expect(stored.bytes <= rows.count * columns * (isWide ? 2 : 1))
    }
    #expect(forms.count == 10, "\(forms)")
  }

  /// Fifteen zeros fit before a weight; the sixteenth is stored.
  @Test func longGapsStoreAZero() {
    let fits = CRows([Array(repeating: 0, count: 15) + [9] + Array(repeating: 0, count: 40)])
    #expect(fits.weights == [9, 0, 0] && fits.gaps == [0xFF, 15] && fits.starts == [0, 3])
    #expect(CRows([Array(repeating: 0, count: 12)]).weights == [])
  }

  /// The rows as the engine reads them.
  private func read(_ stored: CRows, rows: Int, columns: Int) -> [[Int32]] {
    func code(_ bytes: [Int32], _ bit: Int, _ bits: Int) -> Int {
      (0..<bits).reduce(0) { sum, place in
        let at = bit + place
        return sum + Int(bytes[at / 8] / (1 << Int32(at % 8)) % 2) << place
      }
    }
    func weight(_ number: Int, _ firstByte: Int) -> Int32 {
      guard stored.bits < 8 else { return stored.weights[firstByte + number] }
      let bit = 8 * firstByte + number * stored.bits
      return stored.palette[code(stored.weights, bit, stored.bits)]
    }
    return (0..<rows).map { row in
      guard stored.isSparse else {
        let stride = stored.bits < 8 ? (columns * stored.bits + 7) / 8 : columns
        return (0..<columns).map { weight($0, row * stride) }
      }
      var values = Array(repeating: Int32(0), count: columns)
      var at = -1
      for number in Int(stored.starts[row])..<Int(stored.starts[row + 1]) {
        at += code(stored.gaps, 4 * number, 4) + 1
        values[at] = weight(number, 0)
      }
      return values
    }
  }
}
