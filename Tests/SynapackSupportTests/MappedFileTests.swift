import Testing

@testable import SynapackSupport

@Suite struct MappedFileTests {
  private let bytes: [UInt8] = (0..<100).map { UInt8($0) }

  private func content(_ file: MappedFile) -> [UInt8] {
    file.withBytes { (span: RawSpan) in span.copy(0..<span.byteCount) }
  }

  @Test func bytesInMemoryAreAFile() {
    let file = unsafe MappedFile(bytes: bytes.span.bytes, path: "part.npy")
    #expect(file.path == "part.npy")
    #expect(file.count == 100)
    #expect(content(file) == bytes)
    #expect(file.prefix(3) == [0, 1, 2])
  }

  @Test func noBytesAreAFileToo() {
    let file = unsafe MappedFile(bytes: [UInt8]().span.bytes, path: "empty")
    #expect(file.count == 0)
    #expect(content(file).isEmpty)
  }

  @Test func releasingKeepsBytesInMemory() {
    let large = [UInt8](repeating: 7, count: 1 << 20)
    let file = unsafe MappedFile(bytes: large.span.bytes, path: "large")
    file.release(0..<file.count)
    #expect(content(file) == large)
  }
}
