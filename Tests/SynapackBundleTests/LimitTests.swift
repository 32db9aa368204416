import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackBundle

/// Each limit of the format: carried at the limit, refused one above it.
@Suite struct LimitTests {
  private func bundle() throws -> Bundle {
    try denseBundle(weights: [Int16](repeating: 1, count: 10), bits: 4)
  }

  private func isCarried(_ bundle: Bundle) throws -> Bool {
    guard let bytes = try? BundleWriter.bytes(of: bundle) else { return false }
    return try reading(bytes).get().bundle == bundle
  }

  @Test func sections() throws {
    var bundle = try bundle()
    bundle.aside = (0..<4090).map { AsideSection(type: UInt32(100 + $0), bytes: [1]) }
    #expect(try isCarried(bundle))
    bundle.aside.append(AsideSection(type: 9000, bytes: []))
    #expect(try !isCarried(bundle))
    bundle.aside = [AsideSection(type: 100, bytes: []), AsideSection(type: 100, bytes: [])]
    #expect(try !isCarried(bundle))
    bundle.aside = [AsideSection(type: 7, bytes: [])]
    #expect(try !isCarried(bundle))
  }

  @Test func metadata() throws {
    func section(_ count: Int) -> [ContainerWriter.Section] {
      [.init(type: 1, isCritical: true, raw: [UInt8](repeating: 0, count: count))]
    }
    let largest = try ContainerWriter.bytes(of: section(16 << 20))
    let container = try ContainerReader(MappedFile(bytes: unsafe largest.span.bytes, path: ""))
    let raw = try container.raw(0) { (_, _) throws(PackError) in [] }
    #expect(raw.count == 16 << 20)
    #expect(throws: PackError.self) { try ContainerWriter.bytes(of: section((16 << 20) + 1)) }
  }

  @Test func depthOfText() throws {
    var bundle = try bundle()
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    bundle.recipe = nested(64)
    #expect(try isCarried(bundle))
    bundle.recipe = nested(65)
    #expect(try !isCarried(bundle))
    bundle.recipe = nested(100_000)
    #expect(try !isCarried(bundle))
  }

  @Test func textsThatAreNotCanonical() throws {
    var bundle = try bundle()
    for text in [
      "", " {}", "{} ", #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#, "1.0", "1e3", "+1", "01", "nul",
      "[1,]", "[,1]", #""\u0041""#, #""\/""#, "\"\n\"", #"{"a"}"#, "NaN", "1 2", "-0", "1e999",
    ] {
      bundle.recipe = text
      #expect(throws: PackError.self, "\(text)") { try BundleWriter.bytes(of: bundle) }
    }
    for text in ["null", "-1", "0.5", "[]", #"{"a":[1,"é\n\\"],"b":{"c":true}}"#, "1e+300"] {
      bundle.recipe = text
      #expect(try isCarried(bundle), "\(text)")
    }
  }

  @Test func relays() throws {
    var bundle = try bundle()
    let identity = Window(kernel: Extent(y: 1, x: 1))
    bundle.program.connections[0].relays = Array(repeating: identity, count: 16)
    #expect(try isCarried(bundle))
    bundle.program.connections[0].relays.append(identity)
    #expect(try !isCarried(bundle))
    // One cell that gathers 2²⁴ paths from a plane of padding, and one that gathers more.
    for (side, fits) in [(4096, true), (4097, false)] {
      bundle.program.connections[0].relays = [
        Window(
          kernel: Extent(y: side, x: side),
          padding: Edges(bottom: side - 1, right: side - 1))
      ]
      #expect(try isCarried(bundle) == fits, "\(side)")
    }
  }

  @Test func neurons() throws {
    var bundle = try bundle()
    for (extra, fits) in [(0, true), (1, false)] {
      let cells = BundleLimits.neurons - 1 - 10 + extra
      // A relay that pads one cell to many, and one that crops them again.
      let pad = Window(kernel: Extent(y: 1, x: 1), padding: Edges(bottom: 31, right: (1 << 23) - 2))
      let rest = cells - 32 * ((1 << 23) - 1)
      let crop = Window(
        kernel: Extent(y: 1, x: 1), padding: Edges(bottom: -31, right: rest - 1 - ((1 << 23) - 2)))
      bundle.program.connections[0].relays = [pad, crop]
      #expect(rest > 0)
      let total = 1 + 10 + 32 * ((1 << 23) - 1) + rest
      #expect((total <= BundleLimits.neurons) == fits)
      #expect(((try? Manifest.checkNeurons(of: bundle.program)) != nil) == fits, "\(extra)")
    }
  }

  @Test func textsOfTheManifest() throws {
    var bundle = try bundle()
    bundle.generator = String(repeating: "g", count: 1024)
    #expect(try isCarried(bundle))
    bundle.generator.append("g")
    let error = try #require(throws: PackError.self) { try BundleWriter.bytes(of: bundle) }
    #expect(error.code == .malformedManifest)
    for bytes: [UInt8] in [[], [0xFF], [0x0A, 0x7F]] {
      let error = try #require(throws: PackError.self) { try Manifest(reading: bytes) }
      #expect(error.code == .malformedManifest)
    }
  }
}
