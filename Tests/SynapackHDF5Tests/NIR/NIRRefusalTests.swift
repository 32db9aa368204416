import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackHDF5

/// Networks that are no sound NIR, or more than a graph can hold.
struct NIRRefusalTests {
  private func refusal(_ file: MappedFile) -> PackError? {
    var report = Report()
    do throws(PackError) {
      _ = try NIRImporter.graph(
        file, options: ImportOptions(dialect: "reset=subtract"), &report)
      return nil
    } catch {
      return error
    }
  }

  private func refusal(_ name: String) throws -> PackError? {
    refusal(try MappedFile(path: Fixtures.path("nir/refused/\(name).nir")))
  }

  @Test(arguments: [
    ("recurrent", ErrorCode.recurrentNetwork, "`n1`"),
    ("unknown-field", .malformedNIR, "`trick`"),
    ("unknown-type", .unsupportedOperators, "Magic"),
    ("missing-field", .malformedNIR, "`v_threshold`"),
    ("edge-to-nowhere", .malformedNIR, "`n9`"),
    ("edge-twice", .malformedNIR, "twice"),
    ("into-input", .recurrentNetwork, "`input`"),
    ("not-finite", .notFinite, "nan"),
    ("zero-threshold", .unsupportedAttribute, "not above 0"),
    ("wrong-output", .wrongShape, "[3]"),
    ("same-stride", .unsupportedAttribute, "`same` with the stride [2, 2]"),
  ])
  func isRefusedByName(name: String, code: ErrorCode, words: String) throws {
    let error = try #require(try refusal(name), "\(name) was read")
    #expect(error.code == code && error.message.contains(words), "\(error)")
    #expect(error.isInFile)
  }

  @Test func everyRefusedFileIsTested() throws {
    for name in FixtureFiles.names(in: "nir/refused", suffix: ".nir") {
      #expect(try refusal(name) != nil, "\(name)")
    }
  }

  @Test(arguments: ["if", "lif"])
  func changedAndShortenedBytesAreSurvived(name: String) throws {
    let original = try MappedFile(path: Fixtures.path("nir/models/\(name).nir")).prefix(.max)
    let folder = TemporaryFolder()
    var random = SeededGenerator(seed: 5)
    var refused = 0
    for index in stride(from: 0, to: original.count, by: 5) {
      folder.write(Array(original.prefix(index)), to: "x")
      #expect(refusal(try MappedFile(path: folder.path("x"))) != nil, "\(index)")
      var bytes = original
      bytes[index] ^= UInt8.random(in: 1...255, using: &random)
      folder.write(bytes, to: "x")
      if refusal(try MappedFile(path: folder.path("x"))) != nil { refused += 1 }
    }
    #expect(refused > 20)
  }
}
