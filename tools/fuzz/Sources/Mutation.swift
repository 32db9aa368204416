/// Random choices of one mutation, all from the seed that libFuzzer gives (SplitMix64).
struct MutationRandom {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int {
    bound <= 1 ? 0 : Int(next() % UInt64(bound))
  }

  mutating func element<Value>(_ values: [Value]) -> Value {
    values[below(values.count)]
  }

  /// A number at which arithmetic goes wrong, or a small one.
  mutating func number() -> UInt64 {
    let edges: [UInt64] = [
      0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, 1 << 31, (1 << 31) - 1,
      (1 << 32) - 1, 1 << 32, 1 << 62, 1 << 63, (1 << 63) - 1, .max, .max - 1, .max - 7,
    ]
    switch below(3) {
    case 0: return element(edges)
    case 1: return UInt64(below(16))
    default: return next() >> UInt64(below(64))
    }
  }
}

/// libFuzzer's mutation of a part of the input, at most `growth` bytes longer.
func mutated(_ bytes: [UInt8], growth: Int = 16) -> [UInt8] {
  let capacity = bytes.count + growth
  guard capacity > 0 else { return bytes }
  var buffer = bytes + [UInt8](repeating: 0, count: growth)
  let count = buffer.withUnsafeMutableBufferPointer {
    libFuzzerMutate($0.baseAddress!, bytes.count, capacity)
  }
  return Array(buffer[..<min(count, capacity)])
}

/// A format's own mutation: a changed input of at most `capacity` bytes, or `nil` where the input
/// has not the form that it works on.
typealias Mutator = (_ input: [UInt8], _ capacity: Int, _ random: inout MutationRandom) -> [UInt8]?
