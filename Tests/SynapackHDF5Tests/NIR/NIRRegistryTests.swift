import TestSupport
import Testing

@testable import SynapackHDF5

/// One kind of node, one file, one line in the registry.
struct NIRRegistryTests {
  @Test func everyFileIsRegistered() {
    let folder = "Sources/SynapackHDF5/NIR/Nodes"
    let files = SourceFiles.paths(below: folder, suffix: ".swift").map {
      String($0.dropFirst(folder.count + 1).dropLast(".swift".count))
    }
    #expect(nirNodeFamilies.map { "\($0)" }.sorted() == files)
  }

  /// The types of NIR 1.0 but for the graph itself, which is laid out before.
  @Test func everyTypeIsRead() {
    #expect(nirLowerings.count == 18)
  }
}
