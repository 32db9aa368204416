/// One page of HTML that needs nothing beside itself: no script, no picture, font or style from
/// elsewhere, and a policy in its head that lets none in. It is well-formed XML as well.
///
/// Equal pages give equal bytes.
struct HTMLPage {
  /// A part of the page under a heading of its own.
  struct Section {
    /// What links lead to; letters and hyphens.
    var id: String
    var title: String
    var blocks: [PageBlock]
  }

  var title: String
  /// One line above the title.
  var kicker: String
  /// One line below everything.
  var footer: String
  var sections: [Section]

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="referrer" content="no-referrer"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
    <title>\(XMLText.escaped(title))</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body>
    <header>
    <p class="kicker">\(XMLText.escaped(kicker))</p>
    <h1>\(XMLText.escaped(title))</h1>
    \(contents)
    </header>
    <main>
    \(sections.map(HTMLPage.drawn).joined(separator: "\n"))
    </main>
    <footer><p>\(XMLText.escaped(footer))</p></footer>
    </body>
    </html>

    """
  }

  private var contents: String {
    let links = sections.map { "<a href=\"#\($0.id)\">\(XMLText.escaped($0.title))</a>" }
    return "<nav aria-label=\"Contents\">" + links.joined(separator: "\n") + "</nav>"
  }

  private static func drawn(_ section: Section) -> String {
    "<section id=\"\(section.id)\" aria-labelledby=\"\(section.id)-title\">\n"
      + "<h2 id=\"\(section.id)-title\">\(XMLText.escaped(section.title))</h2>\n"
      + section.blocks.map(\.html).joined(separator: "\n") + "\n</section>"
  }
}
