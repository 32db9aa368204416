internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor
internal import Synchronization

/// The section of weights from which one map after another is taken, and none kept.
///
/// Every map is held to its one form as it passes, so that nothing of the section has to be made
/// again at the end.
struct WeightsInSection {
  private let section: SectionBytes
  private let digest: Digest
  private var passed = DigestBuilder()
  /// Where the next map begins when all are written.
  private var offset = 0
  private var isCanonical = true
  /// Whether all maps so far are those that would be written.
  private(set) var hasOwnMaps = true

  /// - Parameter digest: of the section, which was held to it before.
  init(_ section: SectionBytes, digest: Digest) {
    self.section = section
    self.digest = digest
  }

  /// The weights of a map, checked and left where they are.
  ///
  /// - Throws: `SYN0607` as ``WeightCoding/decode(_:from:count:bits:)``.
  mutating func weights(
    _ map: WeightMap, shape: Shape, bits: Int
  ) throws(PackError) -> IntegerWeights {
    guard map.offset >= 0, map.length >= 0, let end = map.offset.adding(map.length),
      end <= section.count
    else { throw WeightCoding.refusal("a weight map that leaves its section") }
    let place = map.offset..<end
    let bytes = section.copy(place)
    var own = map
    own.offset = 0
    let values = try WeightCoding.decode(own, from: bytes, count: shape.count, bits: bits)
    hold(values, bits: bits, to: map, bytes)
    let summary = WeightSummary(values, channels: shape.rank > 0 ? shape[0] : 1)
    let source = StoredWeights(
      section, place, own, count: shape.count, bits: bits, digest: Digest(of: bytes), summary)
    return IntegerWeights(shape: shape, source: source)
  }

  /// Compares the one form of a map with the bytes at its place, and with the map that was stated.
  private mutating func hold(_ values: [Int16], bits: Int, to map: WeightMap, _ bytes: [UInt8]) {
    // Weights of 8 bits and their bytes are one to one: what was read is what would be written.
    let (encoding, nonzero) = WeightCoding.choice(of: values, bits: bits)
    let dense = WeightMap(
      encoding: .dense, offset: offset, length: bytes.count, nonzero: nonzero)
    if bits == 8, encoding == .dense, map == dense {
      offset += bytes.count
      passed.add(bytes)
      return
    }
    var form: [UInt8] = []
    var written = WeightCoding.append(values, bits: bits, to: &form)
    written.offset = offset
    hasOwnMaps = hasOwnMaps && written == map
    let end = min(offset + form.count, section.count)
    let isStated = map.offset == offset && map.length == form.count
    let there = isStated ? bytes : section.copy(min(offset, section.count)..<end)
    isCanonical = isCanonical && form == there
    offset += form.count
    passed.add(form)
  }

  /// Whether the section holds the maps in their one form and nothing else.
  ///
  /// - Throws: `SYN0605` where the file is not what it was when its digest was held.
  func finished() throws(PackError) -> Bool {
    guard isCanonical, offset == section.count else { return false }
    guard passed.digest() == digest else {
      throw PackError(
        .digestMismatch, "the file changed while it was read", at: .section("weights"),
        hint: "read it again when nothing writes to it")
    }
    return true
  }
}

/// The weights of one connection where they lie in their section.
///
/// Every reading is held to the digest of the first, as another process may write to the file.
private final class StoredWeights: WeightSource {
  private let section: SectionBytes
  private let place: Range<Int>
  private let map: WeightMap
  private let bits: Int
  private let digest: Digest
  private let hasChanged = Atomic(false)
  let count: Int
  let summary: WeightSummary

  init(
    _ section: SectionBytes, _ place: Range<Int>, _ map: WeightMap, count: Int, bits: Int,
    digest: Digest, _ summary: WeightSummary
  ) {
    self.section = section
    self.place = place
    self.map = map
    self.count = count
    self.bits = bits
    self.digest = digest
    self.summary = summary
  }

  var isIntact: Bool { !hasChanged.load(ordering: .relaxed) }

  func values() -> [Int16] {
    let bytes = section.copy(place)
    if Digest(of: bytes) == digest,
      let values = try? WeightCoding.decode(map, from: bytes, count: count, bits: bits)
    {
      return values
    }
    hasChanged.store(true, ordering: .relaxed)
    return Array(repeating: 0, count: count)
  }
}
