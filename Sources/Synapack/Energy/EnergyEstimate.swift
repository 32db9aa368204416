public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// What an inference costs under a table, beside a conventional network of the same precision.
///
///     E_spiking = A·(add + read) + M·(add + mul(b_w, b_in) + read) + N·t·(update + 2·b_v·state)
///     E_dense   = Σ_c D_c·(add + mul(b_w, b_c) + read) + N·2·b_a·state,    b_a = ⌈log₂(T·s + 1)⌉
///     break-even = (E_dense − E_spiking + A·(add + read)) / (D_h·(add + read))
///
/// A, M: effective additions and multiplications of the program; N: its neurons; t: the ticks that an
/// inference took; T: those of a window; D_c: the
/// multiplications of connection c in one dense pass, D_h those behind neurons; b_w, b_v, b_in:
/// bits of weights, membranes and inputs; s: the largest payload; b_a: bits of an activation that
/// tells as many values apart as a window of payloads, b_c: b_in behind the input and b_a
/// elsewhere. The dense network has the program's weights, and skips no zero. The break-even is the
/// number of spikes that a synapse may carry an inference for both to cost the same. Compared this
/// way, with memory, by Yan et al., "Reconsidering the energy efficiency of spiking neural
/// networks", arXiv 2409.08290.
public struct EnergyEstimate: Sendable {
  public var table: CostTable
  /// Picojoules an inference.
  public var spiking: Double
  /// `nil` where the table knows no product.
  public var dense: Double?
  /// Bits of the dense network's activations.
  public var activationBits: Int
  /// Spikes a synapse carried in an inference.
  public var spikesPerSynapse: Double
  /// Those at which both cost the same; below 0 where the program loses without any, `nil` where
  /// no synapse lies behind a neuron.
  public var breakEven: Double?
  /// Multiplications that the table has no price for and that are not in `spiking`.
  public var unpriced: Double

  /// One element of `energy` in a row of `synapack.evaluate/1`.
  public var json: JSON {
    var members: [String: JSON] = [
      "table": .string(table.id), "counts": .string(table.counts),
      "source": .string(table.source), "kind": "estimate",
      "spikingPicojoules": .number(spiking), "spikesPerSynapse": .number(spikesPerSynapse),
      "unpricedMultiplications": .number(unpriced),
    ]
    if let dense {
      members["densePicojoules"] = .number(dense)
      members["denseActivationBits"] = .integer(activationBits)
    }
    if let breakEven { members["breakEvenSpikesPerSynapse"] = .number(breakEven) }
    return .object(members)
  }
}

/// What of a program an estimate depends on.
public struct ProgramWork: Sendable {
  var neurons: Double
  var membraneBits: Double
  var inputBits: Double
  var activationBits: Int
  /// Multiplications of one dense pass: behind the input, behind neurons.
  var dense: (input: Double, hidden: Double)
  /// Bits of a weight, a mean over those multiplications.
  var weightBits: (input: Double, hidden: Double)

  public init(_ program: SpikingProgram) {
    neurons = Double(program.neurons)
    let bits = program.populations.reduce(0) { $0 + $1.shape.count * $1.membraneBits }
    membraneBits = Double(bits) / max(1, neurons)
    var sums = (input: (0.0, 0.0), hidden: (0.0, 0.0))
    for connection in program.connections {
      let operations = Double(program.denseOperationsPerTick(of: connection))
      let bits = operations * Double(connection.weightBits)
      switch connection.source {
      case .input: sums.input = (sums.input.0 + operations, sums.input.1 + bits)
      case .population: sums.hidden = (sums.hidden.0 + operations, sums.hidden.1 + bits)
      }
    }
    dense = (sums.input.0, sums.hidden.0)
    weightBits = (
      sums.input.1 / max(1, sums.input.0), sums.hidden.1 / max(1, sums.hidden.0)
    )
    inputBits = Double(ProgramWork.bits(program.input.encoding.payloads.upperBound))
    let most = program.populations.map(\.payloads.upperBound).max() ?? 1
    activationBits = ProgramWork.bits(max(1, most) * program.timesteps)
  }

  /// ⌈log₂(most + 1)⌉
  private static func bits(_ most: Int) -> Int {
    Int.bitWidth - max(1, most).leadingZeroBitCount
  }

  /// What an inference of so many ticks with these operations costs under a table.
  public func estimate(
    _ table: CostTable, ticks: Double, additions: Double, multiplications: Double
  ) -> EnergyEstimate {
    let spike = table.addition + weightBits.hidden * table.weightBit
    let product = table.multiplication.map {
      table.addition + weightBits.input * table.weightBit
        + $0.cost(weightBits: weightBits.input, valueBits: inputBits)
    }
    let updates =
      neurons * ticks * (table.neuronUpdate + 2 * membraneBits * table.stateBit)
    let fixed = multiplications * (product ?? 0) + updates
    let whole = table.multiplication.map { multiplication in
      let width = Double(activationBits)
      let hidden = spike + multiplication.cost(weightBits: weightBits.hidden, valueBits: width)
      return dense.input * (product ?? 0) + dense.hidden * hidden
        + neurons * 2 * width * table.stateBit
    }
    return EnergyEstimate(
      table: table, spiking: additions * spike + fixed, dense: whole,
      activationBits: activationBits, spikesPerSynapse: additions / max(1, dense.hidden),
      breakEven: whole.flatMap { whole in
        dense.hidden > 0 ? (whole - fixed) / (dense.hidden * spike) : nil
      },
      unpriced: product == nil ? multiplications : 0)
  }
}
