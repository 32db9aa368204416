import SynapackProgram
import SynapackSupport
import Testing

@testable import SynapackBundle

/// Codec 2 in the container: who chooses it, and by which feature an older reader refuses it.
@Suite struct ModelledBundleTests {
  private func bundle() throws -> Bundle {
    var random = SeededGenerator(seed: 8)
    let weights = (0..<4000).map { _ in
      random.unitFloat() < 0.3 ? Int16.random(in: -7...7, using: &random) : 0
    }
    return try denseBundle(weights: weights, bits: 4)
  }

  private func section(_ bytes: [UInt8], _ name: String) throws -> SectionInfo {
    try #require(try reading(bytes).get().sections.first { $0.name == name })
  }

  @Test func theShortestCodecIsTaken() throws {
    let bytes = try BundleWriter.bytes(of: bundle())
    let modelled = try section(bytes, "weights")
    #expect(modelled.coding == .modelled)
    #expect(bytes[24] == 4)
    #expect(try reading(bytes).get().bundle == bundle())
    // Without it the content is the same, so its identity is.
    let plain = try ContainerWriter.bytes(of: try BundleWriter.sections(of: bundle()))
    #expect(plain[24] == 0)
    #expect(try section(plain, "weights").storedBytes > modelled.storedBytes)
    #expect(try reading(plain).get().contentID == reading(bytes).get().contentID)
    #expect(try reading(plain).get().bundle == bundle())
  }

  @Test func aFormThatIsNotShorterIsNotTaken() throws {
    let raw: [UInt8] = [1, 2, 3, 4]
    func coding(_ stream: [UInt8]?, of raw: [UInt8]) -> SectionCoding {
      ContainerWriter.Section(type: 2, isCritical: true, raw: raw, stream: stream).shortest().0
    }
    #expect(coding(nil, of: raw) == .raw)
    #expect(coding([1, 2, 3], of: raw) == .modelled)
    #expect(coding([1, 2, 3, 4], of: raw) == .raw)
    // A reader refuses what expands more than deflate could.
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    #expect(coding([1], of: zeros) == .zlib)
    #expect(coding([], of: Array(zeros.prefix(64))) == .modelled)
    #expect(coding([], of: Array(zeros.prefix(65))) == .zlib)
  }

  @Test func theFeatureStandsExactlyWhereTheCodecDoes() throws {
    let sections = try BundleWriter.sections(of: bundle())
    let extra = try ContainerWriter.bytes(
      of: sections, requiring: ContainerHeader.modelledSections)
    #expect(refusal(of: extra)?.code == .notCanonical)
    var bytes = try BundleWriter.bytes(of: bundle())
    bytes[24] = 0
    bytes.replaceSubrange(96..<128, with: [UInt8](repeating: 0, count: 32))
    bytes.replaceSubrange(96..<128, with: Digest(of: Array(bytes[0..<128])).bytes)
    #expect(refusal(of: bytes)?.code == .notCanonical)
  }

  @Test func onlySectionsWithAModelHaveTheCodec() throws {
    for type in SectionType.allCases where !ModelledSection.isDefined(for: type) {
      var sections = try BundleWriter.sections(of: bundle())
      guard let index = sections.firstIndex(where: { $0.type == type.rawValue }) else { continue }
      sections[index].stream = [0]
      let bytes = try ContainerWriter.bytes(of: sections)
      let error = try #require(refusal(of: bytes))
      #expect([.malformedBundle, .malformedSection].contains(error.code), "\(type.name)")
    }
  }

  /// Whatever is changed in a stream, the file is refused: it stands for other weights, or for the
  /// same ones in a second form.
  @Test(arguments: [UInt64](1...4))
  func aDamagedStreamIsRefusedAndNeverTraps(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var sections = try BundleWriter.sections(of: bundle())
    let stream = try #require(ModelledSection.weights(of: bundle().program))
    for round in 0..<24 {
      var damaged = stream
      switch round % 4 {
      case 0: damaged = Array(stream.prefix(Int.random(in: 1..<stream.count, using: &random)))
      case 1: damaged.append(round < 12 ? 0 : UInt8.random(in: 0...255, using: &random))
      case 2: damaged[Int.random(in: 0..<stream.count, using: &random)] ^= 1 << UInt8(round / 4)
      default: damaged = stream.map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      sections[1].stream = damaged
      let bytes = try ContainerWriter.bytes(of: sections)
      #expect(bytes[24] == 4)
      #expect(refusal(of: bytes) != nil, "seed \(seed) round \(round)")
    }
  }
}
