import SynapackTensor
import Testing

@testable import SynapackConvert

/// Neurons keep a channel together, wires of tokens a token.
struct LayoutTests {
  @Test func tokensAreTransposed() throws {
    let order = Layout.neurons(of: try Shape([3, 2, 2]), on: try Shape([4, 3]))
    // The first token holds the first cell of every channel.
    #expect(order == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
  }

  /// Two heads of two channels over three tokens: [head][token][channel].
  @Test func headsAreTransposedEach() throws {
    let order = Layout.neurons(of: try Shape([4, 1, 3]), on: try Shape([2, 3, 2]))
    #expect(order == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
  }

  @Test func planesStayAsTheyAre() throws {
    for (population, wire) in [
      ([4, 3, 3], [4, 3, 3]), ([8], [8]), ([8, 1, 1], [8]), ([2, 3, 3], [1, 2, 3, 3]),
      ([2, 4, 4], [2, 4, 4]),
    ] {
      #expect(Layout.neurons(of: try Shape(population), on: try Shape(wire)) == nil)
    }
  }
}
