internal import SynapackTensor

/// Where the relays of a connection lead from each cell of the source's plane.
///
/// The targets of position p are `targets[offsets[p]..<offsets[p + 1]]`, ascending, and may repeat
/// where windows overlap.
struct RelayTable: Sendable {
  let offsets: [Int32]
  let targets: [Int32]
  /// The plane behind the last relay.
  let extent: Extent

  init(source: Extent, relays: [Window]) {
    guard !relays.isEmpty else {
      // Most connections: every cell leads to itself.
      let cells = Int32(source.y * source.x)
      offsets = Array(0...cells)
      targets = Array(0..<cells)
      extent = source
      return
    }
    var reached: [[Int32]] = (0..<source.y * source.x).map { [Int32($0)] }
    var extent = source
    for relay in relays {
      guard let next = relay.outputExtent(of: extent) else { continue }
      let step = RelayTable.step(from: extent, to: next, relay)
      reached = reached.map { cells in cells.flatMap { step[Int($0)] }.sorted() }
      extent = next
    }
    var offsets: [Int32] = [0]
    var targets: [Int32] = []
    for cells in reached {
      targets += cells
      offsets.append(Int32(targets.count))
    }
    self.offsets = offsets
    self.targets = targets
    self.extent = extent
  }

  /// The cells behind one relay for each cell before it.
  private static func step(from: Extent, to: Extent, _ relay: Window) -> [[Int32]] {
    var reached = Array(repeating: [Int32](), count: from.y * from.x)
    for y in 0..<to.y {
      for x in 0..<to.x {
        for ky in 0..<relay.kernel.y {
          let row = y * relay.stride.y + ky - relay.padding.top
          guard (0..<from.y).contains(row) else { continue }
          for kx in 0..<relay.kernel.x {
            let column = x * relay.stride.x + kx - relay.padding.left
            guard (0..<from.x).contains(column) else { continue }
            reached[row * from.x + column].append(Int32(y * to.x + x))
          }
        }
      }
    }
    return reached
  }
}

extension RelayTable {
  /// The most cells of the source, repeats counted, that meet in one cell behind the relays.
  var largestMeeting: Int {
    var meetings = Array(repeating: 0, count: extent.y * extent.x)
    for target in targets { meetings[Int(target)] += 1 }
    return meetings.max() ?? 0
  }
}
