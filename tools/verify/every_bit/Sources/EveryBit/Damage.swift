import SynapackBundle
import SynapackSupport

/// Every way in which one bit, a cut or an appendix can damage a file.
struct Damage {
  let good: [UInt8]
  /// How often each code was the refusal.
  private(set) var codes: [String: Int] = [:]
  /// What was read as if nothing had happened.
  private(set) var missed: [String] = []

  init(_ good: [UInt8]) { self.good = good }

  /// One bit after another.
  mutating func changeEveryBit() {
    var bytes = good
    for bit in 0..<good.count * 8 {
      bytes[bit / 8] ^= 1 << (bit % 8)
      read(bytes, "bit \(bit)")
      bytes[bit / 8] ^= 1 << (bit % 8)
    }
  }

  /// The file cut at every byte, and with 1 to `most` bytes behind its end, zeros and others.
  mutating func changeLength(atMost most: Int) {
    for count in 0..<good.count { read(Array(good[..<count]), "cut to \(count)") }
    for count in 1...most {
      for filling in [UInt8(0), 0xFF] {
        read(good + [UInt8](repeating: filling, count: count), "\(count) more")
      }
    }
  }

  private mutating func read(_ bytes: [UInt8], _ name: @autoclosure () -> String) {
    // As `validate` reads a bundle, which leaves weights where they are, and as all others do.
    for leaves in [true, false] {
      var report = Report()
      do {
        let file = MappedFile(bytes: bytes.span.bytes, path: "")
        _ = try BundleReader.read(file, leavesWeights: leaves, &report)
        missed.append(name())
      } catch {
        if leaves { codes[error.code.rawValue, default: 0] += 1 }
      }
    }
  }
}
