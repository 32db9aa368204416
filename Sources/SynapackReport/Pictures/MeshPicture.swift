/// The cores of a chip where they lie, fuller where more events come and go, and the widest streams
/// between them.
struct MeshPicture {
  /// One core, or a block of neighbours where a chip has more than a page shows.
  struct Tile {
    var column: Int
    var row: Int
    /// From 0 to 1.
    var share: Double
    /// A few letters inside.
    var label: String
    /// What a pointer over it shows.
    var title: String
  }

  /// Events from one tile to another.
  struct Flow {
    var from: (column: Int, row: Int)
    var to: (column: Int, row: Int)
    /// From 0 to 1.
    var share: Double
  }

  var columns: Int
  var rows: Int
  var tiles: [Tile]
  var flows: [Flow]
  /// Where the chips of a board meet, in squares from the first column and row.
  var borders: (columns: [Double], rows: [Double]) = ([], [])

  private static let size = 24

  func picture(title: String, note: String, description: String) -> PagePicture {
    let size = MeshPicture.size
    var shapes = [grid] + chips
    for tile in tiles {
      let (x, y) = (tile.column * size, tile.row * size)
      shapes.append(
        "<g><rect class=\"one\" x=\"\(x + 1)\" y=\"\(y + 1)\" width=\"\(size - 2)\" "
          + "height=\"\(size - 2)\" fill-opacity=\"\(decimals(0.1 + 0.6 * bounded(tile.share), 2))\"/>"
          + "<text x=\"\(x + size / 2)\" y=\"\(y + size / 2 + 3)\" font-size=\"9\" "
          + "text-anchor=\"middle\">\(PageText.escaped(tile.label))</text>"
          + "<title>\(PageText.escaped(tile.title))</title></g>")
    }
    for flow in flows where flow.from != flow.to {
      let width = decimals(0.5 + 2.5 * bounded(flow.share), 1)
      shapes.append(
        "<path class=\"flow\" stroke-width=\"\(width)\" stroke-opacity=\"0.6\" "
          + "d=\"M\(centre(flow.from.column)) \(centre(flow.from.row))"
          + "L\(centre(flow.to.column)) \(centre(flow.to.row))\"/>")
    }
    return PagePicture(
      title: title, note: note, description: description, width: max(1, columns) * size,
      height: max(1, rows) * size, widest: min(960, max(1, columns) * 3 * size),
      content: shapes.joined(separator: "\n"))
  }

  /// The borders of all cores, also of those that nothing uses.
  private var grid: String {
    let size = MeshPicture.size
    let across = (0...max(1, rows)).map { "M0 \($0 * size)H\(max(1, columns) * size)" }
    let down = (0...max(1, columns)).map { "M\($0 * size) 0V\(max(1, rows) * size)" }
    return "<path class=\"grid\" d=\"\((across + down).joined())\"/>"
  }

  /// The borders between the chips of a board.
  private var chips: [String] {
    let size = Double(MeshPicture.size)
    let across = borders.rows.map {
      "M0 \(decimals($0 * size, 1))H\(max(1, columns) * MeshPicture.size)"
    }
    let down = borders.columns.map {
      "M\(decimals($0 * size, 1)) 0V\(max(1, rows) * MeshPicture.size)"
    }
    guard !(across + down).isEmpty else { return [] }
    return ["<path class=\"border\" d=\"\((across + down).joined())\"/>"]
  }

  private func centre(_ index: Int) -> Int { index * MeshPicture.size + MeshPicture.size / 2 }

  private func bounded(_ share: Double) -> Double {
    share.isFinite ? min(1, max(0, share)) : 0
  }
}
