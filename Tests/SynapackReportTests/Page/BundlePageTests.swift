import Foundation
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackReport

/// The page as a whole: what holds whatever the document says.
struct BundlePageTests {
  @Test func everySectionHasAHeadingThatTheContentsLeadTo() {
    let page = PageReading(BundlePage.html(PageDocument.full))
    #expect(page.fault == nil)
    let sections = page.all("section")
    #expect(sections.count == BundlePage.sections.count)
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for section in sections {
      let title = page.all("h2").first {
        $0.attributes["id"] == section.attributes["aria-labelledby"]
      }
      #expect(title?.text.isEmpty == false)
    }
    let links = page.all("a").compactMap { $0.attributes["href"] }
    #expect(links == sections.map { "#" + ($0.attributes["id"] ?? "") })
    #expect(page.all("h1").map(\.text) == ["digits.synapack"])
  }

  /// Nothing is fetched, nothing runs, and every drawing tells those who do not see it what it is.
  @Test func thePageNeedsNothingBesideItself() {
    let page = PageReading(BundlePage.html(PageDocument.full))
    for element in page.elements {
      #expect(
        !["script", "link", "img", "iframe", "object", "base", "form"].contains(element.name))
      for (name, value) in element.attributes where name != "xmlns" {
        #expect(!name.hasPrefix("on") && name != "src", "\(element)")
        #expect(!value.contains("://"), "\(element)")
      }
    }
    #expect(!PageStyle.css.contains("url(") && !PageStyle.css.contains("@import"))
    for drawing in page.all("svg") where drawing.attributes["aria-hidden"] != "true" {
      #expect(drawing.attributes["role"] == "img" && !drawing.text.isEmpty)
    }
    for cell in page.all("th") { #expect(cell.attributes["scope"] != nil) }
  }

  @Test(arguments: HostileVerdict.names)
  func namesOfFilesStayText(name: String) {
    let hostile = PageDocument.full.changed { value in
      // Words that choose between sentences are kept, so that all of them are reached.
      guard let text = value.string, !["warning", "threshold", "staggered:2"].contains(text) else {
        return nil
      }
      return .string(name)
    }
    let html = BundlePage.html(hostile)
    let page = PageReading(html)
    let plain = PageReading(BundlePage.html(PageDocument.full))
    #expect(page.fault == nil)
    #expect(page.elements.map(\.name) == plain.elements.map(\.name))
    for scalar in html.unicodeScalars where scalar != "\n" {
      let steers =
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x200B...0x200F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value)
      #expect(!steers, "U+\(String(scalar.value, radix: 16))")
    }
  }

  /// A document is made from files of strangers: any value may stand anywhere.
  @Test func noValueOfTheDocumentBreaksThePage() {
    let values: [JSON] = [
      .null, true, .integer(.max), .integer(.min), .integer(-1), .number(.infinity), .number(.nan),
      .number(1e300), .number(-1e300), .number(.leastNonzeroMagnitude), "", "x", [],
      [.integer(.max), "y"],
      ["k": 1],
      .array(Array(repeating: .integer(.max), count: 3)),
    ]
    for seed in 0..<400 {
      var random = SeededGenerator(seed: UInt64(seed))
      let document = PageDocument.full.changed { value in
        guard value != PageDocument.full, Int.random(in: 0..<12, using: &random) == 0 else {
          return nil
        }
        return values.randomElement(using: &random)
      }
      let page = PageReading(BundlePage.html(document))
      #expect(page.fault == nil, "seed \(seed)")
    }
    #expect(PageReading(BundlePage.html(.null)).fault == nil)
  }

  /// Thousands of layers with long names, findings and losses: still a page.
  @Test func thePageIsBounded() {
    let name = String(repeating: "long/", count: 2_000)
    let layers = (0..<5_000).map { PageDocument.layer("\(name)\($0)", $0 + 1, begins: $0) }
    let losses = (0..<5_000).map { index -> JSON in
      [
        "code": "SYN0306", "severity": "error", "subject": .string("\(name)\(index)"),
        "message": .string("\(index)"),
      ]
    }
    let bundle = PageDocument.full["bundle"].setting("losses", .array(losses))
    let html = BundlePage.html(
      PageDocument.full.setting("layers", .array(layers)).setting("bundle", bundle)
        .setting("weightHistogram", .array(Array(repeating: 7, count: 5_000))))
    #expect(html.utf8.count < 600_000, "\(html.utf8.count)")
    #expect(html.contains("4,800 more rows are left out"))
    #expect(html.contains("4,960 more losses are left out"))
  }

  /// Speeds and seconds differ from run to run; the page does not.
  @Test func timesAreNotShown() {
    #expect(!BundlePage.html(PageDocument.full).contains("31,337"))
    #expect(!BundlePage.html(PageDocument.full).contains("31337"))
  }

  @Test func sectionsWithoutContentAreLeftOut() {
    let page = PageReading(BundlePage.html(PageDocument.bare))
    let ids = page.all("section").compactMap { $0.attributes["id"] }
    #expect(ids == ["verdict", "identity", "errors", "layers", "weights", "clock", "content"])
  }

  @Test func everySectionIsRegistered() {
    let list = SourceFiles.text("Sources/SynapackReport/Page/BundlePage.swift")
    let files = SourceFiles.paths(below: "Sources/SynapackReport/Page/Sections", suffix: ".swift")
    #expect(files.count == BundlePage.sections.count)
    for file in files {
      let name = file.split(separator: "/").last.map { $0.dropLast(6) } ?? ""
      #expect(list.contains("    \(name).self,"), "\(file) is not in BundlePage.sections")
    }
  }
}
