import Synapack
import SynapackReport

/// What an inference costs under each table, for people.
enum EnergyText {
  static func text(_ row: Evaluation.Spiking) -> String {
    var table = Table([
      "energy, estimated", "spiking", "dense", "spikes/synapse", "breaks even at",
    ])
    for estimate in row.energy {
      table.add([
        estimate.table.id, estimate.spiking.picojoules.map(joules) ?? "—",
        estimate.dense.map(joules) ?? "—", decimals(estimate.spikesPerSynapse, 3),
        words(estimate.breakEven),
      ])
    }
    var lines = [table.text]
    if let bits = row.energy.first?.activationBits {
      lines.append(
        "dense: the same weights in one pass, \(bits)-bit activations, no zero skipped")
    }
    lines += row.energy.map { "\($0.table.id): \($0.table.counts); \($0.table.source)" }
    lines += row.energy.compactMap { estimate in
      estimate.spiking.reason.map { "\(estimate.table.id): no estimate, \($0)" }
    }
    let unpriced = row.energy.map(\.unpriced).max() ?? 0
    if unpriced > 0 {
      lines.append(
        "without the \(grouped(Int(unpriced))) multiplications by the input where a table has no "
          + "price for them")
    }
    return lines.joined(separator: "\n")
  }

  private static func words(_ breakEven: EnergyEstimate.BreakEven) -> String {
    switch breakEven {
    case .spikesPerSynapse(let spikes): decimals(spikes, 3)
    case .never: "never"
    case .notCompared: "—"
    }
  }
}
