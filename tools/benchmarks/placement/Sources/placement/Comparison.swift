internal import Foundation
internal import SynapackPlace

/// Every method on every instance, as a table.
enum Comparison {
  static func run(
    _ instances: [(name: String, make: () -> Instance)], _ methods: [Method], limit: Double
  ) {
    line(
      "| instance | method | cores | energy | average latency | max latency | max congestion | "
        + "E × L / Jin | seconds | energy bound | gap |")
    line("|---|---|---|---|---|---|---|---|---|---|---|")
    var ratios: [(name: String, toJin: Double, toBest: Double)] = []
    for (name, make) in instances {
      let instance = make()
      var outcomes: [Method: Outcome] = [:]
      for method in methods {
        outcomes[method] = method.solve(instance, limit: limit)
        row(name, method, outcomes[method], outcomes[.jin])
      }
      guard let jin = outcomes[.jin], let ours = outcomes[.synapack] else { continue }
      let best = Method.baselines.compactMap { outcomes[$0]?.cost.product }.min() ?? .infinity
      ratios.append(
        (name, ours.cost.product / jin.cost.product, ours.cost.product / best))
    }
    summarize(ratios)
  }

  private static func row(_ name: String, _ method: Method, _ outcome: Outcome?, _ jin: Outcome?) {
    guard let outcome else {
      return line("| \(name) | \(method.rawValue) | does not fit | | | | | | | | |")
    }
    let cost = outcome.cost
    let ratio = jin.map { text(cost.product / $0.cost.product) } ?? ""
    let cells = [
      name, method.rawValue, "\(outcome.clusters)", text(cost.energy), text(cost.averageLatency),
      text(cost.maxLatency), text(cost.maxCongestion), ratio, text(outcome.seconds),
      text(outcome.bound), text(outcome.gap),
    ]
    line("| " + cells.joined(separator: " | ") + " |")
  }

  private static func summarize(_ ratios: [(name: String, toJin: Double, toBest: Double)]) {
    guard let worst = ratios.max(by: { $0.toJin < $1.toJin }),
      let worstToBest = ratios.max(by: { $0.toBest < $1.toBest })
    else { return }
    let mean = exp(ratios.reduce(0) { $0 + log($1.toJin) } / Double(ratios.count))
    line("")
    line(
      "E × L to Jin's over \(ratios.count) instances: geometric mean \(text(mean)), worst "
        + "\(text(worst.toJin)) (\(worst.name)); \(ratios.count { $0.toJin <= 0.9 }) of them at "
        + "most 0.9")
    line(
      "E × L to the best baseline's: worst \(text(worstToBest.toBest)) (\(worstToBest.name))")
  }

  static func text(_ value: Double) -> String {
    value >= 1e6 ? String(format: "%.4g", value) : String(format: "%.3f", value)
  }

  static func line(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }
}
