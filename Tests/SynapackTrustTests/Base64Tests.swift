import Foundation
import SynapackSupport
@testable import SynapackTrust
import Testing

struct Base64Tests {
  @Test func agreesWithFoundation() {
    var generator = SeededGenerator(seed: 3)
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = Base64.text(bytes)
      #expect(text == Data(bytes).base64EncodedString(), "seed 3, \(count) bytes")
      #expect(Base64.bytes(text) == bytes, "seed 3, \(count) bytes")
      let safe = text.replacing("+", with: "-").replacing("/", with: "_")
      #expect(Base64.bytes(safe) == bytes)
    }
  }

  @Test(arguments: [
    "A", "AA", "AAA", "====", "A===", "AB==", "AAB=", "AA=A", "A A=", "AAAA=", "ä===",
  ])
  func refusesAllOtherTexts(text: String) { #expect(Base64.bytes(text) == nil) }
}
