import SynapackSupport
import TestSupport
import Testing

/// Every code is given by some test or by a hostile file.
struct TestedCodeTests {
  @Test func everyCodeIsNamedByATest() {
    let own = "Tests/PackageTests/TestedCodeTests.swift"
    let sources =
      SourceFiles.paths(below: "Tests", suffix: ".swift").filter { $0 != own }
      + SourceFiles.paths(below: "tools/hostile_lib", suffix: ".py")
    let text = sources.map(SourceFiles.text).joined()
    var words = Set<Substring>()
    for word in text.matches(of: /SYN0[0-9]{3}|\.[a-z][A-Za-z0-9]+/) { words.insert(word.0) }
    let declared = SourceFiles.paths(below: "Sources/SynapackSupport/Codes", suffix: ".swift")
      .flatMap { path in
        SourceFiles.text(path).matches(of: /static let (\w+) = ErrorCode\(rawValue: "(\w+)"\)/)
          .map { (name: $0.1, code: $0.2) }
      }
    #expect(declared.count > 100)
    let missing = declared.filter { !words.contains("." + $0.name) && !words.contains($0.code) }
    #expect(missing.isEmpty, "\(missing)")
  }
}
