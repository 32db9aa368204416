import SynapackSupport
import Testing

@Suite struct JSONReadingTests {
  @Test func whatIsWrittenIsReadAgain() {
    let value: JSON = [
      "a": [1, -2, 0.5, 1e300, true, false, .null], "b": ["": "x\u{1}\"\\\n\t\r é"],
      "c": [], "d": [:],
    ]
    #expect(JSON(parsing: value.text()) == value)
    #expect(JSON(parsing: value.text(indent: true)) == value)
  }

  @Test func whatIsNoJSONIsRefused() {
    for text in [
      "", " ", "{", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "'a'", "tru",
      "01", "1.", ".5", "+1", "1e", "--1", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\u{1}\"",
      "1 1", "[] []", "{\"a\":1,\"a\":2}", "nan", "1e999", "\u{FEFF}1",
    ] {
      #expect(JSON(parsing: text) == nil, "\(text)")
    }
  }

  @Test func theFaultIsNamed() {
    for (text, place) in [
      ("", 0..<0), ("[1,]", 3..<4), ("[1", 2..<2), ("{\"a\":1,\"b\":2 \"c\"}", 13..<14),
      // The second of two equal keys, a number that is none, and what follows the value.
      ("{\"a\":1, \"a\":2}", 8..<9), ("[0, 1e999]", 4..<5), ("{} []", 3..<4), ("é", 0..<1),
    ] {
      #expect(JSON.fault(in: text) == place, "\(text)")
    }
    #expect(JSON.fault(in: "[[1]]", depth: 1) == 1..<2)
    #expect(JSON.fault(in: "{\"a\":[1,2]}") == nil)
  }

  @Test func depthIsBounded() {
    let nested = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(JSON(parsing: nested) != nil)
    #expect(JSON(parsing: "[" + nested + "]") == nil)
    #expect(JSON(parsing: String(repeating: "{\"a\":", count: 100_000)) == nil)
  }

  @Test func randomTextsNeverTrap() {
    var random = SeededGenerator(seed: 1)
    let words = ["{", "}", "[", "]", ",", ":", "\"", "\\u00", "1", "-", ".", "e", "true", "é", " "]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        words[Int.random(in: words.indices, using: &random)]
      }.joined()
      if let value = JSON(parsing: text) { #expect(JSON(parsing: value.text()) == value) }
    }
  }
}
