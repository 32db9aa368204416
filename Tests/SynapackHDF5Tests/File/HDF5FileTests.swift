import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackHDF5

/// Files that h5py wrote in each version of the format; element i of each array is i modulo 100.
struct HDF5FileTests {
  static let versions = ["earliest", "latest"]

  static func open(_ name: String) throws -> HDF5File {
    try HDF5File(MappedFile(path: Fixtures.path("hdf5/" + name)))
  }

  private func tensor(_ path: String, _ file: inout HDF5File) throws -> Tensor {
    let object = try #require(try file.object(path, in: file.root), "\(path)")
    return try file.tensor(of: try file.dataset(object))
  }

  @Test(arguments: versions)
  func everyTypeOfNumberIsRead(version: String) throws {
    var file = try Self.open("read/\(version).h5")
    let types: [(String, ElementType)] = [
      ("<f2", .float16), (">f2", .float16), ("<f4", .float32), (">f4", .float32),
      ("<f8", .float64), (">f8", .float64), ("<i1", .int8), ("<i2", .int16), (">i2", .int16),
      ("<i4", .int32), (">i4", .int32), ("<i8", .int64), (">i8", .int64), ("<u1", .uint8),
      ("<u2", .uint16), (">u2", .uint16), ("<u4", .uint32), (">u4", .uint32), ("<u8", .uint64),
      (">u8", .uint64), ("array", .int16),
    ]
    for (name, type) in types {
      let values = try tensor("types/" + name, &file)
      #expect(values.type == type && values.shape.dimensions == [2, 3], "\(name)")
      #expect(values.floats() == [0, 1, 2, 3, 4, 5], "\(name)")
    }
    let flags = try tensor("types/bool", &file)
    #expect(flags.type == .bool && flags.floats() == [0, 1, 1, 1, 1, 1])
    #expect(try tensor("types/scalar", &file).shape.dimensions == [])
    #expect(try tensor("types/null", &file).shape.count == 0)
    #expect(try tensor("types/empty", &file).shape.dimensions == [0, 3])
  }

  @Test(arguments: versions)
  func everyLayoutIsRead(version: String) throws {
    var file = try Self.open("read/\(version).h5")
    let forms = ["plain", "gzip", "shuffle", "checked", "all"]
    let names =
      ["contiguous", "compact", "odd-checked"]
      + forms.flatMap { ["chunks-" + $0, "one-chunk-" + $0] }
    for name in names {
      let values = try tensor("layouts/" + name, &file)
      #expect(values.shape.dimensions == [5, 7])
      #expect(values.floats() == (0..<35).map(Float.init), "\(name)")
      #expect((values.filePath != nil) == ["contiguous", "compact"].contains(name), "\(name)")
    }
    let many = try tensor("layouts/many-chunks", &file)
    let expected: [Float] = (0..<2100).map { Float($0 % 100) }
    #expect(many.floats() == expected)
  }

  @Test(arguments: versions)
  func whatWasNeverWrittenHasTheFillValue(version: String) throws {
    var file = try Self.open("read/\(version).h5")
    let sparse = try tensor("layouts/sparse", &file).floats()
    let expected: [Float] = [9, 9, 1, 1, 9, 9, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9]
    #expect(sparse == expected)
    #expect(try tensor("layouts/unwritten", &file).floats() == [9, 9, 9, 9])
    #expect(try tensor("layouts/unwritten-chunks", &file).floats() == [0, 0, 0, 0])
  }

  @Test(arguments: versions)
  func textsAreReadInEachForm(version: String) throws {
    var file = try Self.open("read/\(version).h5")
    let expected = [
      "fixed": ["one", "", "three"], "variable": ["eins", "", "drei – ü"],
      "chunked": ["a", "bc", "def"], "scalar": ["text"],
    ]
    for (name, texts) in expected.sorted(by: { $0.key < $1.key }) {
      let object = try #require(try file.object("texts/" + name, in: file.root))
      #expect(try file.texts(of: try file.dataset(object)) == texts, "\(name)")
    }
    let group = try #require(try file.object("texts", in: file.root))
    for (name, texts) in [
      ("fixed", ["one", "two"]), ("variable", ["eins", "zwei"]), ("scalar", ["text"]),
    ] {
      let attribute = try #require(try file.attribute(name, of: group))
      #expect(try file.texts(of: attribute) == texts, "\(name)")
    }
    let number = try #require(try file.attribute("number", of: group))
    #expect(try file.tensor(of: number).integers() == [7])
    let numbers = try #require(try file.attribute("numbers", of: group))
    #expect(try file.tensor(of: numbers).floats() == [0, 1, 2, 3])
    #expect(try file.attribute("none", of: group) == nil)
  }

  @Test(arguments: versions)
  func groupsOfAnySizeAreWalked(version: String) throws {
    var file = try Self.open("read/\(version).h5")
    let many = try #require(try file.object("many", in: file.root))
    let names = try file.links(of: many).map(\.name)
    let expected: [String] = (0..<60).map { $0 < 10 ? "link-0\($0)" : "link-\($0)" }
    #expect(names == expected)
    #expect(try tensor("many/link-47", &file).floats() == [47])
    #expect(try tensor("a/b/c/value", &file).floats() == [0, 1, 2])
    #expect(try tensor("soft/c/value", &file).floats() == [0, 1, 2])
    #expect(try tensor("/a/b/c/again", &file).floats() == [0, 1, 2])
    #expect(try file.object("a/b/d", in: file.root) == nil)
  }

  @Test func chunksWithoutAnIndexAreRead() throws {
    var file = try Self.open("read/implicit.h5")
    #expect(try tensor("implicit", &file).floats() == (0..<35).map(Float.init))
  }

  @Test func aFileMayFollowAUserBlock() throws {
    var file = try Self.open("read/user-block.h5")
    #expect(try tensor("value", &file).floats() == [0, 1, 2])
  }
}
