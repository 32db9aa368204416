import Foundation
import SynapackSupport

@testable import SynapackReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page, read by a strict parser of XML that knows nothing of how it was written.
final class PageReading: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// All text below it, runs of white space as one space.
    var text: String
    /// The places in `elements` of what it stands in, outermost first.
    var path: [Int]
  }

  private(set) var elements: [Element] = []
  private(set) var fault: String?
  private var open: [Int] = []

  init(_ html: String) {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() {
      fault = "\(String(describing: parser.parserError)) in line \(parser.lineNumber)"
    }
  }

  /// One section alone, in a page of its own.
  convenience init(_ section: (any BundleSection.Type), _ document: JSON) {
    let sections = [section.section(document)].compactMap { $0 }
    self.init(HTMLPage(title: "t", kicker: "k", footer: "f", sections: sections).html)
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes, text: "", path: open))
    open.append(elements.count - 1)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let index = open.popLast() else { return }
    elements[index].text = elements[index].text.split { $0.isWhitespace }.joined(separator: " ")
    // So that the texts of neighbours do not run together.
    for outer in open { elements[outer].text += " " }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in open { elements[index].text += string }
  }

  func all(_ name: String, class kind: String? = nil) -> [Element] {
    elements.filter { $0.name == name && (kind == nil || $0.attributes["class"] == kind) }
  }

  /// The rows of the table under a caption, cell by cell, its header first.
  func table(_ caption: String) -> [[String]] {
    guard
      let title = elements.first(where: { $0.name == "figcaption" && $0.text.hasPrefix(caption) }),
      let figure = title.path.last
    else { return [] }
    let rows = elements.indices.filter {
      elements[$0].name == "tr" && elements[$0].path.contains(figure)
    }
    return rows.map { row in
      elements.filter { ["td", "th"].contains($0.name) && $0.path.last == row }.map(\.text)
    }
  }

  var text: String { elements.first { $0.name == "body" }?.text ?? "" }
}
