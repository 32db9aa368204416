/// Rows of text under a header; a table that is wider than the page scrolls inside it.
struct PageTable {
  struct Column {
    var title: String
    /// Words stand to the left, numbers to the right.
    var isWords = false

    init(_ title: String, isWords: Bool = false) {
      self.title = title
      self.isWords = isWords
    }
  }

  /// More rows than these make no reader wiser, and a page must stay a page.
  static let mostRows = 200

  var title: String
  var note = ""
  /// The first one names the row.
  var columns: [Column]
  var rows: [[String]]
  /// What lists the rows that are left out, where some are.
  var elsewhere = "synapack report --json lists all"

  var html: String {
    let head = columns.map { column in
      "<th scope=\"col\"\(column.isWords ? " class=\"words\"" : "")>"
        + "\(PageText.escaped(column.title))</th>"
    }
    var parts = [
      "<figure>", PageText.caption(title, note), "<div class=\"scroll\"><table>",
      "<thead><tr>\(head.joined())</tr></thead>", "<tbody>",
    ]
    parts += rows.prefix(PageTable.mostRows).map(drawn)
    parts += ["</tbody></table></div>"]
    if rows.count > PageTable.mostRows {
      let left = grouped(rows.count - PageTable.mostRows)
      parts.append(
        "<p class=\"note\">\(left) more rows are left out; \(PageText.escaped(elsewhere)).</p>")
    }
    return (parts + ["</figure>"]).joined(separator: "\n")
  }

  private func drawn(_ row: [String]) -> String {
    let cells = zip(columns, row).enumerated().map { index, cell in
      let (column, text) = cell
      guard index > 0 else { return "<th scope=\"row\">\(PageText.escaped(text))</th>" }
      return "<td\(column.isWords ? " class=\"words\"" : "")>\(PageText.escaped(text))</td>"
    }
    return "<tr>\(cells.joined())</tr>"
  }
}
