import SynapackBundle
import SynapackGraph
import SynapackImport
import SynapackPlace
import SynapackSupport
import Synapack
import TestSupport
import Testing

/// Inputs that once broke a reader: each is given to every reader and ends in an answer, a graph
/// or an error. That there is an answer at all, and within the memory of a small file, is tested.
@Suite struct FoundInputTests {
  private static let folder = "hostile/found/"
  private static let names = FixtureFiles.names(in: folder, suffix: "").filter { $0.first != "." }

  @Test(arguments: names)
  func everyModelImporterAnswers(_ name: String) throws {
    let file = try MappedFile(path: Fixtures.path(FoundInputTests.folder + name))
    for importer in ModelImporters.all {
      var report = Report()
      _ = importer.recognises(file)
      do {
        _ = try importer.read(file, ImportOptions(), &report)
      } catch {
        #expect(ErrorCatalog.kind(of: error.code) != .defect, "\(name): \(error)")
      }
    }
  }

  @Test(arguments: names)
  func everyOtherReaderAnswers(_ name: String) throws {
    let file = try MappedFile(path: Fixtures.path(FoundInputTests.folder + name))
    var report = Report()
    _ = try? NumPyArrayFile.read(file)
    _ = try? BundleReader.read(file, &report)
    guard let text = utf8Text(file.prefix(file.count)) else { return }
    _ = try? Recipe(yaml: text).options()
    _ = try? Chip(yaml: text)
    _ = YAMLBounds.hold(text)
  }
}
