import CLibFuzzer

/// The choices of a mutator (SplitMix64), repeatable from libFuzzer's seed.
struct MutationRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A number below `bound`; 0 for a bound of 0.
  mutating func below(_ bound: Int) -> Int {
    bound <= 1 ? 0 : Int(next() % UInt64(bound))
  }

  mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

  /// A number as readers stumble over: near a power of two, near zero, or anything.
  mutating func oddNumber() -> UInt64 {
    switch below(6) {
    case 0: return UInt64(below(17))
    case 1: return 0 &- UInt64(below(17))
    case 2: return (UInt64(1) << UInt64(below(64))) &- UInt64(below(3))
    case 3: return (UInt64(1) << UInt64(below(64))) &+ UInt64(below(3))
    case 4: return UInt64(below(4096))
    default: return next()
    }
  }

  /// `bytes` changed as libFuzzer changes them, at most `largest` of them.
  mutating func changed(_ bytes: [UInt8], atMost largest: Int) -> [UInt8] {
    guard largest > 0 else { return bytes }
    let count = min(bytes.count, largest)
    var room = Array(bytes.prefix(count)) + [UInt8](repeating: 0, count: largest - count)
    let made = room.withUnsafeMutableBufferPointer { buffer in
      LLVMFuzzerMutate(buffer.baseAddress, count, largest)
    }
    return Array(room.prefix(made))
  }
}
