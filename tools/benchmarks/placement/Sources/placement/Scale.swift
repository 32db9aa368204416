internal import Foundation
internal import SynapackPlace

/// Time and memory against the number of clusters, on layered networks whose tiles hear 3 × 3
/// others and whose dense layers are 64 clusters wide.
enum Scale {
  static func run(largest: Int) {
    Comparison.line("| wiring | clusters | links | seconds | peak MB | hops a delivery | bound |")
    Comparison.line("|---|---|---|---|---|---|---|")
    for wiring in ["cnn", "dnn"] {
      var points: [(Double, Double)] = []
      for side in [64, 256, 1024] where side * side <= largest {
        let count = side * side
        let graph =
          wiring == "cnn"
          ? LayeredClusters.convolutional(
            layers: side / 4, side: 2 * Int(Double(side).squareRoot()), seed: 1)
          : LayeredClusters.dense(layers: count / 64, width: 64, seed: 1)
        let start = Stopwatch.now
        let placed = try? MeshPlacer.place(
          graph, on: MeshGeometry(rows: side, columns: side), .jin,
          options: .init(threads: 2))
        let seconds = Stopwatch.now - start
        points.append((log(Double(count)), log(seconds)))
        guard let placed else { continue }
        let cells = [
          wiring, "\(graph.count)", "\(graph.links.count)", Comparison.text(seconds),
          "\(peakMegabytes())", Comparison.text(placed.cost.hops / placed.cost.deliveries),
          Comparison.text(placed.leastHops / placed.cost.deliveries),
        ]
        Comparison.line("| " + cells.joined(separator: " | ") + " |")
      }
      guard let first = points.first, let last = points.last, points.count > 1 else { continue }
      let exponent = (last.1 - first.1) / (last.0 - first.0)
      Comparison.line(
        "\(wiring): seconds grow with the clusters to the \(Comparison.text(exponent))")
    }
  }

  private static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
