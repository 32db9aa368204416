import SynapackSupport
import Testing

@testable import SynapackExport

@Suite struct AkidaScaleTests {
  /// The chip's activation, as akida's backend computes it.
  private func activation(_ scale: AkidaScale, _ potential: Int) -> Int {
    let biased = potential + scale.bias.value << scale.bias.shift
    let held = min(max(biased, 0), scale.ceiling.value << scale.ceiling.shift)
    return (held * scale.multiplier + 1 << (scale.shift - 1)) >> scale.shift
  }

  private func isDivision(
    _ scale: AkidaScale, threshold: Int, offset: Int, largest: Int
  ) -> Bool {
    let ends = (largest + 3) * threshold
    return (-ends - offset...ends - offset).allSatisfy { potential in
      let quotient = Int((Double(potential + offset) / Double(threshold)).rounded(.down))
      return activation(scale, potential) == min(max(quotient, 0), largest)
    }
  }

  /// Whatever numbers are found, they divide, potential by potential.
  @Test func whatIsFoundDivides() {
    var random = SeededGenerator(seed: 11)
    var found = 0
    for _ in 0..<300 {
      let threshold = Int.random(in: 1...200, using: &random)
      let offset = Int.random(in: -150...150, using: &random)
      let largest = [1, 3, 15, 127][Int.random(in: 0...3, using: &random)]
      guard let scale = AkidaScale(threshold: threshold, offset: offset, largest: largest) else {
        continue
      }
      found += 1
      #expect(
        isDivision(scale, threshold: threshold, offset: offset, largest: largest),
        "θ \(threshold), o \(offset), payloads to \(largest)")
    }
    #expect(found > 100)
  }

  /// One payload is a comparison, which every threshold has.
  @Test func onePayloadHasAScaleForEveryThreshold() {
    for threshold in 1...1_200 {
      for offset in [-100, 0, 77] where offset < threshold {
        let scale = AkidaScale(threshold: threshold, offset: offset, largest: 1)
        #expect(scale != nil, "θ \(threshold), o \(offset)")
      }
    }
  }

  /// Nothing is found where no numbers are right: all of them are tried.
  @Test func whatIsNotFoundDoesNotExist() {
    for threshold in [61, 97, 150] {
      #expect(AkidaScale(threshold: threshold, offset: 0, largest: 15) == nil)
      for shift in 1...15 {
        for multiplier in 1...255 {
          let least = { (2 * $0 - 1) << (shift - 1) + multiplier - 1 }
          let rises = (1...15).map { least($0) / multiplier - $0 * threshold }
          #expect(Set(rises).count > 1, "θ \(threshold), \(multiplier), \(shift)")
        }
      }
    }
  }
}
