internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Fills one core after another with neurons in feed-forward order, cell by cell with all channels,
/// so that a layer may end and the next begin anywhere in a core (Jin et al. 2023, sequential
/// partitioning).
///
/// Equal blocks leave a part of most cores empty; where a network takes a handful of cores, one core
/// fewer is worth more than the neatest halo. What a core takes of a layer is as few boxes as hold a
/// run of cells: the rest of a cell, the rest of a row, whole rows, a part of a row, a part of a cell.
struct SequentialFill {
  private(set) var cores: [[Block]] = []
  private var open: [Block] = []
  private let program: SpikingProgram
  private let chip: Chip
  private let shapes: [Shape]
  private let packing: Packing

  init(_ program: SpikingProgram, _ chip: Chip) {
    self.program = program
    self.chip = chip
    shapes = program.populations.map(\.shape)
    packing = Packing(program, chip)
  }

  /// Where the next neuron of a layer stands.
  private struct Cursor {
    var row = 0
    var column = 0
    var channel = 0
  }

  /// Whether every neuron found a core; where more cores are taken than there may be, it is left early.
  ///
  /// - Parameter limit: the cores that there may be; `nil` for those of the chip.
  /// - Throws: `SYN0501` for a demand that has no value.
  mutating func fill(atMost limit: Int? = nil) throws(PackError) -> Bool {
    let limit = limit ?? chip.cores
    for index in program.populations.indices {
      let tiling = Tiling(index, program, chip)
      let planes = shapes[index].planes ?? (0, 0, 0)
      var cursor = Cursor()
      while cursor.row < planes.height {
        if let block = try largest(from: cursor, planes, tiling) {
          open.append(block)
          cursor = SequentialFill.cursor(after: block, planes)
        } else {
          // One more core is opened for what does not fit.
          guard !open.isEmpty, cores.count + 1 < limit else { return false }
          cores.append(open)
          open = []
        }
      }
    }
    if !open.isEmpty { cores.append(open) }
    return true
  }

  private typealias Planes = (channels: Int, height: Int, width: Int)

  private static func cursor(after block: Block, _ planes: Planes) -> Cursor {
    if block.channels.upperBound < planes.channels {
      return Cursor(
        row: block.rows.lowerBound, column: block.columns.lowerBound,
        channel: block.channels.upperBound)
    }
    if block.columns.upperBound < planes.width {
      return Cursor(row: block.rows.lowerBound, column: block.columns.upperBound)
    }
    return Cursor(row: block.rows.upperBound)
  }

  /// The largest block that begins at the cursor and that the open core still takes.
  private func largest(
    from cursor: Cursor, _ planes: Planes, _ tiling: Tiling
  ) throws(PackError) -> Block? {
    let (row, column, channel) = (cursor.row, cursor.column, cursor.channel)
    if channel == 0, column == 0 {
      let rows = try most(planes.height - row) { count in
        tiling.block(
          channels: 0..<planes.channels, rows: row..<row + count, columns: 0..<planes.width)
      }
      if let rows { return rows }
    }
    if channel == 0 {
      let columns = try most(planes.width - column) { count in
        tiling.block(
          channels: 0..<planes.channels, rows: row..<row + 1, columns: column..<column + count)
      }
      if let columns { return columns }
    }
    return try most(planes.channels - channel) { count in
      tiling.block(
        channels: channel..<channel + count, rows: row..<row + 1, columns: column..<column + 1)
    }
  }

  /// The block of the greatest count, `limit` at most, that the open core takes.
  private func most(_ limit: Int, _ block: (Int) -> Block) throws(PackError) -> Block? {
    var best: Block?
    var (fitting, failing) = (0, limit + 1)
    while failing - fitting > 1 {
      // Sizes double until one is too large: a few of many rows fit.
      let doubled = failing > limit ? max(1, 2 * fitting) : (fitting + failing) / 2
      let count = min(doubled, limit)
      let candidate = block(count)
      if try packing.fits(coreCounts(open + [candidate], shapes: shapes)) {
        (best, fitting) = (candidate, count)
      } else {
        failing = count
      }
    }
    return best
  }
}
