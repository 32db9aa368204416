import SynapackSupport
import TestSupport
import Testing

/// Every code is explained once, and is given by something.
struct ErrorCatalogTests {
  private static let declared: [(name: String, code: String)] = SourceFiles.paths(
    below: "Sources/SynapackSupport/Codes", suffix: ".swift"
  ).flatMap { path in
    SourceFiles.text(path).matches(of: /static let (\w+) = ErrorCode\(rawValue: "(\w+)"\)/)
      .map { (String($0.1), String($0.2)) }
  }

  @Test func everyCodeIsExplainedOnce() {
    let explained = ErrorCatalog.all.map(\.code.rawValue)
    #expect(explained == Self.declared.map(\.code).sorted())
    #expect(Set(explained).count == explained.count)
    for code in explained { #expect(code.wholeMatch(of: /SYN0[0-9]{3}/) != nil) }
  }

  @Test func everyCodeIsGivenSomewhere() {
    let sources = SourceFiles.paths(below: "Sources", suffix: ".swift")
      .filter { !$0.hasPrefix("Sources/SynapackSupport/Codes/") }
      .map(SourceFiles.text).joined()
    for (name, code) in Self.declared {
      #expect(sources.contains(".\(name)"), "nothing gives \(code) (\(name))")
    }
  }

  @Test func theLossesAreThoseThatSomethingGives() {
    let sources = SourceFiles.paths(below: "Sources", suffix: ".swift").map(SourceFiles.text)
    let given = sources.flatMap { text in
      text.matches(of: /\bLoss\(\s*\.(\w+),/).map { String($0.1) }
    }
    let codes = Set(given).compactMap { name in Self.declared.first { $0.name == name }?.code }
    // A placement goes without a check whose number nobody published, and enters no loss for it.
    let expected = Set(codes + [ErrorCode.missingNumber.rawValue])
    #expect(ErrorCatalog.losses.map(\.rawValue) == expected.sorted())
  }

  @Test func explanationsSayWhatToDo() {
    for explanation in ErrorCatalog.all {
      #expect(!explanation.title.isEmpty && !explanation.title.hasSuffix("."))
      #expect(explanation.cause.hasSuffix(".") && explanation.remedy.hasSuffix("."))
    }
  }

  @Test func anUnknownCodeCountsAsADefect() {
    #expect(ErrorCatalog.kind(of: ErrorCode(rawValue: "SYN9999")) == .defect)
    #expect(ErrorCatalog.kind(of: .digestMismatch) == .trust)
  }
}
