import Testing

@testable import SynapackReport

struct ContentSectionTests {
  @Test func everySectionHasItsDigest() {
    let page = PageReading(ContentSection.self, PageDocument.full)
    #expect(page.table("Sections").last == ["weights", "987", "1,234", "model", "ef01"])
    #expect(page.text.contains("take 64 bytes more"))
  }
}
