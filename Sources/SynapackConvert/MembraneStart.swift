internal import SynapackProgram
internal import SynapackTensor

/// What the membranes of converted neurons start at.
public enum MembraneStart: String, Sendable, Hashable, CaseIterable {
  /// Where the method puts them: at half the threshold, or where a fit finds best.
  case balanced
  /// At zero, for neurons that know no other start; the bias makes up for it.
  case zero
}

extension Population {
  /// Starts the membranes at zero and moves what they started at into the biases.
  ///
  ///     b ← b + round(v₀ / T)      v₀ ← 0
  ///
  /// v₀: the initial membrane; b: the bias of a tick; T: the ticks of the window. After T ticks the
  /// membrane has heard as much as before; earlier it lacks v₀·(1 − t/T) after tick t. At T = 1 it is
  /// the same neuron. A bias at the end of its width stays there.
  mutating func startAtZero(timesteps: Int) {
    let starts = initial.values
    guard starts.contains(where: { $0 != 0 }) else { return }
    let given = biases.values
    let rows = max(starts.count, given.count)
    let range = IntegerLevel.range(bits: biasBits)
    biases = Parameter(
      (0..<rows).map { row in
        let start = Double(starts[row * starts.count / rows])
        let moved = Int64((start / Double(max(1, timesteps))).rounded())
        let sum = Int64(given[row * given.count / rows]) + moved
        return min(max(Int32(clamping: sum), range.lowerBound), range.upperBound)
      })
    initial = Parameter([0])
  }
}
