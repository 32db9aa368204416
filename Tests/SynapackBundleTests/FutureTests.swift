import SynapackBundle
import SynapackSupport
import TestSupport
import Testing

/// Bundles as later versions may write them: what this version can read around is read with a
/// finding, what it cannot is refused by name. The files were written once.
@Suite struct FutureTests {
  private func read(_ name: String) -> (Result<StoredBundle, PackError>, [ErrorCode]) {
    var report = Report()
    let result = Result { () throws(PackError) in
      let file = try MappedFile(path: Fixtures.path("bundles/future/\(name).synapack"))
      return try BundleReader.read(file, &report)
    }
    return (result, report.findings.map(\.code))
  }

  @Test func aNewerMinorVersionIsRead() throws {
    let (result, findings) = read("newer-minor")
    #expect(try result.get().bundle == GoldenBundle.minimal())
    #expect(try !result.get().isRewritable)
    #expect(findings == [.newerMinorVersion])
  }

  @Test func anOptionalSectionIsSetAside() throws {
    let (result, findings) = read("optional-section")
    let bundle = try result.get().bundle
    #expect(bundle.aside == [AsideSection(type: 100, bytes: Array("a later idea".utf8))])
    #expect(findings == [.newerMinorVersion, .optionalSectionSkipped])
  }

  @Test(arguments: ["critical-section", "required-feature", "newer-major"])
  func whatMustBeKnownIsRefused(name: String) throws {
    let error = try #require(throws: PackError.self) { try read(name).0.get() }
    #expect(error.code == .newerBundle)
  }
}
