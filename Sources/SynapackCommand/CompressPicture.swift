import Synapack
import SynapackReport

/// Everything that a search tried: accuracy over bytes and over operations.
enum CompressPicture {
  static func svg(_ result: Job.Compressed) -> String {
    let outcome = result.outcome
    let pareto = Set(outcome.pareto)
    let hasLabels = outcome.candidates.allSatisfy { $0.accuracy != nil }
    let vertical = hasLabels ? "accuracy, %" : "agreement, %"
    func points(_ measure: (Candidate) -> Double) -> [ScatterPicture.Point] {
      outcome.candidates.enumerated().map { index, row in
        ScatterPicture.Point(
          x: measure(row), y: 100 * (hasLabels ? row.accuracy ?? 0 : row.agreement),
          standing: index == outcome.winner ? .chosen : pareto.contains(index) ? .best : .beaten,
          title: title(row))
      }
    }
    return ScatterPicture(
      title: "Compression: \(outcome.candidates.count) networks on "
        + "\(grouped(result.samples)) inputs",
      panels: [
        .init(
          horizontal: "bytes of the bundle", vertical: vertical,
          points: points { Double($0.bytes) }),
        .init(
          horizontal: "operations an input", vertical: vertical, points: points(\.operations)),
      ]
    ).svg
  }

  private static func title(_ row: Candidate) -> String {
    "T=\(row.recipe.timesteps), \(row.bits) bits, \(percent(row.sparsity)) sparse, "
      + "\(percent(1 - row.channelSparsity)) of the channels, spike price "
      + "\(decimals(row.recipe.spikePrice, 1)): \(grouped(row.bytes)) bytes, "
      + "\(percent(row.accuracy ?? row.agreement))"
  }
}
