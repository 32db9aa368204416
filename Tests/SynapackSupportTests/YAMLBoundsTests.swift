import SynapackSupport
import Testing

@Suite struct YAMLBoundsTests {
  @Test(arguments: [
    "a: 1\n", "a: [1, 2]\r\nb: {c: \"]\", d: 'it''s ['} # [[[\r\n", "---\na:\n- b: x\n  c: [y]\n",
    "a: {value: 1.7, source: \"x (y), z\"}\n", "a: >-\n  text, \"with [ and\n  it's ]\nb: [1]\n",
    "a: Davies et al., \"Loihi\", table [1\nb: R&D, 'neurons' [\n", "a: [1,\n  \"b]\", # ]\n  2]\n",
    "\"a\": ['b', \"c\\\"]\"]\n", "- x\n  goes on [\n- \"y\"\n", "? a\n: [b]\n", "\n\n# [\na:\n", "",
    "- convolution: conv1\n  padding: 1\n- {\"{pool}\": 2}\n",
  ])
  func ordinaryTextsHold(_ text: String) {
    #expect(YAMLBounds.hold(text))
  }

  @Test func ordinaryTextsHoldHoweverOftenTheyCome() {
    // Brackets in quotes, comments and unquoted texts must not add up.
    let lines = "- a: [1, \"[[\"] # [[\n  b: x [[\n- {c: d}\n"
    #expect(YAMLBounds.hold(String(repeating: lines, count: 1000)))
  }

  @Test(arguments: [
    // A closing bracket in quotes, in a comment, in an unquoted text closes nothing.
    "[\"]\",", "['it''s ]',", "[ #]", "[ a,#]", "[\"\\\"]\",", "{a: \"}\", b:", "[a, \"]\",",
    // A quote inside of a text opens nothing.
    "[a \"b, [[\", c,", "[it's, ['x', ", "\"b, [a", "[a \"b, [\",",
    // Behind tags and anchors, and before what is no indicator in brackets.
    "[!t \"]\",", "[&a \"]\",", "[- \"]\",", "[? \"]\",", "[[]",
  ])
  func bracketsThatPileUpDoNotHold(_ line: String) {
    let lines = Array(repeating: line, count: 40)
    #expect(!YAMLBounds.hold("x: [a,\n" + lines.joined(separator: "\n")))
    #expect(!YAMLBounds.hold("x: [a,\r" + lines.joined(separator: "\r")))
  }

  @Test(arguments: [
    "- ", "? ", "- ? ", "a: [", "x: {", "[\u{85}", "\u{2028}[",
  ])
  func lineThatOpensWithoutEndDoesNotHold(_ piece: String) {
    #expect(!YAMLBounds.hold(String(repeating: piece, count: 100)))
    #expect(!YAMLBounds.hold("a: x\rb:\r" + String(repeating: piece, count: 100)))
  }

  @Test func textBeforeDoesNotHideBrackets() {
    // Both lines are a text and a key whose value opens brackets.
    let opening = String(repeating: "[", count: 20)
    #expect(!YAMLBounds.hold("a: |\n  [\nb, \"c: \(opening)\"c\""))
    #expect(!YAMLBounds.hold("a: x\n  [y\nb, \"c: \(opening)\"c\""))
    #expect(!YAMLBounds.hold("-\"a: \(opening)\"c\""))
  }

  @Test func deepIndentDoesNotHold() {
    let lines = (0..<100).map { String(repeating: " ", count: $0) + "a:\n" }
    #expect(YAMLBounds.hold(lines.prefix(60).joined()))
    #expect(!YAMLBounds.hold(lines.joined()))
  }

  @Test(arguments: ["a: &b c\n", "a: !!int 1\n", "%YAML 1.1\n", "a: *b\n", "\u{FEFF}a: 1\n"])
  func anchorsTagsAndMarksDoNotHold(_ text: String) {
    #expect(!YAMLBounds.hold(text))
  }

  @Test func longTextsAndLinesDoNotHold() {
    #expect(!YAMLBounds.hold(String(repeating: "a: 1\n", count: 60_000)))
    #expect(!YAMLBounds.hold("a: " + String(repeating: "b", count: 2048)))
  }
}
