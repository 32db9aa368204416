public import SynapackSupport

/// The bytes of a section that nothing here reads: in memory, or left where they lie in a file.
///
/// A section of a later version may be far larger than memory; left in its file it costs none until
/// the bundle is written again.
public struct SectionBytes: Sendable {
  private enum Place: Sendable {
    case memory([UInt8])
    case file(MappedFile, Range<Int>)
    case inflated(InflatedSection)
  }

  private let place: Place

  public init(_ bytes: [UInt8]) { place = .memory(bytes) }

  /// The bytes of `range`, cut to the file.
  public init(_ file: MappedFile, _ range: Range<Int>) {
    place = .file(file, range.clamped(to: 0..<file.count))
  }

  init(_ section: InflatedSection) { place = .inflated(section) }

  public var count: Int {
    switch place {
    case .memory(let bytes): bytes.count
    case .file(_, let range): range.count
    case .inflated(let section): section.count
    }
  }

  /// All of them in memory.
  public var copy: [UInt8] { copy(0..<count) }

  /// A copy of a part; `window` lies in `0..<count`.
  func copy(_ window: Range<Int>) -> [UInt8] {
    switch place {
    case .memory(let bytes): return Array(bytes[window])
    case .inflated(let section): return section.copy(window)
    case .file(let file, let range):
      let start = range.lowerBound + window.lowerBound
      defer { file.release(start..<start + window.count) }
      return file.withBytes { $0.copy(start..<start + window.count) }
    }
  }
}

extension SectionBytes: Hashable {
  /// The most bytes that are compared at a time.
  private static let window = 1 << 20

  public static func == (left: SectionBytes, right: SectionBytes) -> Bool {
    guard left.count == right.count else { return false }
    switch (left.place, right.place) {
    case (.memory(let bytes), .memory(let others)): return bytes == others
    case (.file(let file, let range), .file(let other, let same))
    where file === other && range == same:
      return true
    case (.inflated(let section), .inflated(let other)) where section === other: return true
    case (.memory, _), (.file, _), (.inflated, _): break
    }
    return stride(from: 0, to: left.count, by: window).allSatisfy { start in
      let part = start..<min(start + window, left.count)
      return left.copy(part) == right.copy(part)
    }
  }

  public func hash(into hasher: inout Hasher) {
    // The start tells sections apart well enough, and a large one is not read for it.
    hasher.combine(count)
    hasher.combine(copy(0..<min(count, 64)))
  }
}
