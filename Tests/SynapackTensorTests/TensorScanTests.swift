import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@Suite struct TensorScanTests {
  private let types: [(type: ElementType, exponent: UInt64)] = [
    (.float16, 0x7C00), (.bfloat16, 0x7F80), (.float32, 0x7F80_0000),
  ]

  private func tensor(_ type: ElementType, _ elements: [UInt64]) throws -> Tensor {
    var bytes: [UInt8] = []
    for element in elements {
      for byte in 0..<type.byteCount {
        bytes.append(UInt8(truncatingIfNeeded: element >> UInt64(8 * byte)))
      }
    }
    return try Tensor(shape: Shape([elements.count]), type: type, bytes: bytes)
  }

  @Test func everyPlaceIsSeen() throws {
    for (type, exponent) in types {
      let lowest = exponent & ~(exponent << 1)
      // The largest finite magnitude with either sign carries into nothing.
      let sign = (exponent << 1) & ~exponent
      let largest = exponent - 1
      for count in 1...17 {
        let calm = (0..<count).map { $0 % 2 == 0 ? largest : largest | sign }
        #expect(try tensor(type, calm).firstNonFinite() == nil, "\(type) \(count)")
        for place in 0..<count {
          for bad in [exponent, exponent | sign, exponent | 1, exponent | (lowest >> 1)] {
            var elements = calm
            elements[place] = bad
            elements[count - 1] = place == count - 1 ? bad : elements[count - 1]
            #expect(try tensor(type, elements).firstNonFinite() == place, "\(type) \(place)")
          }
        }
      }
    }
  }

  @Test func randomTensorsAgreeWithTheirFloats() throws {
    for seed: UInt64 in 1...8 {
      var random = SeededGenerator(seed: seed)
      for (type, exponent) in types {
        // Bits at random, with an exponent of ones rare enough to lie far inside.
        let elements = (0..<20_001).map { index -> UInt64 in
          let bits = UInt64.random(in: 0...UInt64.max, using: &random)
          return index % 4099 == Int(seed) * 500
            ? bits | exponent : bits & ~(exponent & ~(exponent << 1))
        }
        let tensor = try tensor(type, elements)
        let expected = tensor.floats().firstIndex { !$0.isFinite }
        #expect(tensor.firstNonFinite() == expected, "seed \(seed), \(type)")
      }
    }
  }

  /// What is finite as float64 and infinite as float32 would run as infinity.
  @Test func doublesBeyondFloat32AreSeen() throws {
    let edge: Double = 0x1.ffffffp127
    let good = [
      0, 1.5, edge.nextDown, Double(Float.greatestFiniteMagnitude), .leastNonzeroMagnitude,
    ]
    let bad = [edge, edge.nextUp, 1e300, .greatestFiniteMagnitude, .infinity, .nan]
    for value in good {
      #expect(Float(value).isFinite)
      #expect(try tensor(.float64, [value, -value].map(\.bitPattern)).firstNonFinite() == nil)
    }
    for value in bad.flatMap({ [$0, -$0] }) {
      #expect(!Float(value).isFinite)
      for place in 0..<7 {
        var elements = Array(repeating: (-1.0).bitPattern, count: 7)
        elements[place] = value.bitPattern
        #expect(try tensor(.float64, elements).firstNonFinite() == place, "\(value)")
      }
    }
  }

  @Test func mappedTensorsAreScannedInPlace() throws {
    let folder = TemporaryFolder()
    // An odd offset, so that no element is aligned.
    var bytes = [UInt8](repeating: 0, count: 3 + 4 * 5000)
    bytes[3 + 4 * 4321 + 2] = 0x80
    bytes[3 + 4 * 4321 + 3] = 0x7F
    folder.write(bytes, to: "weights")
    let file = try MappedFile(path: folder.path("weights"))
    let tensor = try Tensor(
      shape: Shape([5000]), type: .float32, file: file, range: 3..<bytes.count)
    #expect(tensor.firstNonFinite() == 4321)
    // The pages were given back; they come again.
    #expect(tensor.floats(in: 4321..<4322) == [.infinity])
  }

  @Test func integersAreFinite() throws {
    let ones = try Tensor(shape: Shape([4]), type: .uint8, bytes: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(ones.firstNonFinite() == nil)
    #expect(try Tensor(shape: Shape([0]), floats: []).firstNonFinite() == nil)
  }
}
