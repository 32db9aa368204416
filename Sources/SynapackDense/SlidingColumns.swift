/// The cells under a window as the rows of a matrix, and back.
///
///     columns[(i·K + k), p] = x[i, cell(p, k)]
///
/// i: the plane; k: one of the K taps; p: the position. A cell outside the input is zero.
extension Sliding {
  /// Lays what lies under each position in rows of `columns`, one a plane and tap. Cells outside
  /// the input are never written: they are zero where the array was made of zeros.
  func gather(_ source: Span<Float>, channels: Range<Int>, into columns: inout [Float]) {
    precondition(columns.count >= channels.count * taps * positions, "too few columns")
    precondition(source.count >= channels.upperBound * cells, "too few planes")
    unsafe columns.withUnsafeMutableBufferPointer { columns in
      unsafe source.withUnsafeBufferPointer { source in
        for tap in 0..<taps {
          let runs = runs(tap: tap)
          for (i, channel) in channels.enumerated() {
            let (row, plane) = ((i * taps + tap) * positions, channel * cells)
            for z in runs.z {
              for y in runs.y {
                let (out, cell) = (row + runs.output(z, y), plane + runs.input(z, y))
                unsafe runs.copy(source, from: cell, into: columns, at: out)
              }
            }
          }
        }
      }
    }
  }

  /// Adds the rows of one plane to the cells that they were taken from, which start at `start`.
  func spread(
    _ columns: Span<Float>, row plane: Int, into target: inout MutableSpan<Float>, at start: Int
  ) {
    for tap in 0..<taps {
      let runs = runs(tap: tap)
      let row = (plane * taps + tap) * positions
      for z in runs.z {
        for y in runs.y {
          let (cell, from) = (start + runs.input(z, y), row + runs.output(z, y))
          for x in 0..<runs.length { target[cell + x * runs.step] += columns[from + x] }
        }
      }
    }
  }
}

extension Sliding.Runs {
  /// Copies one run; at step 1 whole: a loop that checks each index took a seventh of a training.
  @inline(__always)
  fileprivate func copy(
    _ source: UnsafeBufferPointer<Float>, from cell: Int,
    into columns: UnsafeMutableBufferPointer<Float>, at out: Int
  ) {
    if step == 1 {
      _ = unsafe UnsafeMutableBufferPointer(rebasing: columns[out..<out + length])
        .update(fromContentsOf: source[cell..<cell + length])
    } else {
      for x in 0..<length { unsafe columns[out + x] = source[cell + x * step] }
    }
  }
}
