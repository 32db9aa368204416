import Testing

@testable import SynapackReport

struct PageTextTests {
  /// Both ends of a long name stay, as layers differ at either.
  @Test func longNamesAreCutInTheMiddle() {
    let longest = PageText.longestName
    let name = String(repeating: "a", count: longest)
    #expect(PageText.name(name) == name)
    let cut = PageText.name("first" + name + "last")
    #expect(cut.unicodeScalars.count == longest)
    #expect(cut.hasPrefix("first") && cut.hasSuffix("last") && cut.contains("…"))
  }

  @Test func markupAndLongTextAreHarmless() {
    #expect(PageText.escaped("<b a='x'>&\u{1B}") == "&lt;b a=&apos;x&apos;&gt;&amp;\\u{1b}")
    #expect(PageText.escaped(String(repeating: "x", count: 9_999)).utf8.count < 2_010)
  }
}
