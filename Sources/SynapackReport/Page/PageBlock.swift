internal import SynapackSupport

/// What a section is made of. All text is plain: it is escaped where it is written.
enum PageBlock {
  case paragraph(String)
  /// The sentence that answers the question of the section.
  case answer(String)
  /// What a reader has to know to read the block before it.
  case note(String)
  /// Numbers of which each is seen at a glance.
  case tiles([Tile])
  /// Names and what they are.
  case facts([Fact])
  case entries([Entry])
  case table(PageTable)
  case bars(BarTable)
  case picture(PagePicture)

  /// How something stands; said in words wherever it is shown.
  enum Standing: String {
    case plain, good, warn, bad

    init(_ severity: Severity) {
      switch severity {
      case .note: self = .plain
      case .warning: self = .warn
      case .error: self = .bad
      }
    }
  }

  struct Tile {
    var name: String
    var value: String
    var detail = ""
    var standing = Standing.plain
  }

  struct Fact {
    var name: String
    var value: String
    /// For digests and options.
    var isCode = false
  }

  /// One line of a ledger.
  struct Entry {
    var label: String
    var text: String
    var standing: Standing
  }

  var html: String {
    switch self {
    case .paragraph(let text): "<p>\(PageText.escaped(text))</p>"
    case .answer(let text): "<p class=\"verdict\">\(PageText.escaped(text))</p>"
    case .note(let text): "<p class=\"note\">\(PageText.escaped(text))</p>"
    case .tiles(let tiles):
      "<ul class=\"tiles\">\n" + tiles.map(PageBlock.drawn).joined(separator: "\n") + "\n</ul>"
    case .facts(let facts):
      "<dl>\n" + facts.map(PageBlock.drawn).joined(separator: "\n") + "\n</dl>"
    case .entries(let entries):
      "<ul class=\"entries\">\n" + entries.map(PageBlock.drawn).joined(separator: "\n") + "\n</ul>"
    case .table(let table): table.html
    case .bars(let bars): bars.html
    case .picture(let picture): picture.html
    }
  }

  private static func drawn(_ tile: Tile) -> String {
    let detail = tile.detail.isEmpty ? "" : "<span>\(PageText.escaped(tile.detail))</span>"
    return "<li class=\"\(tile.standing.rawValue)\"><span>\(PageText.escaped(tile.name))</span>"
      + "<b>\(PageText.escaped(tile.value))</b>\(detail)</li>"
  }

  private static func drawn(_ fact: Fact) -> String {
    let value = PageText.escaped(fact.value)
    return "<dt>\(PageText.escaped(fact.name))</dt>"
      + "<dd>\(fact.isCode ? "<code>\(value)</code>" : value)</dd>"
  }

  private static func drawn(_ entry: Entry) -> String {
    "<li class=\"\(entry.standing.rawValue)\"><span class=\"label\">"
      + "\(PageText.escaped(entry.label))</span> \(PageText.escaped(entry.text))</li>"
  }
}

/// A drawing of its own, with the words for those who do not see it.
struct PagePicture {
  var title: String
  var note: String
  /// What the drawing shows, in a sentence.
  var description: String
  /// The drawing's extents, in the units of its content.
  var width: Int
  var height: Int
  /// The widest that it is shown, in pixels.
  var widest: Int
  /// Elements of SVG, their text escaped.
  var content: String

  var html: String {
    "<figure class=\"picture\">\n" + PageText.caption(title, note)
      + "\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
      + "style=\"max-width: \(widest)px\">\n"
      + "<title>\(PageText.escaped(title))</title>\n<desc>\(PageText.escaped(description))</desc>\n"
      + content + "\n</svg>\n</figure>"
  }
}

/// Text of files on a page: inert, and no longer than a reader bears.
enum PageText {
  /// A name longer than this is cut, as one that fills the page hides the rest.
  static let longestName = 96
  private static let longestText = 2_000

  static func escaped(_ text: String) -> String {
    XMLText.escaped(cut(text, longestText))
  }

  /// A name, cut in its middle, where names seldom differ.
  static func name(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > longestName else { return text }
    let (start, end) = (scalars.prefix(longestName / 2), scalars.suffix(longestName / 2 - 1))
    return String(String.UnicodeScalarView(start)) + "…" + String(String.UnicodeScalarView(end))
  }

  static func caption(_ title: String, _ note: String) -> String {
    let note = note.isEmpty ? "" : "<span>\(escaped(note))</span>"
    return "<figcaption>\(escaped(title))\(note)</figcaption>"
  }

  private static func cut(_ text: String, _ longest: Int) -> String {
    guard text.unicodeScalars.count > longest else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))) + "…"
  }
}
