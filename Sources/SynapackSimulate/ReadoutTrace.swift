internal import SynapackProgram
internal import SynapackTensor

/// The scores of a readout after each tick of its window, as ``Readout`` defines them.
struct ReadoutTrace {
  private let readout: Readout
  private let shape: Shape
  private let timesteps: Int
  /// r of every tick of the population's life, in the order of its shape.
  private var values: [[Int64]] = []
  private var totals: [Int64]

  init(_ program: SpikingProgram) {
    readout = program.readout
    shape = program.populations[program.readout.population].shape
    timesteps = program.timesteps
    totals = Array(repeating: 0, count: shape.count)
  }

  /// Takes the tick that ended.
  mutating func add(_ walk: EventWalk, _ fired: Range<Int>) {
    switch readout.decoding {
    case .membrane: values.append(walk.ordered.map(Int64.init))
    case .count:
      walk.count(fired, into: &totals)
      values.append(ChannelsLast.to(totals, shape))
    }
  }

  /// The scores after each tick from d + 1 to T.
  var scores: [[Int64]] {
    let window = values.suffix(timesteps)
    let counted = window.dropFirst(readout.discards)
    guard readout.discards > 0, let base = window.dropFirst(readout.discards - 1).first else {
      return Array(counted)
    }
    return counted.map { tick in zip(tick, base).map { $0 - $1 } }
  }
}
