import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackHDF5

/// Whole models cut off and changed: a refusal or a graph, never a trap.
struct KerasDamageTests {
  private func survives(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> Bool {
    folder.write(bytes, to: "x")
    let file = try MappedFile(path: folder.path("x"))
    var report = Report()
    _ = KerasImporter.recognises(file)
    do throws(PackError) {
      _ = try KerasImporter.graph(file, &report)
      return true
    } catch {
      return false
    }
  }

  @Test(arguments: ["p-re-lu.keras", "p-re-lu.keras2.h5"])
  func truncationsAreRefused(name: String) throws {
    let bytes = try MappedFile(path: Fixtures.path("keras/models/" + name)).prefix(.max)
    let folder = TemporaryFolder()
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(try !survives(Array(bytes.prefix(count)), folder), "\(count)")
    }
  }

  /// Stored as it is, the configuration is pointed at byte by byte.
  @Test func theByteOfTheConfigurationIsNamed() throws {
    var writer = ZipWriter()
    for (name, text) in [
      ("metadata.json", "{}"), ("config.json", "{\"a\": 1, \"a\": 2}"), ("model.weights.h5", ""),
    ] { try writer.add(name, Array(text.utf8)) }
    let folder = TemporaryFolder()
    let bytes = writer.finish()
    folder.write(bytes, to: "x.keras")
    var report = Report()
    let file = try MappedFile(path: folder.path("x.keras"))
    let error = try #require(throws: PackError.self) { try KerasImporter.graph(file, &report) }
    #expect(error.code == .malformedModel && error.message.contains("byte 9"))
    guard case .bytes(let range)? = error.trail.first else {
      Issue.record("\(error.trail)")
      return
    }
    #expect(Array(bytes[range.lowerBound...].prefix(6)) == Array("\"a\": 2".utf8))
    #expect(error.trail.dropFirst().first == .section("config.json"))
  }

  @Test(arguments: ["p-re-lu.keras", "p-re-lu.keras2.h5"])
  func changedBytesAreSurvived(name: String) throws {
    let original = try MappedFile(path: Fixtures.path("keras/models/" + name)).prefix(.max)
    let folder = TemporaryFolder()
    var random = SeededGenerator(seed: 11)
    var read = 0
    // A byte in three, so that the test takes seconds.
    for index in stride(from: 1, to: original.count, by: 3) {
      var bytes = original
      bytes[index] ^= UInt8.random(in: 1...255, using: &random)
      if try survives(bytes, folder) { read += 1 }
    }
    // Most of an older file is text and space, which no checksum protects.
    #expect(read < original.count)
  }
}
