import SynapackSupport
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
  private let folder = TemporaryFolder()

  private func open(_ bytes: [UInt8]) throws(PackError) -> ZipArchive {
    folder.write(bytes, to: "a.zip")
    return try ZipArchive(try MappedFile(path: folder.path("a.zip")))
  }

  /// The refusal of an archive; both an archive that opens and data that reads give `nil`.
  private func refusal(_ change: (inout ZipParts) -> Void) -> PackError? {
    var parts = ZipParts.sample
    change(&parts)
    return refusal(parts.bytes)
  }

  private func refusal(_ bytes: [UInt8]) -> PackError? {
    do {
      let archive = try open(bytes)
      for entry in archive.entries { _ = try archive.data(entry) }
      return nil
    } catch { return error }
  }

  private func expect(
    _ code: ErrorCode, _ places: Range<Int>? = nil, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation, _ change: (inout ZipParts) -> Void
  ) {
    let error = refusal(change)
    #expect(error?.code == code, "\(what) \(error?.message ?? "")", sourceLocation: sourceLocation)
    guard let places else { return }
    #expect(error?.trail.first == .bytes(places), "\(what)", sourceLocation: sourceLocation)
  }

  @Test func entriesAreReadInPlace() throws {
    let archive = try open(ZipParts.sample.bytes)
    let entry = try #require(archive.entries.first)
    #expect(entry.name == "a.npy" && entry.size == 3 && entry.range == 35..<38)
    #expect(archive.storedRange(entry) == 35..<38)
    #expect(try archive.data(entry) == Array("abc".utf8))
    try archive.verify(entry)
  }

  @Test func deflatedEntriesAreInflated() throws {
    let archive = try open(ZipParts.deflated.bytes)
    let entry = try #require(archive.entries.first)
    #expect(archive.storedRange(entry) == nil)
    #expect(try archive.data(entry) == Array("abc".utf8))
  }

  @Test func anEmptyArchiveHasNoEntries() throws {
    #expect(try open(ZipParts(entries: []).bytes).entries.isEmpty)
  }

  @Test(arguments: [
    "../x", "a/../b", "/etc/passwd", "a\\b", "C:x", "a//b", "a/./b", "x ", "x.", "a./b", "a\u{0}",
    "a\u{7F}", "", "..", "a\n",
  ])
  func namesThatCouldLeaveTheirFolderAreRefused(_ name: String) {
    expect(.unsafeArchiveName, nil, name) { $0.entries[0].name = Array(name.utf8) }
  }

  /// What nobody opens may be called anything that can be printed, each once.
  @Test func labelsAreFreeAndStandOnce() throws {
    func open(_ names: [String]) throws -> [String] {
      var writer = ZipWriter(naming: .labels)
      for name in names { try writer.add(name, []) }
      let bytes = writer.finish()
      return try ZipArchive(
        unsafe MappedFile(bytes: bytes.span.bytes, path: "labels"), naming: .labels
      ).entries.map(\.name)
    }
    let names = ["/2/Relu", "../x", "a", "A", "C:x", "b\\c", "é:0", "x "]
    #expect(try open(names) == names)
    for names in [["a", "a"], ["\u{E9}", "e\u{301}"], [""], ["a\u{0}"], ["a\n"]] {
      #expect(throws: PackError.self) { try open(names) }
    }
  }

  @Test func linksAndForeignEncodingsAreRefused() {
    expect(.unsafeArchiveName) { $0.entries[0].attributes = 0xA1FF_0000 }
    expect(.unsafeArchiveName) { $0.entries[0].name = [0x61, 0xFF] }
    // A name that is no ASCII needs the flag that says so.
    expect(.unsafeArchiveName) { $0.entries[0].name = Array("é".utf8) }
    #expect(
      refusal {
        $0.entries[0].name = Array("é".utf8)
        $0.entries[0].flags = 0x800
      } == nil)
  }

  @Test(arguments: ["a.npy", "A.NPY", "a.npy/"])
  func aNameThatStandsTwiceIsRefused(_ second: String) {
    expect(.unsafeArchiveName) {
      var part = $0.entries[0]
      part.name = Array(second.utf8)
      if second.hasSuffix("/") {
        part.data = []
        part.checksum = 0
      }
      $0.entries.append(part)
    }
  }

  @Test func composedAndDecomposedLettersAreOneName() {
    expect(.unsafeArchiveName) {
      $0.entries[0].flags = 0x800
      var part = $0.entries[0]
      $0.entries[0].name = Array("\u{E9}".utf8)
      part.name = Array("e\u{301}".utf8)
      $0.entries.append(part)
    }
  }

  @Test func whatNoModelNeedsIsRefused() {
    expect(.unsupportedArchive, 38..<89) { $0.entries[0].flags = 1 }
    expect(.unsupportedArchive) { $0.entries[0].flags = 0x40 }
    expect(.unsupportedArchive) { $0.entries[0].disk = 1 }
    for method in [1, 12, 14, 93, 99] {
      expect(.unsupportedArchive, 38..<89, "\(method)") { $0.entries[0].method = method }
    }
  }

  @Test func bothHeadersOfAnEntryMustAgree() {
    let header = 0..<35
    expect(.malformedArchive, header, "name") { $0.entries[0].localName = Array("b.npy".utf8) }
    expect(.malformedArchive, header, "flags") { $0.entries[0].localFlags = 2 }
    expect(.malformedArchive, header, "method") { $0.entries[0].localMethod = 8 }
    expect(.malformedArchive, header, "size") { $0.entries[0].localSize = 4 }
    expect(.malformedArchive, header, "stored") { $0.entries[0].localStoredSize = 2 }
    expect(.malformedArchive, header, "checksum") { $0.entries[0].localChecksum = 1 }
  }

  @Test func sizesThatCannotBeAreRefused() {
    expect(.malformedArchive, nil, "stored entries do not grow") { $0.entries[0].size = 4 }
    expect(.malformedArchive, nil, "data past the end") {
      $0.entries[0].storedSize = 1 << 30
      $0.entries[0].size = 1 << 30
    }
    var bomb = ZipParts.deflated
    bomb.entries[0].size = 5 * 1032 + 65
    #expect(refusal(bomb.bytes)?.code == .malformedArchive)
    bomb.entries[0].size = 5 * 1032 + 64
    #expect(refusal(bomb.bytes)?.code == .malformedCompression)
  }

  @Test func aWrongChecksumIsRefused() {
    expect(.wrongChecksum, 35..<38) { $0.entries[0].data = Array("abd".utf8) }
    var parts = ZipParts.deflated
    parts.entries[0].checksum = 0
    #expect(refusal(parts.bytes)?.code == .wrongChecksum)
  }

  @Test func theFileIsFilledWithoutGapOrOverlap() {
    expect(.malformedArchive, 0..<4, "prepended") { $0.before = [1, 2, 3, 4] }
    expect(.malformedArchive, 38..<40, "gap") { $0.gap = [0, 0] }
    expect(.malformedArchive, nil, "overlap") {
      $0.entries += [$0.entries[0]]; $0.entries[1].offset = 0
      $0.entries[1].name = [0x62]
    }
    expect(.malformedArchive, nil, "offset") { $0.entries[0].offset = 1 }
    expect(.malformedArchive, nil, "directory") { $0.directoryOffset = 37 }
    expect(.malformedArchive, nil, "count") { $0.count = 0 }
    expect(.malformedArchive, nil, "count") { $0.count = 2 }
    #expect(refusal(ZipParts.sample.bytes + [0])?.code == .malformedArchive)
  }

  @Test func anEndInTheCommentIsRefused() {
    let end = ZipParts(entries: []).bytes
    expect(.malformedArchive, nil, "whole") { $0.comment = end }
    expect(.malformedArchive, nil, "within") { $0.comment = end + [1] }
    expect(.malformedArchive, nil, "short") { $0.commentCount = 1 }
    #expect(refusal { $0.comment = [1, 2, 3] } == nil)
  }

  @Test func dataDescriptorsMustTellTheTruth() {
    let truth = little(0x3524_41C2, 4) + little(3, 4) + little(3, 4)
    func streamed(_ descriptor: [UInt8]) -> (inout ZipParts) -> Void {
      {
        $0.entries[0].flags = 8
        $0.entries[0].localSize = 0
        $0.entries[0].localStoredSize = 0
        $0.entries[0].localChecksum = 0
        $0.entries[0].descriptor = descriptor
      }
    }
    let signature = little(0x0807_4B50, 4)
    #expect(refusal(streamed(truth)) == nil)
    #expect(refusal(streamed(signature + truth)) == nil)
    for index in truth.indices {
      var lie = truth
      lie[index] ^= 1
      expect(.malformedArchive, 38..<50, "\(index)", streamed(lie))
      expect(.malformedArchive, 38..<54, "\(index)", streamed(signature + lie))
    }
    expect(.malformedArchive, nil, "missing", streamed([]))
    expect(.malformedArchive, nil, "without the flag") { $0.entries[0].descriptor = truth }
  }

  @Test func wideSizesAreTakenExactly() {
    let sizes = little(1, 2) + little(16, 2) + little(3, 8) + little(3, 8)
    // As numpy writes it: wide before the data, short in the directory.
    func wide(_ extra: [UInt8]) -> (inout ZipParts) -> Void {
      {
        $0.entries[0].localSize = 0xFFFF_FFFF
        $0.entries[0].localStoredSize = 0xFFFF_FFFF
        $0.entries[0].localExtra = extra
      }
    }
    #expect(refusal(wide(sizes)) == nil)
    expect(.malformedArchive, nil, "missing", wide([]))
    expect(.malformedArchive, nil, "twice", wide(sizes + sizes))
    expect(.malformedArchive, nil, "short", wide(little(1, 2) + little(8, 2) + little(3, 8)))
    expect(.malformedArchive, nil, "cut off", wide(Array(sizes.dropLast())))
    expect(
      .malformedArchive, nil, "long",
      wide(little(1, 2) + little(24, 2) + little(3, 8) + little(3, 8) + little(0, 8)))
    expect(
      .malformedArchive, nil, "2⁶⁴ − 1",
      wide(little(1, 2) + little(16, 2) + little(-1, 8) + little(-1, 8)))
    // As numpy writes it with a Python before 3.11.4: both, and the same.
    #expect(refusal { $0.entries[0].localExtra = sizes } == nil)
    for lie in [[3, 4], [4, 3], [3]] {
      expect(.malformedArchive, nil, "not needed, and another") {
        $0.entries[0].localExtra =
          little(1, 2) + little(8 * lie.count, 2) + lie.flatMap { little($0, 8) }
      }
    }
    expect(.malformedArchive, nil, "2⁶³ in the directory") {
      $0.entries[0].storedSize = 0xFFFF_FFFF
      $0.entries[0].size = 0xFFFF_FFFF
      $0.entries[0].extra = little(1, 2) + little(16, 2) + little(.max, 8) + little(.max, 8)
    }
  }

  @Test func foldersHoldNothing() {
    func folder(_ data: [UInt8]) -> (inout ZipParts) -> Void {
      {
        $0.entries[0].name = Array("a/".utf8)
        $0.entries[0].data = data
        $0.entries[0].checksum = data.isEmpty ? 0 : $0.entries[0].checksum
      }
    }
    #expect(refusal(folder([])) == nil)
    expect(.malformedArchive, nil, "full", folder(Array("abc".utf8)))
  }

  @Test func everyCutAndEveryChangedByteIsAnAnswer() {
    for parts in [ZipParts.sample, ZipParts.deflated] {
      let bytes = parts.bytes
      for count in bytes.indices { #expect(refusal(Array(bytes.prefix(count))) != nil, "\(count)") }
      for index in bytes.indices {
        for flip: UInt8 in [1, 0x80, 0xFF] {
          var changed = bytes
          changed[index] ^= flip
          _ = refusal(changed)
        }
      }
    }
  }
}
