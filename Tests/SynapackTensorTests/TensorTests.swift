import SynapackSupport
import SynapackTensor
import Testing

struct TensorTests {
  @Test(arguments: [[-1], [1 << 41], [1 << 33, 1 << 33], [0, 1 << 62, 1 << 62]])
  func impossibleShapesAreRefused(dimensions: [Int]) {
    #expect {
      _ = try Shape(dimensions)
    } throws: { ($0 as? PackError)?.code == .malformedTensor }
  }

  @Test func planesAreReadFromEveryRank() throws {
    #expect(try Shape([5]).planes.map { [$0, $1, $2] } == [5, 1, 1])
    #expect(try Shape([5, 7]).planes.map { [$0, $1, $2] } == [5, 1, 7])
    #expect(try Shape([5, 7, 9]).planes.map { [$0, $1, $2] } == [5, 7, 9])
    #expect(try Shape([]).planes == nil && Shape([1, 2, 3, 4]).planes == nil)
  }

  @Test func bytesMustFitTheShape() throws {
    for count in [0, 7, 9] {
      #expect {
        _ = try Tensor(
          shape: try Shape([2]), type: .float32, bytes: Array(repeating: 0, count: count))
      } throws: { ($0 as? PackError)?.code == .malformedTensor }
    }
  }

  /// Every one of the 65,536 half-precision patterns against the compiler's own type.
  @Test func halfPrecisionIsExact() throws {
    var bytes: [UInt8] = []
    for bits in UInt16.min...UInt16.max {
      bytes += [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
    let tensor = try Tensor(shape: try Shape([65_536]), type: .float16, bytes: bytes)
    for (index, value) in tensor.floats().enumerated() {
      let expected = Float(Float16(bitPattern: UInt16(index)))
      #expect(value == expected || (value.isNaN && expected.isNaN), "pattern \(index)")
    }
  }

  @Test func integersKeepTheirSigns() throws {
    let tensor = try Tensor(shape: try Shape([2]), type: .int16, bytes: [0xFE, 0xFF, 0x02, 0x00])
    #expect(try tensor.integers() == [-2, 2] && tensor.floats() == [-2, 2])
    let large = try Tensor(
      shape: try Shape([1]), type: .uint64, bytes: Array(repeating: 0xFF, count: 8))
    #expect {
      _ = try large.integers()
    } throws: { ($0 as? PackError)?.code == .wrongDataType }
  }

  @Test func rangesAreCutToTheTensor() throws {
    let tensor = try Tensor(shape: try Shape([4]), floats: [1, 2, 3, 4])
    #expect(tensor.floats(in: 2..<9) == [3, 4] && tensor.floats(in: 5..<6).isEmpty)
  }
}
