internal import SynapackTensor

/// The inputs of conformance vectors as one stream: which payloads occur, then each input as its
/// place among them, predicted from its neighbours.
///
/// Quantized images take few of the payloads that their range allows, so places are shorter than
/// payloads. With w, n, c, e the places of the neighbours left, above, left above and right above,
/// and w′, n′, c′ those in the channel before, where the place itself is v′,
///
///     m(w, n, c)  = w + n − c, limited to the range of w and n
///     prediction  = m(w, n, c) + r,     r = v′ − m(w′, n′, c′), 0 in the first channel
///     activity    = |w − c| + |n − c| + |n − e|
///
/// and what is coded is the place less its prediction. Source of m: Weinberger, Seroussi and
/// Sapiro, "The LOCO-I lossless image compression algorithm", IEEE Trans. Image Processing 9(8),
/// 2000.
struct InputModel {
  /// Places are below 2¹⁶ and differ from their prediction by less than 2¹⁸.
  private static let widest = 18
  /// More channels than this share one palette.
  static let largestPaletteCount = 4

  private var model = IntegerModel(widest: widest, contexts: 31 * 31)
  private let grid: InputGrid
  /// The places of the tick that is coded, channel after channel.
  private var places: [Int]

  init(grid: InputGrid) {
    self.grid = grid
    places = Array(repeating: 0, count: grid.cells)
  }

  /// Codes in place the inputs of one tick, which begin at `start`; a decoder gives zeros.
  mutating func code<Coder: BinaryCoder>(
    _ inputs: inout [Int32], from start: Int, _ palettes: [Palette], _ coder: inout Coder
  ) {
    for channel in 0..<grid.channels {
      let palette = palettes[min(channel, palettes.count - 1)]
      for row in 0..<grid.height {
        for column in 0..<grid.width {
          let cell = (channel * grid.height + row) * grid.width + column
          let prediction = enter(channel: channel, row: row, column: column)
          let difference = Int64(palette.place(of: inputs[start + cell]) - prediction)
          let coded = Int(truncatingIfNeeded: model.code(difference, &coder))
          places[cell] = palette.limited(prediction + coded)
          inputs[start + cell] = palette.payloads[places[cell]]
        }
      }
    }
  }

  /// Enters the contexts of one cell and returns its prediction.
  private mutating func enter(channel: Int, row: Int, column: Int) -> Int {
    let near = neighbours(channel, row, column)
    var prediction = near.median
    var rest = 0
    if channel > 0 {
      let cell = ((channel - 1) * grid.height + row) * grid.width + column
      rest = places[cell] - neighbours(channel - 1, row, column).median
      prediction += rest
    }
    let (left, above, corner) = (near.left, near.above, near.corner)
    let activity = abs(left - corner) + abs(above - corner) + abs(above - near.right)
    func pair(_ first: Int, _ second: Int) -> Int { first.grade(8) * 17 + second.grade(8) }
    func near15(_ value: Int) -> Int { min(max(value - prediction, -15), 15) + 15 }
    let level = min(max(prediction >> 2, 0), 63)
    model.enter(min(activity.digits, 15) * 4 + min(channel, 3), at: 0)
    model.enter(rest.grade(8) * 16 + min(activity.digits, 15), at: 1)
    model.enter(pair(left - corner, above - corner), at: 2)
    model.enter(pair(near.farLeft - left, above - near.right), at: 3)
    model.enter(level * 4 + min(channel, 3), at: 4)
    model.enter(near15(left) * 31 + near15(above), at: 5)
    return prediction
  }

  private struct Neighbours {
    var left: Int
    var above: Int
    var corner: Int
    var right: Int
    var farLeft: Int

    /// m(w, n, c)
    var median: Int { min(max(left + above - corner, min(left, above)), max(left, above)) }
  }

  /// A neighbour outside the plane has the place of the one that is nearest to it; the first cell
  /// has zeros about it.
  private func neighbours(_ channel: Int, _ row: Int, _ column: Int) -> Neighbours {
    let plane = channel * grid.height * grid.width
    func place(_ row: Int, _ column: Int) -> Int { places[plane + row * grid.width + column] }
    let left =
      column > 0 ? place(row, column - 1) : row > 0 ? place(row - 1, column) : 0
    let above = row > 0 ? place(row - 1, column) : left
    return Neighbours(
      left: left, above: above,
      corner: row > 0 && column > 0 ? place(row - 1, column - 1) : above,
      right: row > 0 && column < grid.width - 1 ? place(row - 1, column + 1) : above,
      farLeft: column > 1 ? place(row, column - 2) : left)
  }
}

/// The inputs of one tick as planes: `[N]` is one line, `[C, L]` C lines, `[C, H, W]` C planes.
struct InputGrid {
  let channels: Int
  let height: Int
  let width: Int

  init(_ shape: Shape) {
    let extents = shape.dimensions
    channels = extents.count > 1 ? extents[0] : 1
    height = extents.count > 2 ? extents[1] : 1
    width = extents.last ?? 1
  }

  var cells: Int { channels * height * width }
  /// One palette for each of a few channels, else one for all.
  var palettes: Int { channels <= InputModel.largestPaletteCount ? channels : 1 }
}
