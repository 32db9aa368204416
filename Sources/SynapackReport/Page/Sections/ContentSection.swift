internal import SynapackSupport

/// The sections of the file and their digests.
enum ContentSection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    let bundle = document["bundle"]
    let sections = bundle["sections"].items
    guard !sections.isEmpty else { return nil }
    let table = PageTable(
      title: "Sections",
      note: "Header, table and padding take \(bytes(bundle["containerBytes"].number)) more.",
      columns: [
        .init("section"), .init("stored"), .init("raw"), .init("codec", isWords: true),
        .init("SHA-256 of the raw bytes", isWords: true),
      ],
      rows: sections.map { section in
        [
          section["name"].plain, grouped(section["stored"].number), grouped(section["raw"].number),
          section["codec"].plain, section["digest"].plain,
        ]
      })
    return HTMLPage.Section(
      id: "content", title: "What the file holds",
      blocks: [
        .table(table),
        .note(
          "To check it yourself: synapack validate, synapack replay and synapack inspect --json, each "
            + "with the name of the bundle."),
      ])
  }
}
