internal import SynapackDense
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Solves the weights of a population for what its sources really send.
///
///     X* = X + argmin_D Σ ‖(z − X f) − D f‖² + λ·h·‖D‖²,   chosen per output channel
///
/// z: the source network's value before the neuron; f: the payloads under the kernel, averaged
/// over the ticks, and 1 for the bias; X: weights and bias as they stand, by what they make of a
/// payload or, where the caller says so, of a value of the source network; h: the mean square of a
/// feature. Every fourth sample decides and is held out of the sums, and those that judge are left out
/// of everything (``SampleRoles``); of λ = 10⁻⁴ … 10 and of D = 0, each output channel takes what
/// explains the held-out samples best, or the largest λ that gains at least a share of that
/// (``margin``), and is then solved with its λ on all samples that do not judge. Layers of more than
/// 6,144 features keep their weights.
struct WeightRefit {
  let samples: Int
  var roles = SampleRoles.learning
  let threads: Int
  /// The share of the best gain on held-out samples that is enough, 1 for the best alone.
  var margin = 1.0

  static let ridges: [Float] = [1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10]
  /// Observations that are enough for every problem; positions are thinned out to about as many.
  static let observations = 65_536
  /// Sums that are gathered side by side; constants, so that no sum depends on the threads. Few
  /// where each takes much memory.
  static let parts = 8
  static func parts(columns: Int) -> Int { columns > 2_048 ? 2 : parts }
  /// Features beyond which a layer keeps its weights: the sums grow with their square.
  static let largest = 6_144

  /// The weights of a block: connections without groups together, or one group of one connection.
  struct Block {
    /// The output channels.
    var outputs: Range<Int>
    /// Each connection with the channels of its relayed source that belong to the block.
    var connections: [(index: Int, channels: Range<Int>)]
  }

  /// The blocks in which the connections can be solved; those that only pass a source on stay.
  static func blocks(_ connections: [FloatConnection], outputs: Int) -> [Block] {
    let weighted = connections.indices.filter { connections[$0].passes == nil }
    var whole: [(index: Int, channels: Range<Int>)] = []
    for index in weighted {
      guard case .convolution(_, let groups) = connections[index].kind, groups > 1 else {
        whole.append((index, 0..<connections[index].shape[1]))
        continue
      }
      guard weighted.count == 1, outputs % groups == 0 else { continue }
      let (rows, inner) = (outputs / groups, connections[index].shape[1])
      return (0..<groups).map { group in
        Block(
          outputs: group * rows..<(group + 1) * rows,
          connections: [(index, group * inner..<(group + 1) * inner)])
      }
    }
    return whole.isEmpty ? [] : [Block(outputs: 0..<outputs, connections: whole)]
  }

  /// What solving a block gave.
  struct Solution {
    /// D for each output of the block, [outputs][columns].
    var changes: [Float]
    /// λ of each output; 0 where D = 0.
    var ridges: [Float]
    /// The sums over all samples.
    var equations: NormalEquations
  }

  /// Solves a block.
  ///
  /// `gather` adds the observations of one sample to the equations; `units` are what payloads of the
  /// features stand for.
  func solve(
    columns: Int, outputs: Int, units: [Float],
    gather: @Sendable (Int, inout NormalEquations) throws(PackError) -> Void
  ) throws(PackError) -> Solution {
    let count = WeightRefit.parts(columns: columns)
    let parts = try parallelUnits(count: count, threads: threads) {
      (part) throws(PackError) -> [NormalEquations] in
      var sums = Array(
        repeating: NormalEquations(columns: columns, outputs: outputs), count: 2)
      for sample in stride(from: part, to: samples, by: count) {
        switch roles.role(of: sample) {
        case .solves: try gather(sample, &sums[0])
        case .decides: try gather(sample, &sums[1])
        case .judges: continue
        }
      }
      return sums
    }
    var sums = Array(repeating: NormalEquations(columns: columns, outputs: outputs), count: 2)
    for index in sums.indices { sums[index].units = units }
    for part in parts {
      sums[0].add(part[0])
      sums[1].add(part[1])
    }
    return try choose(fit: sums[0], heldOut: sums[1])
  }

  private func choose(
    fit: NormalEquations, heldOut: NormalEquations
  ) throws(PackError) -> Solution {
    let ridges = WeightRefit.ridges
    let errors = try parallelUnits(count: ridges.count, threads: threads) {
      (index) throws(PackError) -> [Double]? in
      fit.solution(ridge: ridges[index]).map(heldOut.error)
    }
    // No change explains nothing and costs nothing.
    let chosen: [Int?] = (0..<fit.outputs).map { output in
      let gains = errors.map { $0.map { $0[output] < 0 ? -$0[output] : 0 } ?? 0 }
      guard let most = gains.max(), most > 0 else { return nil }
      // Ridges ascend. Of equals the weakest, unless less than the best is enough.
      return margin < 1
        ? gains.lastIndex { $0 >= margin * most } : gains.firstIndex { $0 >= most }
    }
    var all = fit
    all.add(heldOut)
    let finished = all
    let wanted = Set(chosen.compactMap { $0 }).sorted()
    let solutions = try parallelUnits(count: wanted.count, threads: threads) {
      (index) throws(PackError) -> [Float] in
      finished.solution(ridge: ridges[wanted[index]]) ?? []
    }
    var changes = Array(repeating: Float(0), count: fit.outputs * fit.columns)
    for (output, index) in chosen.enumerated() {
      guard let index, let place = wanted.firstIndex(of: index), !solutions[place].isEmpty else {
        continue
      }
      let row = output * fit.columns..<(output + 1) * fit.columns
      changes.replaceSubrange(row, with: solutions[place][row])
    }
    let used = chosen.map { $0.map { ridges[$0] } ?? 0 }
    return Solution(changes: changes, ridges: used, equations: finished)
  }
}
