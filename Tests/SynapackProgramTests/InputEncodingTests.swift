import SynapackProgram
import Testing

struct InputEncodingTests {
  @Test func valuesRoundToNearestTiesToEven() {
    let encoding = InputEncoding.constantCurrent(bits: 8, signed: true, scale: 2)
    let (payloads, clipped) = encoding.encode([0, 1, 3, 5, -1, -3, 2.9, 254, 255.1])
    #expect(payloads == [0, 0, 2, 2, 0, -2, 1, 127, 127])
    #expect(clipped == 1)
  }

  @Test func theRangeIsLimitedAndCounted() {
    let unsigned = InputEncoding.constantCurrent(bits: 4, signed: false, scale: 1)
    #expect(unsigned.payloads == 0...15)
    let (payloads, clipped) = unsigned.encode([-1, 0, 15, 15.4, 15.6, .infinity, -.infinity])
    #expect(payloads == [0, 0, 15, 15, 15, 15, 0])
    #expect(clipped == 4)
  }

  @Test func aSignedRangeIsSymmetric() {
    #expect(InputEncoding.constantCurrent(bits: 8, signed: true, scale: 1).payloads == -127...127)
  }

  @Test func noNumberHasNoLevel() {
    let (payloads, _) = InputEncoding.constantCurrent(bits: 8, signed: true, scale: 1)
      .encode([.nan])
    #expect(payloads == [0])
  }
}
