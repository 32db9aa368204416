internal import SynapackSupport

/// Where the program sits on its chip, what that takes, and what travels.
enum CoreSection: BundleSection {
  private static let mostEdges = 256

  static func section(_ document: JSON) -> HTMLPage.Section? {
    let placement = document["placement"]
    guard placement != .null else { return nil }
    var blocks: [PageBlock] = [.tiles(tiles(placement)), .bars(resources(placement))]
    if let mesh = mesh(placement) { blocks.append(.picture(mesh)) }
    blocks.append(.table(table(placement)))
    return HTMLPage.Section(id: "placement", title: "Placement", blocks: blocks)
  }

  private static func tiles(_ placement: JSON) -> [PageBlock.Tile] {
    var tiles = [
      PageBlock.Tile(name: "Chip", value: placement["chip"].plain),
      PageBlock.Tile(
        name: "Cores", value: grouped(placement["coresUsed"].number),
        detail: "of \(grouped(placement["coresInAll"].number))"),
    ]
    if let energy = placement["energy"].value {
      let bound = placement["lowerBound"].value.map {
        "no arrangement takes less than \(amount($0))"
      }
      tiles.append(
        PageBlock.Tile(
          name: "Energy of the traffic", value: amount(energy), detail: bound ?? ""))
    }
    if let gap = placement["gap"].value {
      tiles.append(
        PageBlock.Tile(
          name: "Gap", value: percent(gap), detail: "above the lower bound, at most",
          standing: .plain))
    }
    if let latency = placement["averageLatency"].value {
      tiles.append(
        PageBlock.Tile(
          name: "Latency of an event", value: amount(latency),
          detail: placement["maxLatency"].value.map { "\(amount($0)) at most" } ?? ""))
    }
    if let events = placement["eventsBetweenChips"].value {
      tiles.append(
        PageBlock.Tile(
          name: "From chip to chip", value: amount(events), detail: "events an inference"))
    }
    if let congestion = placement["maxCongestion"].value {
      tiles.append(
        PageBlock.Tile(
          name: "Busiest core", value: amount(congestion), detail: "events pass it an inference"))
    }
    return tiles
  }

  /// Of each resource the core that uses most of it, the scarcest first.
  private static func resources(_ placement: JSON) -> BarTable {
    BarTable(
      title: "Resources, the scarcest first",
      note: placement["isKnown"] == .bool(true)
        ? "Each on the core that uses the largest share of it."
        : "The chip is not built in, so its capacities are not known; give its file with --chip.",
      series: ["share of the capacity"],
      rows: placement["resources"].items.map { resource in
        let share = resource["share"].value
        let capacity =
          resource["capacity"] == .null ? "" : " of \(grouped(resource["capacity"].number))"
        return BarTable.Row(
          resource["resource"].plain, [share.map { BarTable.Bar($0) }],
          words: "\(grouped(resource["amount"].number))\(capacity)"
            + (share.map { " (\(percent($0)))" } ?? ""))
      }, end: 1)
  }

  private static func table(_ placement: JSON) -> PageTable {
    PageTable(
      title: "Cores by layer",
      columns: [.init("layer"), .init("number"), .init("cores"), .init("events an inference")],
      rows: placement["layers"].items.enumerated().map { index, layer in
        [
          layer["name"].plain, String(index + 1), grouped(layer["cores"].number),
          layer["events"].value.map(amount) ?? "—",
        ]
      })
  }

  private static func mesh(_ placement: JSON) -> PagePicture? {
    let map = placement["map"]
    let (columns, rows) = (map["columns"].number, map["rows"].number)
    guard (1...mostEdges).contains(columns), (1...mostEdges).contains(rows) else { return nil }
    func isInside(_ place: JSON) -> Bool {
      (0..<columns).contains(place["column"].number) && (0..<rows).contains(place["row"].number)
    }
    func place(_ place: JSON) -> (column: Int, row: Int) {
      (place["column"].number, place["row"].number)
    }
    func borders(_ axis: String, below end: Int) -> [Double] {
      map["chipBorders"][axis].items.compactMap(\.value).filter { $0 > 0 && $0 < Double(end) }
    }
    let block = map["coresAnEdge"].number
    let tiles = map["tiles"].items.filter(isInside)
    let picture = MeshPicture(
      columns: columns, rows: rows,
      tiles: tiles.map { tile in
        MeshPicture.Tile(
          column: tile["column"].number, row: tile["row"].number, share: tile["share"].value ?? 0,
          label: tile["layerNumber"].words,
          title:
            "\(tile["cores"].words == "1" ? "core \(tile["core"].words)" : "\(tile["cores"].words) cores"): "
            + "\(tile["layer"].plain), \(amount(tile["events"].value ?? 0)) events an inference")
      },
      flows: map["flows"].items.filter { isInside($0["from"]) && isInside($0["to"]) }.map { flow in
        MeshPicture.Flow(
          from: place(flow["from"]), to: place(flow["to"]), share: flow["share"].value ?? 0)
      }, borders: (borders("columns", below: columns), borders("rows", below: rows)))
    let isBoard = !picture.borders.columns.isEmpty || !picture.borders.rows.isEmpty
    let chips = isBoard ? " Thick lines are the borders between chips." : ""
    let scale = block > 1 ? " One square is a block of \(block)×\(block) cores." : ""
    func span(_ range: JSON) -> String {
      range.items.first == range.items.last
        ? range.items.first?.words ?? "—" : range.items.map(\.words).joined(separator: " to ")
    }
    return picture.picture(
      title: "Cores and traffic",
      note: "A number is the layer that most of a core's neurons belong to, counted from 1; fuller "
        + "squares send and receive more; lines are the widest streams. Columns "
        + "\(span(map["meshColumns"])) and rows \(span(map["meshRows"])) of the mesh: outside them "
        + "nothing is used.\(scale)\(chips)",
      description: "\(grouped(placement["coresUsed"].number)) cores in use on a mesh of "
        + "\(grouped(placement["coresInAll"].number)); \(tiles.count) squares are filled.")
  }
}
