import SynapackProgram
import Testing

struct InputEncodingTests {
  @Test func valuesRoundToNearestTiesToEven() {
    let encoding = InputEncoding.constantCurrent(bits: 8, signed: true, scale: 2)
    let (payloads, clipped) = encoding.encode(
      [0, 1, 3, 5, -1, -3, 2.9, 254, 255.1], ticks: 3)
    #expect(payloads == [0, 0, 2, 2, 0, -2, 1, 127, 127])
    #expect(clipped == 1)
  }

  @Test func theRangeIsLimitedAndCounted() {
    let unsigned = InputEncoding.constantCurrent(bits: 4, signed: false, scale: 1)
    #expect(unsigned.payloads == 0...15)
    let (payloads, clipped) = unsigned.encode(
      [-1, 0, 15, 15.4, 15.6, .infinity, -.infinity], ticks: 1)
    #expect(payloads == [0, 0, 15, 15, 15, 15, 0])
    #expect(clipped == 4)
  }

  @Test func aSignedRangeIsSymmetric() {
    #expect(InputEncoding.constantCurrent(bits: 8, signed: true, scale: 1).payloads == -127...127)
  }

  @Test func noNumberHasNoLevel() {
    let (payloads, _) = InputEncoding.constantCurrent(bits: 8, signed: true, scale: 1)
      .encode([.nan], ticks: 1)
    #expect(payloads == [0])
  }

  @Test func poissonFiresInProportionAndCarriesTheSign() {
    let encoding = InputEncoding.poisson(signed: true, scale: 2, seed: 1)
    let (payloads, clipped) = encoding.encode([0, 2, -2, 0.5, -1, 3], ticks: 4_000)
    #expect(payloads.count == 24_000)
    #expect(clipped == 1)
    let rates = (0..<6).map { neuron in
      Double(stride(from: neuron, to: 24_000, by: 6).reduce(0) { $0 + payloads[$1] }) / 4_000
    }
    for (rate, expected) in zip(rates, [0, 1, -1, 0.25, -0.5, 1]) {
      // Four standard deviations of a mean of 4,000 draws.
      #expect(abs(rate - expected) < 0.032, "\(rates)")
    }
  }

  @Test func poissonDependsOnTheSeedAndOnNothingElse() {
    let values: [Float] = (0..<64).map { Float($0) / 64 }
    let first = InputEncoding.poisson(signed: false, scale: 1, seed: 1).encode(values, ticks: 8)
    let again = InputEncoding.poisson(signed: false, scale: 1, seed: 1).encode(values, ticks: 16)
    let other = InputEncoding.poisson(signed: false, scale: 1, seed: 2).encode(values, ticks: 8)
    #expect(first.payloads == Array(again.payloads.prefix(64 * 8)))
    #expect(first.payloads != other.payloads)
  }

  @Test func poissonWithoutSignsDropsAndCountsNegativeValues() {
    let encoding = InputEncoding.poisson(signed: false, scale: 1, seed: 1)
    #expect(encoding.encode([-1, .nan], ticks: 8).payloads.allSatisfy { $0 == 0 })
    #expect(encoding.encode([-1, .nan], ticks: 8).clipped == 1)
  }

  @Test func eventsKeepEveryTick() {
    let encoding = InputEncoding.events(bits: 3, signed: true, scale: 0.5)
    let (payloads, clipped) = encoding.encode([0, 0.5, 1, -0.5, 2, 0], ticks: 3)
    #expect(payloads == [0, 1, 2, -1, 3, 0])
    #expect(clipped == 1)
  }
}
