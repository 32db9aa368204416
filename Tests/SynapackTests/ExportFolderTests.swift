import Foundation
import Synapack
import SynapackSupport
import TestSupport
import Testing

/// Exports into folders that hold something already.
struct ExportFolderTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path("out") }

  private func write(
    _ files: [String: String], target: String = "c", force: Bool = false
  ) throws {
    let files = files.sorted { $0.key < $1.key }.map {
      ExportJob.File(name: $0.key, bytes: Array($0.value.utf8))
    }
    try ExportFolder(path, target: target).write(files, force: force)
  }

  private func put(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  private func content() throws -> [String: String] {
    var result: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path)
    where name != ExportFolder.list {
      result[name] = try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }
    return result
  }

  private func refusal(_ files: [String: String], target: String = "c") -> PackError? {
    #expect(throws: PackError.self) { try write(files, target: target) }
  }

  /// Files of the export before go where they are no longer written; others stay.
  @Test func anotherExportLeavesNothingStale() throws {
    try write(["a": "1", "b": "2"])
    try put("mine", "notes")
    try write(["b": "3", "c": "4"])
    #expect(try content() == ["b": "3", "c": "4", "notes": "mine"])
  }

  @Test func changedAndForeignFilesAreRefusedUnlessForced() throws {
    try write(["a": "1", "b": "2"])
    try put("mine", "a")
    let changed = refusal(["a": "5"])
    #expect(changed?.code == .unwritableFile && changed?.trail == [.file(path + "/a")])
    try put("mine too", "c")
    #expect(refusal(["c": "6"])?.trail == [.file(path + "/c")])
    #expect(try content() == ["a": "mine", "b": "2", "c": "mine too"])
    // What is changed and no longer written is somebody's: it stays.
    try write(["c": "6"], force: true)
    #expect(try content() == ["a": "mine", "c": "6"])
  }

  /// Two targets have files of the same names.
  @Test func anExportToAnotherTargetIsRefusedUnlessForced() throws {
    try write(["a": "1"])
    #expect(refusal(["b": "2"], target: "ranc")?.message.contains("`c`") == true)
    try put("mine", "c")
    try write(["b": "2"], target: "ranc", force: true)
    // A loader of one target beside the files of another would mislead.
    #expect(try content() == ["b": "2", "c": "mine"])
  }

  /// The list of a checkout may name any file.
  @Test(arguments: ["../victim", "/etc/hostname", "", ".", "..", "sub/victim"])
  func aListSpeaksOfFilesBesideItAlone(name: String) throws {
    folder.write(Array("kept".utf8), to: "victim")
    try write(["a": "1"])
    let entry: JSON = .object([
      "name": .string(name), "digest": .string(Digest(of: Array("kept".utf8)).description),
    ])
    let list: JSON = .object([
      "schema": "synapack.export-folder/1", "target": "c", "files": .array([entry]),
    ])
    try put(list.text(), ExportFolder.list)
    #expect(refusal(["a": "2"]) != nil)
    try write(["b": "2"], force: true)
    #expect(try MappedFile(path: folder.path("victim")).count == 4)
  }

  /// A set is written whole or not at all: the second name is longer than any file's.
  @Test func whatFailsLeavesTheFolderAsItWas() throws {
    let long = "b" + String(repeating: "x", count: 300)
    #expect(refusal(["a": "1", long: "2"])?.code == .unwritableFile)
    #expect(!FileManager.default.fileExists(atPath: path))
    try write(["a": "1"])
    #expect(refusal(["a": "5", long: "2"])?.code == .unwritableFile)
    #expect(try content() == ["a": "1"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
  }

  /// Losses that were accepted stand in the list, remarks do not.
  @Test func theListNamesAcceptedLosses() throws {
    let losses = [
      Loss(.ticksNotCarried, .error, subject: "layer", "no ticks"),
      Loss(.pruned, .note, subject: "weights", "as asked"),
    ]
    try ExportFolder(path, target: "c", losses: losses)
      .write([ExportJob.File(name: "a", bytes: [1])], force: false)
    let text = try String(contentsOfFile: path + "/" + ExportFolder.list, encoding: .utf8)
    guard case .array(let listed)? = JSON(parsing: text)?.member("losses") else {
      Issue.record("\(text)")
      return
    }
    #expect(listed.map { $0.member("code") } == ["SYN0748"])
  }
}
