internal import SynapackSupport
public import SynapackTensor

extension Chip {
  /// Equal chips side by side, whose cores together are the mesh.
  public struct Board: Sendable, Hashable {
    /// Columns (`x`) and rows (`y`) of chips; they divide those of the mesh.
    public internal(set) var chips: Extent
    /// The hops that a step from one chip to the next counts beyond the one of every step; `nil`
    /// where nobody published it: what crosses a border then has no cost that could be told.
    public let crossing: Int?
    public let source: String

    /// Whether there are borders to cross.
    public var hasSeveral: Bool { chips.x * chips.y > 1 }

    /// - Throws: `SYN0501` for a key that is missing or unknown, and for chips that do not divide
    ///   the mesh.
    init(_ chip: ChipNode, mesh: Extent) throws(PackError) {
      let node = try chip.child("board", keys: ["across", "down", "crossing", "source"])
      func count(_ key: String, of cores: Int, _ what: String) throws(PackError) -> Int {
        let count = try node.integer(key, in: 1...4096)
        guard cores.isMultiple(of: count) else {
          throw node.refusal(
            key, "`\(count)`, which does not divide the \(cores) \(what) of the mesh")
        }
        return count
      }
      chips = Extent(
        y: try count("down", of: mesh.y, "rows"), x: try count("across", of: mesh.x, "columns"))
      // So few that the hops across the largest mesh are exact in 24 bits.
      crossing = try node.has("crossing") ? node.integer("crossing", in: 0...1024) : nil
      source = try node.text("source", default: "")
    }
  }

  /// The mesh with the hops of its steps.
  ///
  /// Where the hops of a crossing are unpublished, places are sought as if it counted as many as
  /// lead across a chip and back down it, so that events stay on a chip where they can; no cost that
  /// is told rests on that.
  public var geometry: MeshGeometry {
    guard let board, board.crossing != 0, board.hasSeveral else {
      return MeshGeometry(rows: mesh.y, columns: mesh.x)
    }
    let (rows, columns) = (mesh.y / board.chips.y, mesh.x / board.chips.x)
    return MeshGeometry(
      rows: mesh.y, columns: mesh.x, chipRows: rows, chipColumns: columns,
      crossing: board.crossing ?? rows + columns)
  }

  /// The costs of these routes that can be told: none where one of them crosses the border of a chip
  /// and nobody published what that takes.
  func costs(of routes: [Route]) -> Costs {
    guard let board, board.crossing == nil else { return costs }
    let crosses = routes.contains { route in
      let own = board.chip(ofCore: route.core, mesh: mesh)
      return route.destinations.contains { board.chip(ofCore: $0, mesh: mesh) != own }
    }
    return crosses ? Costs() : costs
  }
}

extension Chip.Board {
  /// The chip that a core lies on, counted row by row.
  ///
  /// - Parameter mesh: which a stored placement may have wrong: chips that do not divide it are one
  ///   core large at least.
  public func chip(ofCore core: Int, mesh: Extent) -> Int {
    let (rows, columns) = (max(1, mesh.y / chips.y), max(1, mesh.x / chips.x))
    let (y, x) = core.quotientAndRemainder(dividingBy: max(1, mesh.x))
    return y / rows * chips.x + x / columns
  }
}

extension Placement {
  /// The events of an inference that leave their chip: each once for each core on another one that
  /// hears it.
  ///
  /// - Parameter board: that of the placement's chip.
  public func eventsBetweenChips(of board: Chip.Board) -> Double {
    var events = 0.0
    for route in routes {
      let own = board.chip(ofCore: route.core, mesh: mesh)
      let others = route.destinations.count { board.chip(ofCore: $0, mesh: mesh) != own }
      events += route.weight * Double(others)
    }
    return events
  }
}
