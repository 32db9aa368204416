internal import SynapackProgram
internal import SynapackTensor

/// How often each neuron of a population has to send where every copy of it reaches one core.
///
///     senders(B) = Σ_{n ∈ B} max(1, cores that hear n)
///
/// B: a block of neurons. All copies of a neuron lie on its own core, where they share its axons, so
/// that the layers before send no more for them.
struct Listeners {
  private let planes: (channels: Int, height: Int, width: Int)
  /// The neuron that most cores hear, the first of several.
  let loudest: (channel: Int, row: Int, column: Int)
  /// The sums over all neurons below a corner, [channel][row][column], each axis one cell longer.
  private let sums: [Int]

  /// More neurons than any chip has; a file may ask for so many that their counts fill the memory.
  private static let most = 1 << 24

  /// `nil` where a population has too many neurons to be counted.
  ///
  /// - Parameter cores: the blocks of each core, with all that hear the population among them.
  init?(of population: Int, _ program: SpikingProgram, _ cores: [[Block]]) {
    let shape = program.populations[population].shape
    guard shape.count <= Listeners.most, let planes = shape.planes else { return nil }
    self.planes = planes
    var heard = [Int32](repeating: 0, count: shape.count)
    var last = [Int32](repeating: -1, count: shape.count)
    for (place, blocks) in cores.enumerated() {
      let core = Int32(truncatingIfNeeded: place)
      for box in blocks.lazy.flatMap(\.boxes) where box.population == population {
        for channel in box.channels {
          for row in box.rows {
            let start = (channel * planes.height + row) * planes.width
            for column in box.columns where last[start + column] != core {
              last[start + column] = core
              heard[start + column] += 1
            }
          }
        }
      }
    }
    let first = heard.indices.max { (heard[$0], $1) < (heard[$1], $0) } ?? 0
    let (plane, column) = first.quotientAndRemainder(dividingBy: max(1, planes.width))
    let (channel, row) = plane.quotientAndRemainder(dividingBy: max(1, planes.height))
    loudest = (channel, row, column)
    sums = Listeners.summed(heard, planes)
  }

  private static func summed(
    _ heard: [Int32], _ planes: (channels: Int, height: Int, width: Int)
  ) -> [Int] {
    let (height, width) = (planes.height + 1, planes.width + 1)
    var sums = [Int](repeating: 0, count: (planes.channels + 1) * height * width)
    for channel in 0..<planes.channels {
      for row in 0..<planes.height {
        var line = 0
        for column in 0..<planes.width {
          line += Int(max(1, heard[(channel * planes.height + row) * planes.width + column]))
          let place = ((channel + 1) * height + row + 1) * width + column + 1
          sums[place] =
            line + sums[place - width] + sums[place - height * width]
            - sums[place - height * width - width]
        }
      }
    }
    return sums
  }

  /// The senders of a block.
  func senders(_ channels: Range<Int>, _ rows: Range<Int>, _ columns: Range<Int>) -> Int {
    func below(_ channel: Int, _ row: Int, _ column: Int) -> Int {
      sums[(channel * (planes.height + 1) + row) * (planes.width + 1) + column]
    }
    func plane(_ channel: Int) -> Int {
      below(channel, rows.upperBound, columns.upperBound)
        - below(channel, rows.lowerBound, columns.upperBound)
        - below(channel, rows.upperBound, columns.lowerBound)
        + below(channel, rows.lowerBound, columns.lowerBound)
    }
    return plane(channels.upperBound) - plane(channels.lowerBound)
  }

  /// Gives blocks the senders that they have once all cores are filled.
  static func settle(_ cores: inout [[Block]], _ program: SpikingProgram) {
    for index in program.populations.indices {
      guard let own = Listeners(of: index, program, cores) else { continue }
      for core in cores.indices {
        for place in cores[core].indices where cores[core][place].population == index {
          let block = cores[core][place]
          cores[core][place].counts.senders = own.senders(
            block.channels, block.rows, block.columns)
        }
      }
    }
  }
}
