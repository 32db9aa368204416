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
  /// The sums over all neurons below a corner, [channel][row][column], each axis one cell longer.
  private let sums: [Int]

  /// - Parameter cores: the blocks of each core, with all that hear the population among them.
  init(of population: Int, _ program: SpikingProgram, _ cores: [[Block]]) {
    planes = program.populations[population].shape.planes ?? (0, 0, 0)
    var heard = [Int](repeating: 0, count: planes.channels * planes.height * planes.width)
    var last = [Int](repeating: -1, count: heard.count)
    for (core, blocks) in cores.enumerated() {
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
    sums = Listeners.summed(heard.map { max(1, $0) }, planes)
  }

  private static func summed(
    _ values: [Int], _ planes: (channels: Int, height: Int, width: Int)
  ) -> [Int] {
    let (height, width) = (planes.height + 1, planes.width + 1)
    var sums = [Int](repeating: 0, count: (planes.channels + 1) * height * width)
    for channel in 0..<planes.channels {
      for row in 0..<planes.height {
        var line = 0
        for column in 0..<planes.width {
          line += values[(channel * planes.height + row) * planes.width + column]
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

  /// The same cores, with the senders that their blocks have once all cores are filled.
  static func settled(_ cores: [[Block]], _ program: SpikingProgram) -> [[Block]] {
    let all = program.populations.indices.map { Listeners(of: $0, program, cores) }
    return cores.map { blocks in
      blocks.map { block in
        var block = block
        block.counts.senders = all[block.population].senders(
          block.channels, block.rows, block.columns)
        return block
      }
    }
  }
}
