import Foundation
@testable import SynapackBundle
import SynapackSupport
import TestSupport
import Testing

/// `schemas/bundle.layout.json` against code and schema: a number that had a meaning keeps it.
struct LayoutTests {
  private struct Layout: Decodable {
    var format: String
    var header: [String: String]
    var entry: [String: String]
    var sections: [String: String]
    var codecs: [String: String]
    var requiredFeatures: [String: String]
    var messages: [String: [String: String]]
  }

  private func layout() throws -> Layout {
    let text = SourceFiles.text("schemas/bundle.layout.json")
    return try JSONDecoder().decode(Layout.self, from: Data(text.utf8))
  }

  /// Every message and enumeration of the schema, number by number.
  private func schema() -> [String: [String: String]] {
    let text = SourceFiles.text("schemas/bundle.proto").replacing(/\/\/[^\n]*/, with: "")
    var found: [String: [String: String]] = [:]
    for block in text.matches(of: /(message|enum)\s+(\w+)\s*\{([^}]*)\}/) {
      var entries: [String: String] = [:]
      for field in block.3.matches(
        of: /(repeated |optional )?\s*(?:([\w.]+)\s+)?(\w+)\s*=\s*(\d+)\s*;/)
      {
        let label = field.1.map(String.init) ?? ""
        let type = field.2.map { ": \(label)\($0)" } ?? ""
        #expect(entries[String(field.4)] == nil, "\(block.2) uses \(field.4) twice")
        entries[String(field.4)] = "\(field.3)\(type)"
      }
      found[String(block.2)] = entries
    }
    return found
  }

  @Test func everyNumberOfTheSchemaKeepsItsMeaning() throws {
    let (known, found) = (try layout().messages, schema())
    #expect(known.count > 20)
    for (name, numbers) in known {
      for (number, meaning) in numbers {
        #expect(found[name]?[number] == meaning, "\(name) \(number) meant `\(meaning)`")
      }
    }
    for (name, numbers) in found {
      for (number, meaning) in numbers {
        #expect(
          known[name]?[number] == meaning,
          "add \(name) \(number), `\(meaning)`, to schemas/bundle.layout.json")
      }
    }
  }

  @Test func sectionsCodecsAndFeaturesAreThoseOfTheCode() throws {
    let layout = try layout()
    let sections = SectionType.allCases.map {
      ("\($0.rawValue)", $0.name + ($0.isCritical ? " critical" : ""))
    }
    #expect(layout.sections == Dictionary(uniqueKeysWithValues: sections))
    let codecs = SectionCoding.allCases.map { ("\($0.rawValue)", $0.name) }
    #expect(layout.codecs == Dictionary(uniqueKeysWithValues: codecs))
    let bits = layout.requiredFeatures.keys.compactMap { UInt64($0) }.reduce(0) { $0 | 1 << $1 }
    #expect(bits == ContainerHeader.compensation | ContainerHeader.modelledSections)
  }

  @Test func headerAndEntriesFillTheirBytes() throws {
    let sizes = ["u16": 2, "u32": 4, "u64": 8, "8 bytes": 8, "32 bytes": 32]
    for (fields, end) in [(try layout().header, 128), (try layout().entry, SectionEntry.size)] {
      var next = 0
      for (offset, field) in fields.compactMap({ pair in Int(pair.key).map { ($0, pair.value) } })
        .sorted(by: { $0.0 < $1.0 })
      {
        #expect(offset == next, "\(field)")
        let type = String(field.drop { $0 != ":" }.dropFirst(2))
        next += try #require(sizes[type], "\(field)")
      }
      #expect(next == end)
    }
  }

  /// The bytes themselves: fields of the golden file read at the offsets that the layout states.
  @Test func theGoldenFileHasItsFieldsThere() throws {
    let header = try layout().header
    let file = try MappedFile(path: Fixtures.path("bundles/v1/minimal.synapack"))
    let bytes = file.prefix(128)
    func number(_ name: String, _ size: Int) throws -> Int {
      let field = try #require(header.first { $0.value.hasPrefix(name + ":") })
      let offset = try #require(Int(field.key))
      return (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }
    #expect(try number("major", 2) == 1 && number("minor", 2) == 0)
    #expect(try number("headerLength", 4) == 128 && number("fileLength", 8) == file.count)
    #expect(try number("tableOffset", 8) == 128 && number("entrySize", 4) == SectionEntry.size)
    #expect(try number("sectionCount", 4) == SectionType.allCases.count - 1)
  }
}
