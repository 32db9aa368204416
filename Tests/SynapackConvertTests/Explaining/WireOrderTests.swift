import SynapackTensor
import Testing

@testable import SynapackConvert

/// Neurons keep a channel together, wires of tokens a token.
struct WireOrderTests {
  @Test func tokensAreTransposed() throws {
    let order = WireOrder.places(of: try Shape([3, 2, 2]), on: try Shape([4, 3]))
    // Channel by channel: the first value of every token, then the second.
    #expect(order == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
  }

  /// Two heads of two channels over three tokens: [head][token][channel].
  @Test func headsAreTransposedEach() throws {
    let order = WireOrder.places(of: try Shape([4, 1, 3]), on: try Shape([2, 3, 2]))
    #expect(order == [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11])
  }

  @Test func planesStayAsTheyAre() throws {
    for (population, wire) in [
      ([4, 3, 3], [4, 3, 3]), ([8], [8]), ([8, 1, 1], [8]), ([2, 3, 3], [1, 2, 3, 3]),
      ([2, 4, 4], [2, 4, 4]),
    ] {
      #expect(WireOrder.places(of: try Shape(population), on: try Shape(wire)) == nil)
    }
  }
}
