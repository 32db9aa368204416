import SynapackPlace
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackBundle

/// Files that format 1.0 wrote once. Every later version must read them as the same bundles; no
/// test ever writes them.
@Suite struct GoldenTests {
  private func stored(_ name: String) throws -> StoredBundle {
    var report = Report()
    let file = try MappedFile(path: Fixtures.path("bundles/v1/\(name).synapack"))
    #expect(BundleReader.recognises(file))
    let stored = try BundleReader.read(file, &report)
    #expect(report.findings.isEmpty)
    return stored
  }

  /// The raw sections as this version writes them; compressed bytes may differ by zlib's version.
  private func identity(_ bundle: Bundle) throws -> Digest {
    var report = Report()
    return try BundleReader.read(try BundleWriter.bytes(of: bundle), &report).contentID
  }

  @Test func theMinimalBundleIsUnchanged() throws {
    let stored = try stored("minimal")
    let identity = "2968c139e11b066853fe2896763a2ef5663fdfc2bbf723f19b2c5316557662e9"
    #expect(stored.contentID.description == identity)
    let expected = try GoldenBundle.minimal()
    #expect(stored.bundle == expected)
    #expect(try self.identity(expected) == stored.contentID)
  }

  @Test func theModelledBundleIsUnchanged() throws {
    let stored = try stored("modelled")
    let identity = "1048659242d717d9e8d69b99b9d7e1e0d27779fc16286e5f9594a518258f1830"
    #expect(stored.contentID.description == identity)
    let expected = try GoldenBundle.modelled()
    #expect(stored.bundle == expected)
    #expect(try self.identity(expected) == stored.contentID)
    let modelled = stored.sections.filter { $0.coding == .modelled }
    #expect(modelled.map(\.name) == ["weights", "neurons", "conformance"])
    // Streams follow from the values alone: this version writes the same.
    let written = try BundleWriter.bytes(of: expected)
    for section in modelled {
      let again = try reading(written).get().sections.first { $0.type == section.type }
      #expect(again?.storedDigest == section.storedDigest, "\(section.name)")
    }
  }

  @Test func theFullBundleIsUnchanged() throws {
    let stored = try stored("full")
    let identity = "e4741fb5d1d12c1c58d13d55d84f2e07cf840ea28b711f494eb67ef50ee1aab7"
    #expect(stored.contentID.description == identity)
    // The placement is the file's own: a later placer may well find a better one.
    let placement = try #require(stored.bundle.placement)
    let expected = try GoldenBundle.full { _ in placement }
    #expect(stored.bundle == expected)
    #expect(try self.identity(expected) == stored.contentID)
    let chip = try GoldenBundle.chip()
    #expect(PlacementCheck.findings(expected.program, placement, chip).isEmpty)
    #expect(
      Set(
        expected.program.connections.map { connection in
          let values = connection.synapses.weights.values
          return WeightCoding.choice(of: values, bits: connection.weightBits).0
        }) == Set(WeightEncoding.allCases))
  }
}
