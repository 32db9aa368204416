import Synapack
import SynapackReport

/// What spiking programs reached, for people.
enum EvaluationText {
  static func text(_ rows: [Evaluation.Spiking]) -> String {
    let columns = self.columns(rows)
    var table = Table(columns.map(\.name))
    for row in rows { table.add(columns.map { $0.cell(row) }) }
    return ([table.text] + rows.flatMap(notes)).joined(separator: "\n")
  }

  private typealias Column = (name: String, cell: (Evaluation.Spiking) -> String)

  /// Ticks to the answer and payloads have columns of their own only where some row needs them.
  private static func columns(_ rows: [Evaluation.Spiking]) -> [Column] {
    let stopsEarly = rows.contains { $0.exit != nil }
    let waits = rows.contains { $0.meanLatencyTicks != Double($0.windowTicks) }
    let sends = rows.contains { $0.payloadPerNeuron != $0.spikesPerNeuron }
    var columns: [Column] = [
      stopsEarly
        ? ("mean of T", { "\(decimals($0.meanTicks, 2)) of \($0.timesteps)" })
        : ("T", { String($0.windowTicks) })
    ]
    if waits { columns.append(("ticks to answer", { decimals($0.meanLatencyTicks, 2) })) }
    columns += [
      ("accuracy", { percent($0.accuracy) }), ("agreement", { percent($0.agreement) }),
      ("spikes/neuron", { decimals($0.spikesPerNeuron, 3) }),
    ]
    if sends { columns.append(("payload/neuron", { decimals($0.payloadPerNeuron, 3) })) }
    return columns + [
      ("ACs", { grouped(Int($0.effectiveACs)) }), ("MACs", { grouped(Int($0.effectiveMACs)) }),
      ("silent", { percent($0.activationSparsity) }),
      ("inputs/s", { decimals($0.imagesPerSecond, 0) }),
    ]
  }

  private static func notes(_ row: Evaluation.Spiking) -> [String] {
    var notes: [String] = []
    if row.windowTicks != row.timesteps {
      notes.append(
        "gated: windows of T=\(row.windowTicks) ticks that clock neurons open and close, in a "
          + "\(row.schedule) of \(row.timesteps); spikes and operations count theirs too")
    }
    if let exit = row.exit {
      let promised = exit.promised.map { ", \(percent($0)) asked for" } ?? ""
      let full = exit.fullAccuracy ?? exit.fullAgreement
      let name = exit.fullAccuracy == nil ? "agreement" : "accuracy"
      notes.append(
        "early exit at T=\(row.timesteps): \(percent(exit.leaving)) of the inputs leave early, "
          + "\(percent(exit.agreement)) keep the class of the last tick, at least "
          + "\(percent(exit.agreementBound)) of all such inputs (95 % confidence)\(promised)"
          + (full.map { "; without it \(name) \(percent($0))" } ?? "")
          + ". inputs/s is of a simulation that runs all ticks first, to find where each input leaves"
      )
    }
    return notes
  }
}
