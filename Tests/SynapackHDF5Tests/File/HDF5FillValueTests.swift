import SynapackSupport
import TestSupport
import Testing

@testable import SynapackHDF5

struct HDF5FillValueTests {
  /// A datatype claims texts of two gigabytes; describing the dataset must not make one.
  @Test func nothingIsMadeThatTheFileDoesNotState() throws {
    let path = Fixtures.path("hostile/found/text-of-two-gigabytes.nir")
    var file = try HDF5File(MappedFile(path: path))
    var object = file.root
    for name in ["node", "nodes", "input", "type"] {
      object = try #require(try file.object(name, in: object))
    }
    let dataset = try file.dataset(object)
    #expect(dataset.type.byteCount > 1 << 30)
    #expect(dataset.fill.isEmpty)
  }
}
