/// What single steps of an inference cost, as a publication has it, in picojoules.
///
/// No table is a measurement of the program: clocks, leakage, routing and everything that a table
/// does not name are left out, so what follows from one is an estimate.
public struct CostTable: Sendable, Hashable {
  /// What people name it by, such as `int-45nm`.
  public var id: String
  /// What it counts, in one line.
  public var counts: String
  public var source: String
  /// The chips, by id, that it is of; none for what is of a process alone.
  public var chips: [String] = []
  /// An addition to a membrane or to an accumulator.
  public var addition: Double
  /// A multiplication; `nil` on chips that cannot multiply.
  public var multiplication: Multiplication?
  /// Reading one bit of a weight.
  public var weightBit: Double = 0
  /// Reading or writing one bit of a membrane or of an activation.
  public var stateBit: Double = 0
  /// Updating one neuron in one tick, whatever its width.
  public var neuronUpdate: Double = 0

  /// What a product costs.
  public enum Multiplication: Sendable, Hashable {
    /// The same whatever the widths, as of floating point numbers.
    case fixed(Double)
    /// As much as the array of one-bit products grows: the cost of one of 8 by 8 bits, scaled by
    /// both widths.
    case eightByEight(Double)

    func cost(weightBits: Double, valueBits: Double) -> Double {
      switch self {
      case .fixed(let cost): cost
      case .eightByEight(let cost): cost * weightBits * valueBits / 64
      }
    }
  }
}

/// The tables that estimates are made under, in the order in which they are shown.
public enum CostTables {
  public static let all: [CostTable] = [
    float45nm, integer45nm, integerMemory45nm, loihi, trueNorth, odin,
  ]

  private static let horowitz =
    "Horowitz, \"Computing's energy problem\", ISSCC 2014, 45 nm"

  /// The pair of numbers under which papers claim most: nobody runs these programs in float32.
  static let float45nm = CostTable(
    id: "float-45nm", counts: "float32 additions and multiplications, memory free",
    source: horowitz, addition: 0.9, multiplication: .fixed(3.7))

  static let integer45nm = CostTable(
    id: "int-45nm", counts: "32-bit additions and products of the widths stored, memory free",
    source: horowitz, addition: 0.1, multiplication: .eightByEight(0.2))

  /// 20 pJ for 64 bits of a memory of 32 KB. Nothing is kept in registers on either side: each
  /// operation reads its weight, each neuron its membrane in every tick, each unit of a
  /// conventional network its activation once.
  static let integerMemory45nm = CostTable(
    id: "int-45nm-memory", counts: "the same, with weights and states read from 32 KB memories",
    source: horowitz, addition: 0.1, multiplication: .eightByEight(0.2), weightBit: 20.0 / 64,
    stateBit: 20.0 / 64)

  static let loihi = CostTable(
    id: "loihi", counts: "synaptic operations and updates of neurons, routing free",
    source: "Davies et al., \"Loihi\", IEEE Micro 2018", chips: ["loihi1"], addition: 23.6,
    multiplication: nil, neuronUpdate: 81)

  static let trueNorth = CostTable(
    id: "truenorth", counts: "synaptic events, everything else included in them",
    source: "Merolla et al., Science 345 (2014)", chips: ["truenorth"], addition: 26,
    multiplication: nil)

  static let odin = CostTable(
    id: "odin", counts: "synaptic operations",
    source: "Frenkel et al., \"ODIN\", IEEE TBioCAS 2019", chips: ["odin"], addition: 12.7,
    multiplication: nil)
}
