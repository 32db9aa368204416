import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

@Suite struct NumPyArchiveTests {
  private let folder = TemporaryFolder()

  private func write(_ arrays: [(name: String, tensor: Tensor)]) throws -> String {
    folder.write(try NumPyArchive.bytes(of: arrays), to: "a.npz")
    return folder.path("a.npz")
  }

  private func sample(_ values: [Float]) throws -> Tensor {
    try Tensor(shape: Shape([values.count]), floats: values)
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let path = try write([("x", try sample([1, 2])), ("folder/y", try sample([]))])
    let file = try MappedFile(path: path)
    #expect(NumPyArchive.recognises(file))
    let archive = try NumPyArchive(file)
    #expect(archive.names == ["x", "folder/y"])
    let x = try archive.array("x")
    #expect(x.floats() == [1, 2])
    #expect(x.filePath == path)
    #expect(try archive.array("folder/y").shape.dimensions == [0])
  }

  @Test func everyTypeIsWrittenAsItIs() throws {
    for type in ElementType.allCases {
      let bytes = (0..<6 * type.byteCount).map { UInt8($0 * 7 % 60) }
      let tensor = try Tensor(shape: Shape([2, 3]), type: type, bytes: bytes)
      let written = NumPyArrayFile.bytes(of: tensor)
      folder.write(written, to: "a.npy")
      let read = try NumPyArrayFile.read(path: folder.path("a.npy"))
      #expect(read.shape == tensor.shape)
      #expect(read.floats() == tensor.floats(), "\(type)")
      // numpy knows no bfloat16, so that is widened.
      #expect(read.type == (type == .bfloat16 ? .float32 : type))
      #expect((written.count - read.byteCount) % 64 == 0)
    }
  }

  @Test func ranksAreWrittenAsTuples() throws {
    for dimensions in [[], [3], [0, 2], [1, 1, 1, 2]] {
      let shape = try Shape(dimensions)
      let tensor = try Tensor(shape: shape, floats: Array(repeating: 1, count: shape.count))
      folder.write(NumPyArrayFile.bytes(of: tensor), to: "a.npy")
      #expect(try NumPyArrayFile.read(path: folder.path("a.npy")).shape == shape)
    }
  }

  @Test func keysDecideAmongArrays() throws {
    let one = try write([("only", try sample([1]))])
    #expect(try NumPyData.read(path: one).floats() == [1])
    #expect(try NumPyData.read(path: one, key: "only").floats() == [1])
    let two = try write([("a", try sample([1])), ("b", try sample([2]))])
    #expect(try NumPyData.read(path: two, key: "b").floats() == [2])
    for key in [nil, "c", "a.npy"] as [String?] {
      let error = #expect(throws: PackError.self) { try NumPyData.read(path: two, key: key) }
      #expect(error?.code == .unknownArray)
      #expect(error?.message.contains("`a`, `b`") == true)
    }
    folder.write(NumPyArrayFile.bytes(of: try sample([3])), to: "c.npy")
    #expect(try NumPyData.read(path: folder.path("c.npy")).floats() == [3])
    #expect(
      code { () throws(PackError) in
        _ = try NumPyData.read(path: folder.path("c.npy"), key: "a")
      } == .unknownArray)
  }

  @Test func otherEntriesAndDamageAreRefused() throws {
    var writer = ZipWriter()
    try writer.add("a.txt", [1])
    folder.write(writer.finish(), to: "b.npz")
    let path = folder.path("b.npz")
    #expect(
      code { () throws(PackError) in _ = try NumPyData.read(path: path) } == .malformedArrayFile)
    var bytes = try NumPyArchive.bytes(of: [("a", try sample([1, 2, 3]))])
    // Within the data of the array.
    bytes[35 + 128 + 5] ^= 1
    folder.write(bytes, to: "c.npz")
    let damaged = folder.path("c.npz")
    #expect(
      code { () throws(PackError) in _ = try NumPyData.read(path: damaged) } == .wrongChecksum)
  }

  @Test func theByteIsCountedFromTheFile() throws {
    var bytes = try NumPyArchive.bytes(of: [("a", try sample([1])), ("b", try sample([2]))])
    let text = Array("fortran_order".utf8)
    let second = try #require(bytes.ranges(of: text).last)
    bytes[second.lowerBound] = UInt8(ascii: "g")
    folder.write(bytes, to: "e.npz")
    let archive = try NumPyArchive(MappedFile(path: folder.path("e.npz")))
    // The checksum would be the first to speak.
    let error = try #require(throws: PackError.self) {
      try archive.array("b", checked: false)
    }
    guard case .bytes(let range)? = error.trail.first else {
      Issue.record("\(error.trail)")
      return
    }
    #expect(range.lowerBound > second.lowerBound && range.lowerBound < second.upperBound + 8)
    #expect(error.trail.dropFirst().first == .section("b.npy"))
  }

  @Test func everyCutIsRefusedAndEveryChangedByteIsAnAnswer() throws {
    let bytes = try NumPyArchive.bytes(of: [("a", try sample([1]))])
    let path = folder.path("d.npz")
    for count in bytes.indices {
      folder.write(Array(bytes.prefix(count)), to: "d.npz")
      #expect(throws: PackError.self) { try NumPyData.read(path: path) }
    }
    for index in bytes.indices {
      for flip: UInt8 in [1, 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        folder.write(changed, to: "d.npz")
        _ = try? NumPyData.read(path: path)
      }
    }
  }
}
