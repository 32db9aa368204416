import TestSupport
import Testing

@testable import SynapackImport

struct LoweringRegistryTests {
  @Test func everyLoweringFileIsRegistered() {
    let files = FixtureFiles.names(
      inFolder: Fixtures.root + "/Sources/SynapackImport/ONNX/Ops", suffix: ".swift")
    #expect(Set(files) == Set(onnxLoweringFamilies.map { String(describing: $0) }))
    let count = onnxLoweringFamilies.reduce(0) { $0 + $1.lowerings.count }
    #expect(onnxLowerings.count == count)
  }
}
