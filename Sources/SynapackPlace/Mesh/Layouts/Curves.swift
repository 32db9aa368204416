/// Ways through a rectangle of cells, for clusters in feed-forward order.
public enum MeshCurve {
  /// Bands of `height` rows, each filled column by column, every second band backwards and every
  /// second column upwards, so that neighbours in the order stay neighbours on the mesh.
  public static func serpentine(rows: Int, columns: Int, height: Int) -> [(y: Int, x: Int)] {
    var way: [(y: Int, x: Int)] = []
    way.reserveCapacity(rows * columns)
    var upwards = false
    for (band, top) in stride(from: 0, to: rows, by: max(1, height)).enumerated() {
      let band = (isBackwards: !band.isMultiple(of: 2), rows: top..<min(rows, top + max(1, height)))
      for step in 0..<columns {
        let x = band.isBackwards ? columns - 1 - step : step
        for offset in 0..<band.rows.count {
          way.append(
            (upwards ? band.rows.upperBound - 1 - offset : band.rows.lowerBound + offset, x))
        }
        upwards.toggle()
      }
      // The next band begins below: a column that ended at its top would lie a band away.
      upwards = false
    }
    return way
  }

  /// Hilbert's curve for any rectangle.
  ///
  /// Source: Červený, "gilbert: space-filling curve for rectangular domains of arbitrary size".
  public static func hilbert(rows: Int, columns: Int) -> [(y: Int, x: Int)] {
    var way: [(y: Int, x: Int)] = []
    way.reserveCapacity(rows * columns)
    let across = SIMD2(columns, 0)
    let down = SIMD2(0, rows)
    if columns >= rows {
      walk(SIMD2(0, 0), across, down, &way)
    } else {
      walk(SIMD2(0, 0), down, across, &way)
    }
    return way
  }

  /// Fills the box at `corner` with the edges `long`, the main direction, and `short`.
  private static func walk(
    _ corner: SIMD2<Int>, _ long: SIMD2<Int>, _ short: SIMD2<Int>, _ way: inout [(y: Int, x: Int)]
  ) {
    let (length, width) = (abs(long.x + long.y), abs(short.x + short.y))
    let (alongLong, alongShort) = (sign(long), sign(short))
    if width == 1 || length == 1 {
      let step = width == 1 ? alongLong : alongShort
      for index in 0..<max(length, width) {
        let place = corner &+ step &* index
        way.append((place.y, place.x))
      }
      return
    }
    var halfLong = long / 2
    var halfShort = short / 2
    if 2 * length > 3 * width {
      if abs(halfLong.x + halfLong.y) % 2 == 1, length > 2 { halfLong = halfLong &+ alongLong }
      walk(corner, halfLong, short, &way)
      walk(corner &+ halfLong, long &- halfLong, short, &way)
      return
    }
    if abs(halfShort.x + halfShort.y) % 2 == 1, width > 2 { halfShort = halfShort &+ alongShort }
    walk(corner, halfShort, halfLong, &way)
    walk(corner &+ halfShort, long, short &- halfShort, &way)
    walk(
      corner &+ (long &- alongLong) &+ (halfShort &- alongShort), 0 &- halfShort,
      halfLong &- long, &way)
  }

  private static func sign(_ edge: SIMD2<Int>) -> SIMD2<Int> {
    SIMD2(edge.x.signum(), edge.y.signum())
  }
}
