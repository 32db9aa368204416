import SynapackProgram
import SynapackTensor
import Testing

@testable import SynapackSimulate

struct LaneSynapsesTests {
  private func laidOut(_ values: [Int16]) throws -> LaneSynapses? {
    let connection = Connection(
      source: .population(0), target: 1,
      synapses: .dense(IntegerWeights(shape: try Shape([values.count, 1]), values: values)),
      weightBits: 16)
    let relay = RelayTable(source: Extent(y: 1, x: 1), relays: [])
    return LaneSynapses(connection, payloads: 0...1, relay: relay, channels: 1)
  }

  /// The halves of every weight that has them make it up again.
  @Test func halvesMakeUpEveryWeight() throws {
    let values = (-32768...32639).map { Int16($0) }
    let synapses = try #require(try laidOut(values))
    for (output, value) in values.enumerated() {
      let (line, place) = (output / 16, output % 16 * 4)
      let lower = Int(synapses.weights[line][place]) - 128
      let upper = Int(synapses.upper[line][place]) - 128
      #expect(256 * upper + lower == Int(value))
    }
  }

  @Test func eightBitsNeedNoUpperHalf() throws {
    #expect(try laidOut([-128, 127])?.upper.isEmpty == true)
    #expect(try laidOut([-129, 127])?.upper.isEmpty == false)
    #expect(try laidOut([-128, 128])?.upper.isEmpty == false)
  }

  @Test(arguments: [Int16(32640), .max])
  func whatLeavesBothHalvesIsLeftToEvents(weight: Int16) throws {
    #expect(try laidOut([weight]) == nil)
  }
}
