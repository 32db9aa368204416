internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Cuts the feed-forward order of all rows into cores at the places that cost the least.
///
/// An event that a core hears from itself costs E_route, from another core c = E_route +
/// (E_route + E_wire), taking cores to be neighbours. A core pays for what it hears, whoever else
/// hears it, so the least of all cuts is found from the front (dynamic programming):
///
///     f(0) = 0,  f(j) = min over i < j of f(i) + cost(i, j)
///
///     cost(i, j) = Σ_s w_s · (E_route where s is among the rows i..<j, else c)
///
/// s: the distinct neurons that the rows i..<j hear, w_s: their events in one inference. A row holds
/// all channels; layers without rows are cut between their channels.
struct SegmentCuts {
  private let chip: Chip
  private let rates: [Double]
  private let near: Double
  private let far: Double
  private let shapes: [Shape]
  private let packing: Packing
  private let tilings: [Tiling]
  private let pieces: [Piece]

  /// More pieces and neurons than these are not worth the time: equal blocks come near enough.
  private static let most = (pieces: 256, neurons: 65_536)
  /// Parts of a layer that has no rows.
  private static let parts = 16

  /// The least that is cut off: a row of a layer, or some channels of one without rows.
  private struct Piece {
    var population: Int
    var channels: Range<Int>
    var rows: Range<Int>
  }

  /// `nil` where there is too much to cut.
  init?(_ program: SpikingProgram, _ chip: Chip, rates: [Double], _ constants: MeshConstants) {
    shapes = program.populations.map(\.shape)
    pieces = shapes.enumerated().flatMap { SegmentCuts.pieces($0, $1) }
    guard pieces.count <= SegmentCuts.most.pieces,
      shapes.reduce(0, { $0 + $1.count }) <= SegmentCuts.most.neurons
    else { return nil }
    self.chip = chip
    self.rates = rates
    near = constants.energyRoute
    far = 2 * constants.energyRoute + constants.energyWire
    packing = Packing(program, chip)
    tilings = program.populations.indices.map { Tiling($0, program, chip) }
  }

  private static func pieces(_ population: Int, _ shape: Shape) -> [Piece] {
    guard let planes = shape.planes else { return [] }
    guard planes.height == 1 else {
      return (0..<planes.height).map {
        Piece(population: population, channels: 0..<planes.channels, rows: $0..<$0 + 1)
      }
    }
    let size = (planes.channels + parts - 1) / parts
    return stride(from: 0, to: planes.channels, by: max(1, size)).map {
      Piece(
        population: population, channels: $0..<min(planes.channels, $0 + size), rows: 0..<1)
    }
  }

  /// The cheapest cut; `nil` where a piece fits no core or where there are not enough of them.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func cores() throws(PackError) -> [[Block]]? {
    var least: [(cost: Double, start: Int)] = [(0, 0)]
    for end in 1..<pieces.count + 1 {
      var best = (cost: Double.infinity, start: 0)
      for start in (0..<end).reversed() {
        let blocks = blocks(start..<end)
        guard try packing.fits(coreCounts(blocks, shapes: shapes)) else { break }
        let cost = least[start].cost + cost(of: blocks)
        // Of equal costs the longer segment, which makes fewer of them.
        if cost <= best.cost { best = (cost, start) }
      }
      guard best.cost.isFinite else { return nil }
      least.append(best)
    }
    var cores: [[Block]] = []
    var end = pieces.count
    while end > 0 {
      cores.append(blocks(least[end].start..<end))
      end = least[end].start
    }
    return cores.count <= chip.cores ? cores.reversed() : nil
  }

  /// Consecutive pieces, those of a layer as one block.
  private func blocks(_ range: Range<Int>) -> [Block] {
    var merged: [Piece] = []
    for piece in pieces[range] {
      guard let last = merged.last, last.population == piece.population else {
        merged.append(piece)
        continue
      }
      merged[merged.count - 1].channels =
        min(last.channels.lowerBound, piece.channels.lowerBound)..<piece.channels.upperBound
      merged[merged.count - 1].rows = last.rows.lowerBound..<piece.rows.upperBound
    }
    return merged.map { piece in
      tilings[piece.population].block(
        channels: piece.channels, rows: piece.rows,
        columns: 0..<(shapes[piece.population].planes?.width ?? 1))
    }
  }

  /// What the events that a core of these blocks hears cost.
  private func cost(of blocks: [Block]) -> Double {
    let boxes = blocks.flatMap(\.boxes)
    var cost = 0.0
    for population in Set(boxes.map(\.population)).sorted() {
      let heard = boxes.filter { $0.population == population }
      let all = distinctNeurons(heard, shapes: shapes)
      // What of it lies in the core itself: the union of the intersections.
      let own = blocks.first { $0.population == population }
      let inside = own.map { own in
        distinctNeurons(heard.map { $0.within(own) }, shapes: shapes)
      }
      let local = Double(inside ?? 0)
      cost += rates[population] * (near * local + far * (Double(all) - local))
    }
    return cost
  }
}

extension SourceBox {
  /// What of a box lies in a block of its own population.
  fileprivate func within(_ block: Block) -> SourceBox {
    SourceBox(
      population: population, channels: channels.clamped(to: block.channels),
      rows: rows.filter(block.rows.contains), columns: columns.filter(block.columns.contains))
  }
}
