import SynapackConvert
import SynapackProgram
import SynapackSupport
import Testing

struct InputKindTests {
  @Test func countsArriveAsTheyWereRecorded() throws {
    let encoding = try InputKind.events.encoding(of: [0, 0.25, 0.75, 0, -0.5], bits: 8, seed: 0)
    #expect(encoding == .events(bits: 8, signed: true, scale: 0.25))
  }

  @Test func framesThatCountNothingUseTheWholeWidth() throws {
    let encoding = try InputKind.events.encoding(of: [0, 0.3, 0.7, 1], bits: 4, seed: 0)
    #expect(encoding == .events(bits: 4, signed: false, scale: 1.0 / 15))
  }

  @Test func poissonSendsTheLargestValueInEveryTick() throws {
    let encoding = try InputKind.poisson.encoding(of: [0.5, -4, 3], bits: 12, seed: 9)
    #expect(encoding == .poisson(signed: true, scale: 4, seed: 9))
  }

  @Test func silenceHasAnEncoding() throws {
    for kind in InputKind.allCases {
      #expect(try kind.encoding(of: [0, 0], bits: 8, seed: 0).scale == 1)
    }
  }

  @Test func valuesBeyondEveryUnitAreRefused() {
    #expect(throws: PackError.self) {
      try InputKind.current.encoding(of: [.leastNonzeroMagnitude], bits: 12, seed: 0)
    }
  }
}
