import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

@Suite struct NumPyArrayFileTests {
  private let folder = TemporaryFolder()

  /// A file of version 1 with this header and data.
  private func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let length = header.utf8.count
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    for shift in 0..<(version == 1 ? 2 : 4) { bytes.append(UInt8(length >> (8 * shift) & 0xFF)) }
    return bytes + Array(header.utf8) + data
  }

  private func header(_ type: String, _ shape: String, fortran: String = "False") -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }     \n"
  }

  private func read(_ bytes: [UInt8]) throws(PackError) -> Tensor {
    folder.write(bytes, to: "array.npy")
    return try NumPyArrayFile.read(path: folder.path("array.npy"))
  }

  private func code(_ bytes: [UInt8]) -> ErrorCode? {
    SynapackImportTests.code { () throws(PackError) in _ = try read(bytes) }
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func versionsAreRead(version: UInt8) throws {
    let array = try read(file(header("<i2", "(2, 1)"), [1, 0, 0xFF, 0xFF], version: version))
    #expect(array.shape.dimensions == [2, 1])
    #expect(try array.integers() == [1, -1])
  }

  @Test(arguments: [
    ("|u1", 1), ("|i1", 1), ("|b1", 1), ("<u2", 2), ("<i4", 4), ("<i8", 8), ("<f2", 2), ("<f4", 4),
    ("<f8", 8), (">f4", 4), (">u2", 2),
  ])
  func numberTypesAreRead(type: String, size: Int) throws {
    let array = try read(file(header(type, "(3,)"), Array(repeating: 0, count: 3 * size)))
    #expect(array.floats() == [0, 0, 0])
    #expect(array.type.byteCount == size)
  }

  @Test func bigEndianIsConverted() throws {
    let array = try read(file(header(">f4", "(1,)"), [0x3F, 0xC0, 0, 0]))
    #expect(array.floats() == [1.5])
  }

  @Test func columnsFirstIsConverted() throws {
    // The array [[[0, 1], [2, 3], [4, 5]], [[6, …]]] with its first axis fastest.
    let data: [UInt8] = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]
    let array = try read(file(header("|u1", "(2, 3, 2)", fortran: "True"), data))
    #expect(try array.integers() == Array(0..<12))
    #expect(array.shape.dimensions == [2, 3, 2])
  }

  @Test func shapesOfAnyRankAreRead() throws {
    #expect(try read(file(header("|u1", "()"), [7])).shape.dimensions == [])
    #expect(try read(file(header("|u1", "(0, 3)"))).shape.count == 0)
    let fortran = header("|u1", "()", fortran: "True")
    #expect(try read(file(fortran, [7])).integers() == [7])
  }

  @Test(arguments: ["|O", "|V8", "<c8", "<U4", "<M8[s]", "f4", "=f4", "<f16", "|f4", ""])
  func otherTypesAreRefused(type: String) {
    #expect(code(file(header(type, "(1,)"), [0, 0, 0, 0])) == .unsupportedArrayType)
  }

  @Test func structuresAreRefused() {
    let text = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"
    #expect(code(file(text, [0, 0, 0, 0])) == .unsupportedArrayType)
  }

  @Test(arguments: [
    "", "{}", "{'descr': '|u1', 'fortran_order': False}", "{'descr': '|u1', 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': [1]}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1.0,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (True,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1L,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} + f()",
    "{'descr': __import__('os'), 'fortran_order': False, 'shape': ((1,),)}",
    "{'descr': '\\u007cu1', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (" + String(repeating: "(", count: 50_000),
  ])
  func malformedHeadersAreRefused(text: String) {
    let result = code(file(text, [0]))
    #expect(result == .malformedArrayFile || result == .unsupportedArrayType)
  }

  @Test func lengthsAreExact() {
    #expect(code(file(header("<f4", "(2,)"), Array(repeating: 0, count: 7))) == .malformedArrayFile)
    #expect(code(file(header("<f4", "(2,)"), Array(repeating: 0, count: 9))) == .malformedArrayFile)
  }

  @Test func emptyArraysWithHugeExtentsAreRefused() {
    for order in ["True", "False"] {
      let shape = "(0, 4611686018427387904, 4611686018427387904)"
      #expect(code(file(header("|u1", shape, fortran: order))) == .malformedArrayFile)
    }
  }

  @Test func headersAreBoundedBeforeTheyAreRead() {
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8)
    #expect(code(start + [1, 0, 0xFF, 0xFF]) == .malformedArrayFile)
    #expect(code(start + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == .malformedArrayFile)
    #expect(code(start + [0, 0, 1, 0, 0x20]) == .malformedArrayFile)
    #expect(code(start + [4, 0, 1, 0, 0, 0, 0x20]) == .malformedArrayFile)
    #expect(code(start) == .malformedArrayFile)
    #expect(code([]) == .malformedArrayFile)
  }

  @Test func everyTruncationAndEveryDamageIsSurvived() throws {
    let bytes = try fixtureBytes("onnx/ops/chain-opset-13.input.npy")
    for length in bytes.indices {
      #expect(code(Array(bytes[..<length])) == .malformedArrayFile)
    }
    for index in 0..<128 {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        _ = try? read(damaged)
      }
    }
  }
}
