import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackHDF5

/// Every dangerous or foreign part of HDF5 is refused by its own name, and no bytes trap.
struct HDF5RefusalTests {
  /// Reads the dataset `value` of a file that must be refused.
  private func refusal(_ name: String) -> PackError? {
    do throws(PackError) {
      var file = try HDF5File(MappedFile(path: Fixtures.path("hdf5/refused/\(name).h5")))
      var object = file.root
      // The cycle closes on the second step.
      for _ in 0..<2 {
        object = try file.object("value", in: object) ?? object
        guard !file.isDataset(object) else { break }
      }
      let dataset = try file.dataset(object)
      _ = try file.attribute("any", of: object)
      for _ in 0..<4 { _ = try file.tensor(of: dataset) }
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("external-storage", ErrorCode.unsafeHDF5, "external storage"),
    ("external-link", .unsafeHDF5, "an external link, `value`"),
    ("user-link", .unsafeHDF5, "a user-defined link, `value`"),
    ("virtual", .unsafeHDF5, "a virtual dataset"),
    ("soft-loop", .hdf5LinkCycle, "soft link"),
    ("hard-cycle", .hdf5LinkCycle, "contains itself"),
    ("compound", .unsupportedHDF5, "compound"),
    ("reference", .unsupportedHDF5, "reference"),
    ("opaque", .unsupportedHDF5, "opaque"),
    ("sequence", .unsupportedHDF5, "sequences of variable length"),
    ("enumeration", .unsupportedHDF5, "not a truth value"),
    ("odd-float", .unsupportedHDF5, "not IEEE 754"),
    ("named-type", .unsupportedHDF5, "named datatype"),
    ("lzf", .unsupportedHDF5, "lzf (32000)"),
    ("scale-offset", .unsupportedHDF5, "scale-offset (6)"),
    ("extensible-array", .unsupportedHDF5, "extensible array"),
    ("newer-tree", .unsupportedHDF5, "B-tree of version 2"),
    ("dense-attributes", .unsupportedHDF5, "dense storage of attributes"),
    ("huge-fill", .hdf5TooLarge, "cannot explain"),
    ("bomb", .hdf5TooLarge, "cannot explain"),
  ])
  func isRefusedByName(file: String, code: ErrorCode, words: String) throws {
    let error = try #require(refusal(file), "\(file) was read")
    #expect(error.code == code && error.message.contains(words), "\(file): \(error)")
    let isAboutBytes = ![ErrorCode.hdf5LinkCycle, .hdf5TooLarge].contains(code)
    let hasBytes = error.trail.contains { if case .bytes = $0 { true } else { false } }
    #expect(hasBytes || !isAboutBytes, "\(error)")
  }

  @Test func everyRefusedFileIsTested() {
    for name in FixtureFiles.names(in: "hdf5/refused", suffix: ".h5") {
      #expect(refusal(name) != nil, "\(name)")
    }
  }

  @Test func textsAreNoNumbersAndNumbersNoTexts() throws {
    var file = try HDF5FileTests.open("read/earliest.h5")
    let texts = try #require(try file.object("texts/fixed", in: file.root))
    let numbers = try #require(try file.object("types/<f4", in: file.root))
    #expect(throws: PackError.self) { try file.tensor(of: try file.dataset(texts)) }
    #expect(throws: PackError.self) { try file.texts(of: try file.dataset(numbers)) }
  }

  @Test func anotherFileIsNoHDF5() throws {
    let folder = TemporaryFolder()
    for bytes in [[], [0x89], Array("GIF89a".utf8), [UInt8](repeating: 0, count: 5000)] {
      folder.write(bytes, to: "x")
      let error = #expect(throws: PackError.self) {
        try HDF5File(MappedFile(path: folder.path("x")))
      }
      #expect(error?.code == .malformedHDF5)
    }
  }
}
