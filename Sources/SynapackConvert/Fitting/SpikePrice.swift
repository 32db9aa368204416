public import SynapackProgram

/// What spikes cost a fit beside the errors of its neurons.
///
///     min   Σ_l E_l + μ·Σ_l A_l / D,     E_l = Σ_c e_c·P_c / Σ_c P_c
///
/// E_l: the error of layer l, relative to the values it is to carry; e_c: that of its channel c, P_c:
/// Σ y² of that channel; A_l: the synaptic operations that the spikes of the layer cause; D: those
/// of a dense execution of the whole program; μ: the price. The sum falls apart into channels, so
/// each is searched by itself: one that says little to many falls silent, one that says much to few
/// keeps its spikes. One μ for all layers spends a given number of operations at the least sum of
/// errors (Everett, "Generalized Lagrange multiplier method", Operations Research 1963), which is
/// what dynamic programming over thresholds of layers looks for on a grid.
public struct SpikePrice: Sendable, Hashable {
  /// μ
  public var weight: Double
  /// The share of D that the neurons of a population cause when each sends a payload in each tick.
  public var shares: [String: Double]

  public init(weight: Double, shares: [String: Double]) {
    self.weight = weight
    self.shares = shares
  }

  /// The prices for a program whose connections are those of `program`.
  public init(weight: Double, of program: SpikingProgram) {
    let whole = Double(max(1, program.denseOperationsPerTick))
    var shares: [String: Double] = [:]
    for connection in program.connections {
      guard case .population(let index) = connection.source else { continue }
      shares[program.populations[index].name, default: 0] +=
        Double(program.denseOperationsPerTick(of: connection)) / whole
    }
    self.init(weight: weight, shares: shares)
  }

  /// What a payload in every tick costs each channel, in relative errors of that channel.
  ///
  /// - Parameter powers: P_c.
  func prices(_ population: String, powers: [Double]) -> [Double] {
    let each = weight * (shares[population] ?? 0) / Double(max(1, powers.count))
    let sum = powers.reduce(0, +)
    return powers.map { $0 > 0 ? each * sum / $0 : 0 }
  }
}
