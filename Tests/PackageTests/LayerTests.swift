import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The manifest against the table of layers: a target imports only from rows above its own.
struct LayerTests {
  /// The rows of the design; from row 2 on, targets of one row do not import one another.
  private static let rows: [String: Int] = {
    let table: [[String]] = [
      [
        "CProtobufC", "CZlib", "CHDF5", "CBLAS", "COnnxSchema", "CBundleSchema", "CSpikeKernels",
        // Own C for direct convolutions: sgemm with few rows reaches a third of its peak.
        "CDenseKernels",
      ],
      ["SynapackSupport", "SynapackTensor"],
      ["SynapackGraph", "SynapackProgram"],
      ["SynapackDense", "SynapackSimulate"],
      ["SynapackImport", "SynapackHDF5", "SynapackConvert", "SynapackPlace"],
      [
        "SynapackCompress", "SynapackBundle", "SynapackExport", "SynapackPolicy", "SynapackTrust",
      ],
      ["Synapack", "SynapackReport"],
      ["SynapackCommand"],
    ]
    var rows: [String: Int] = [:]
    for (row, names) in table.enumerated() {
      for name in names { rows[name] = row }
    }
    return rows
  }()

  private struct Manifest: Decodable {
    struct Target: Decodable {
      var name: String
      var type: String
      var dependencies: [[String: [Dependency?]]]
    }
    /// A name, or an object with a condition.
    struct Dependency: Decodable {
      var name: String?
      init(from decoder: any Decoder) throws {
        name = try? decoder.singleValueContainer().decode(String.self)
      }
    }
    var targets: [Target]
  }

  @Test func everyDependencyLeadsUp() async throws {
    let scratch = FileManager.default.temporaryDirectory.path + "/synapack-dump-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let result = try await run(
      .name("swift"),
      arguments: [
        "package", "--package-path", Fixtures.root, "--scratch-path", scratch, "dump-package",
      ], output: .string(limit: 1 << 22), error: .string(limit: 1 << 20))
    let text = result.standardOutput
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(text.utf8))
    var checked = 0
    for target in manifest.targets where target.type != "test" && target.name != "TestSupport" {
      let row = try #require(Self.rows[target.name], "\(target.name) stands in no row")
      for dependency in target.dependencies.compactMap({ $0["byName"]?.first??.name }) {
        let other = try #require(Self.rows[dependency], "\(dependency) stands in no row")
        let leadsUp = other < row || (other == row && row < 2)
        #expect(leadsUp, "\(target.name) in row \(row) depends on \(dependency) in row \(other)")
        checked += 1
      }
    }
    #expect(checked > 30)
  }

  @Test func theLibraryNeitherPrintsNorExits() throws {
    let calls = /(^|[^.\w])(print|debugPrint|exit|fatalError|abort)\(/
    for path in SourceFiles.paths(below: "Sources", suffix: ".swift")
    where !path.hasPrefix("Sources/SynapackCommand/") {
      let text = SourceFiles.text(path)
      #expect(text.firstMatch(of: calls) == nil, "\(path)")
    }
  }

  @Test func onlyTheTopUsesFoundation() throws {
    for path in SourceFiles.paths(below: "Sources", suffix: ".swift") {
      #expect(!SourceFiles.text(path).contains("import Foundation"), "\(path)")
    }
  }
}
