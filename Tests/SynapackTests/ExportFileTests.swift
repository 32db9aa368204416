import Foundation
import Synapack
import SynapackSupport
import TestSupport
import Testing

/// Exports of a single file where something lies already.
struct ExportFileTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("out") }

  private func write(_ text: String, force: Bool = false) throws {
    try ExportFile(path).write(
      ExportJob.File(name: "program.json", bytes: Array(text.utf8)), force: force)
  }

  private func put(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func content() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private static let own = "{\"schema\": \"synapack.program/1\", \"x\": "

  /// The same schema is replaced, whatever else it says, as is an empty file.
  @Test func whatIsOfTheSameFormatIsReplaced() throws {
    try put("")
    for number in 1...3 {
      try write(Self.own + "\(number)}")
      #expect(try content() == Self.own + "\(number)}")
    }
  }

  @Test(arguments: [
    "notes of mine", "{\"schema\": \"synapack.evaluate/1\"}", "{\"x\": 1}", "[1, 2]",
    "{\"schema\":",
  ])
  func whatIsOfAnotherFormatStaysUnlessForced(text: String) throws {
    try put(text)
    let error = #expect(throws: PackError.self) { try write(Self.own + "1}") }
    #expect(error?.code == .unwritableFile && error?.trail == [.file(path)])
    #expect(error?.hint.contains("--force") == true)
    #expect(try content() == text)
    try write(Self.own + "1}", force: true)
    #expect(try content() == Self.own + "1}")
  }

  /// A NIR file takes the place of another one, not of any HDF5 file, and no document that of it.
  @Test func onlyNIRTakesThePlaceOfNIR() throws {
    func bytes(_ name: String) throws -> [UInt8] {
      Array(try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(name))))
    }
    let nir = ExportJob.File(name: "network.nir", bytes: try bytes("nir/models/affine.nir"))
    try Data(try bytes("same/cnn-average.h5")).write(to: URL(fileURLWithPath: path))
    #expect(throws: PackError.self) { try ExportFile(path).write(nir, force: false) }
    try ExportFile(path).write(nir, force: true)
    try ExportFile(path).write(nir, force: false)
    #expect(throws: PackError.self) { try write(Self.own + "1}") }
  }
}
