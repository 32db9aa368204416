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
        estimate.table.id, joules(estimate.spiking),
        estimate.dense.map(joules) ?? "—", decimals(estimate.spikesPerSynapse, 3),
        estimate.breakEven.map { $0 > 0 ? decimals($0, 3) : "never" } ?? "—",
      ])
    }
    var lines = [table.text]
    if let bits = row.energy.first?.activationBits {
      lines.append(
        "dense: the same weights in one pass, \(bits)-bit activations, no zero skipped")
    }
    lines += row.energy.map { "\($0.table.id): \($0.table.counts); \($0.table.source)" }
    let unpriced = row.energy.map(\.unpriced).max() ?? 0
    if unpriced > 0 {
      lines.append(
        "without the \(grouped(Int(unpriced))) multiplications of the input where a table has no "
          + "price for them")
    }
    return lines.joined(separator: "\n")
  }
}
