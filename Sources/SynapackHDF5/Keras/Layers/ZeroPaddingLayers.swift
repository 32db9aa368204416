internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// ZeroPadding1D and ZeroPadding2D.
///
///     ZeroPadding(x) → pad
enum ZeroPaddingLayers: KerasLayerFamily {
  static let lowerings = [lowering(1), lowering(2)]

  private static func lowering(_ axes: Int) -> KerasLowering {
    KerasLowering("ZeroPadding\(axes)D", keys: ["padding", "data_format"]) {
      (context, builder) throws(PackError) in
      let edges = try context.edges("padding", axes)
      return try context.padded(axes, edges, &builder)
    }
  }
}

extension KerasLayerContext {
  /// Cells at the edges, as `n`, `[n, m]` or, for two axes, `[[a, b], [c, d]]`.
  func edges(_ key: String, _ axes: Int) throws(PackError) -> Edges {
    let stated = try config.numbers(key) ?? Array(repeating: 1, count: 2 * axes)
    let cells = stated.compactMap { Int(exactly: $0) }.filter { (0...(1 << 20)).contains($0) }
    guard cells.count == stated.count else {
      throw unsupported("`\(key)` is \(stated)", hint: "give whole numbers of cells")
    }
    switch (axes, cells.count) {
    case (1, 1): return Edges(left: cells[0], right: cells[0])
    case (1, 2): return Edges(left: cells[0], right: cells[1])
    case (2, 1):
      return Edges(top: cells[0], left: cells[0], bottom: cells[0], right: cells[0])
    case (2, 2):
      return Edges(top: cells[0], left: cells[1], bottom: cells[0], right: cells[1])
    case (2, 4):
      return Edges(top: cells[0], left: cells[2], bottom: cells[1], right: cells[3])
    default:
      throw unsupported("`\(key)` is \(stated)", hint: "check this layer in the source model")
    }
  }

  /// The layer as cells that are added at the edges, or cut where they are negative.
  func padded(
    _ axes: Int, _ edges: Edges, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let input = try planes(axes, &builder)
    guard edges != Edges() else { return input }
    return KerasTensor(
      planes: try builder.add(name, .pad(Pad(edges: edges)), [input.wire]), builder)
  }
}
