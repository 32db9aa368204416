import SynapackSupport
import TestSupport
import Testing

struct AtomicFileTests {
  @Test func writesTheWholeFileAndLeavesNothingElse() throws {
    let folder = TemporaryFolder()
    try AtomicFile.write([1, 2, 3], to: folder.path("x"))
    try AtomicFile.write([4, 5], to: folder.path("x"))
    let file = try MappedFile(path: folder.path("x"))
    #expect(file.count == 2)
    #expect(names(folder) == ["x"])
  }

  @Test func aMissingFolderIsRefused() throws {
    #expect {
      try AtomicFile.write([1], to: "/nonexistent-folder/x")
    } throws: { ($0 as? PackError)?.code == .unwritableFile }
  }

  @Test func aFolderInTheWayIsRefusedAndLeftAlone() throws {
    let folder = TemporaryFolder()
    folder.makeFolder("taken")
    #expect {
      try AtomicFile.write([1], to: folder.path("taken"))
    } throws: { ($0 as? PackError)?.code == .unwritableFile }
    #expect(names(folder) == ["taken"])
  }

  @Test func aDeviceIsWrittenToAndNeverReplaced() throws {
    #expect {
      try AtomicFile.write([1], to: "/dev/full")
    } throws: { ($0 as? PackError)?.code == .unwritableFile }
    try AtomicFile.write([1], to: "/dev/null")
    #expect {
      _ = try MappedFile(path: "/dev/null")
    } throws: { ($0 as? PackError)?.code == .notARegularFile }
  }

  @Test func aLinkIsFollowed() throws {
    let folder = TemporaryFolder()
    folder.write([1], to: "real")
    folder.makeLink("link", to: folder.path("real"))
    try AtomicFile.write([2, 3], to: folder.path("link"))
    #expect(try MappedFile(path: folder.path("real")).count == 2)
    #expect(names(folder) == ["link", "real"])
  }

  @Test func aDanglingLinkMakesWhatItNames() throws {
    let folder = TemporaryFolder()
    folder.makeLink("link", to: "made")
    try AtomicFile.write([7], to: folder.path("link"))
    #expect(try MappedFile(path: folder.path("made")).count == 1)
    #expect(names(folder) == ["link", "made"])
  }

  /// A checkout may hold a link to any file of whoever runs the command.
  @Test func aLinkToAnotherFolderIsRefusedAndLeftAlone() throws {
    let folder = TemporaryFolder()
    let other = TemporaryFolder()
    other.write([1], to: "kept")
    folder.makeLink("out", to: other.path("kept"))
    folder.makeLink("chain", to: "out")
    folder.makeLink("dangling", to: other.path("made"))
    for name in ["out", "chain", "dangling"] {
      let error = #expect(throws: PackError.self) {
        try AtomicFile.write([2, 3], to: folder.path(name))
      }
      #expect(error?.code == .unwritableFile && error?.message.contains("is a link to") == true)
    }
    #expect(try MappedFile(path: other.path("kept")).count == 1)
    #expect(names(other) == ["kept"] && names(folder).sorted() == ["chain", "dangling", "out"])
  }

  /// Only the file's own name is asked: its folder may be reached by links.
  @Test func aFolderThatIsALinkIsWrittenInto() throws {
    let folder = TemporaryFolder()
    let other = TemporaryFolder()
    folder.makeLink("folder", to: other.path)
    try AtomicFile.write([2, 3], to: folder.path("folder/x"))
    #expect(try MappedFile(path: other.path("x")).count == 2)
    // A link between the two names of one folder stays in it.
    other.makeLink("y", to: "x")
    try AtomicFile.write([4], to: folder.path("folder/y"))
    #expect(try MappedFile(path: other.path("x")).count == 1)
  }

  @Test func aLoopOfLinksIsRefused() throws {
    let folder = TemporaryFolder()
    folder.makeLink("a", to: "b")
    folder.makeLink("b", to: "a")
    #expect {
      try AtomicFile.write([7], to: folder.path("a"))
    } throws: { ($0 as? PackError)?.code == .unwritableFile }
    #expect(names(folder) == ["a", "b"])
  }

  @Test func theLongestNameCanBeWritten() throws {
    let folder = TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write([7], to: folder.path(name))
    #expect(names(folder) == [name])
  }

  private func names(_ folder: TemporaryFolder) -> [String] {
    FixtureFiles.names(inFolder: folder.path, suffix: "").filter { $0 != "." && $0 != ".." }
  }
}
