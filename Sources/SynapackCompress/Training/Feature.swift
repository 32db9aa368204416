public import SynapackGraph
internal import SynapackTensor

/// A wire of a student that should carry what one of its teacher does.
///
///     F = Σ_i (a_c·s_i − t_i)² / Σ_i E[t_i²]
///
/// s, t: values of student and teacher at neuron i of channel c; a: what a unit of the student's
/// value stands for in the teacher's; E: the mean over some inputs, so that layers of small and of
/// large values count alike.
///
/// Source: Romero et al., "FitNets: Hints for thin deep nets", ICLR 2015, eq. 3, with the channels
/// that stayed in place of a learned regressor.
public struct Feature: Sendable, Hashable {
  public var teacher: WireID
  public var student: WireID
  /// For each channel of the student's wire that of the teacher's which it came from.
  public var channels: [Int]
  /// a: one for each channel of the student's wire.
  public var worth: [Float]

  public init(teacher: WireID, student: WireID, channels: [Int], worth: [Float]) {
    self.teacher = teacher
    self.student = student
    self.channels = channels
    self.worth = worth
  }

  /// Whether the wires' shapes [C, …] are those of the channels.
  func fits(teacher whole: Shape, student own: Shape) -> Bool {
    guard whole.rank > 0, own.rank == whole.rank, own[0] == channels.count,
      worth.count == channels.count, worth.allSatisfy(\.isFinite),
      channels.allSatisfy({ (0..<whole[0]).contains($0) })
    else { return false }
    return own.dimensions.dropFirst() == whole.dimensions.dropFirst()
  }

  /// Of some samples of the teacher's wire, [count][C, …], the channels that the student has.
  func kept(of values: [Float], _ whole: Shape) -> [Float] {
    let inner = max(1, whole.count / max(1, whole[0]))
    guard channels.count < whole[0] || channels != Array(0..<whole[0]) else { return values }
    var kept: [Float] = []
    kept.reserveCapacity(values.count / whole[0] * channels.count)
    for sample in stride(from: 0, to: values.count, by: max(1, whole.count)) {
      for channel in channels {
        let start = sample + channel * inner
        kept += values[start..<start + inner]
      }
    }
    return kept
  }
}
