import TestSupport
import Testing

@testable import SynapackHDF5

/// One layer, one file, one line in the registry.
struct KerasRegistryTests {
  @Test func everyFileIsRegistered() {
    let folder = "Sources/SynapackHDF5/Keras/Layers"
    let files = SourceFiles.paths(below: folder, suffix: ".swift").map {
      String($0.dropFirst(folder.count + 1).dropLast(".swift".count))
    }
    #expect(kerasLayerFamilies.map { "\($0)" }.sorted() == files)
  }

  @Test func noClassIsReadTwice() {
    let classes = kerasLayerFamilies.flatMap { $0.lowerings.map(\.className) }
    #expect(Set(classes).count == classes.count)
  }
}
