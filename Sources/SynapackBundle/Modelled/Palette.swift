/// The payloads that occur among the inputs of some channels, ascending.
struct Palette {
  private(set) var payloads: [Int32]

  /// The different values of `inputs`.
  init(of inputs: Set<Int32>) {
    payloads = inputs.sorted()
  }

  /// A decoder's, before ``code(_:within:)`` fills it.
  init() {
    payloads = []
  }

  /// How many payloads stand below `payload`, which a decoder may choose at will.
  func place(of payload: Int32) -> Int {
    var range = 0..<payloads.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if payloads[middle] < payload {
        range = middle + 1..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }

  /// The nearest place that there is.
  func limited(_ place: Int) -> Int { min(max(place, 0), payloads.count - 1) }

  /// Codes the count of payloads, then of each how many were left out before it; the contexts are
  /// the gap before and its binary digits.
  ///
  /// - Returns: false where the stream holds none, or leaves the range of payloads.
  mutating func code<Coder: BinaryCoder>(
    _ model: inout IntegerModel, within range: ClosedRange<Int>, _ coder: inout Coder
  ) -> Bool {
    for input in 0..<ContextMixer.inputs { model.enter(0, at: input) }
    let count = Int(truncatingIfNeeded: model.code(Int64(payloads.count), &coder))
    guard (1...range.count).contains(count) else { return false }
    var coded: [Int32] = []
    var last = range.lowerBound - 1
    for index in 0..<count {
      let gap = index < payloads.count ? Int(payloads[index]) - last - 1 : 0
      let next = last + 1 + Int(truncatingIfNeeded: model.code(Int64(gap), &coder))
      guard next > last, next <= range.upperBound else { return false }
      model.enter(1 + min(next - last - 1, 63), at: 0)
      model.enter((next - last - 1).digits, at: 1)
      coded.append(Int32(truncatingIfNeeded: next))
      last = next
    }
    payloads = coded
    return true
  }
}
