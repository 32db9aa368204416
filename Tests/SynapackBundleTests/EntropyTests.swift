import SynapackProgram
import Testing

@testable import SynapackBundle

@Suite struct EntropyTests {
  @Test func theBoundIsThatOfTheLevelsOfEachTensor() throws {
    #expect([Int16]().entropyBits == 0)
    #expect([Int16](repeating: 3, count: 100).entropyBits == 0)
    #expect([Int16]([0, 1]).entropyBits == 2)
    #expect([Int16]([-1, 0, 1, 2, 5, 6, 7, 9]).entropyBits == 24)
    // Three of four: 3·log2(4/3) + 2.
    let uneven: [Int16] = [0, 0, 0, 7]
    #expect(abs(uneven.entropyBits - 3.2451124978365313) < 1e-12)
  }

  @Test func aProgramAddsItsTensors() throws {
    var bundle = try denseBundle(weights: [1, 1, 1, 1, 1, 2, 2, 2, 2, 2], bits: 4)
    #expect(WeightEntropy.bytes(of: bundle.program) == 2)
    bundle.program.connections.append(bundle.program.connections[0])
    // 20 bits in all, rounded up once.
    #expect(WeightEntropy.bytes(of: bundle.program) == 3)
  }
}
