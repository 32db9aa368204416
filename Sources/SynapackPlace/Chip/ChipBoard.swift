internal import SynapackSupport
public import SynapackTensor

extension Chip {
  /// Equal chips side by side, whose cores together are the mesh.
  public struct Board: Sendable, Hashable {
    /// Columns (`x`) and rows (`y`) of chips; they divide those of the mesh.
    public let chips: Extent
    /// The hops that a step from one chip to the next counts beyond the one of every step.
    public let crossing: Int
    public let source: String

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
      crossing = try node.integer("crossing", in: 0...1024)
      source = try node.text("source", default: "")
    }
  }

  /// The mesh with the hops of its steps.
  public var geometry: MeshGeometry {
    guard let board, board.crossing > 0, board.chips.y * board.chips.x > 1 else {
      return MeshGeometry(rows: mesh.y, columns: mesh.x)
    }
    return MeshGeometry(
      rows: mesh.y, columns: mesh.x, chipRows: mesh.y / board.chips.y,
      chipColumns: mesh.x / board.chips.x, crossing: board.crossing)
  }
}
