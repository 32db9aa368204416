public import SynapackTensor

/// Neurons of one layer with one model and one shape.
public struct Population: Sendable, Hashable {
  public var name: String
  /// `[N]`, `[C, L]` or `[C, H, W]`; neurons are counted row-major.
  public var shape: Shape
  public var model: NeuronModel
  /// θ, in weight units; positive. Ignored by an integrator; of a compensated neuron, the unit of
  /// its function.
  public var thresholds: Parameter
  /// b, added in each of the T ticks in which the bias acts.
  public var biases: Parameter
  /// v before the first tick.
  public var initial: Parameter
  /// The floor and ceiling of v.
  public var membrane: ClosedRange<Int32>
  /// The declared width of the biases in bits, sign included.
  public var biasBits: Int

  public init(
    name: String, shape: Shape, model: NeuronModel, thresholds: Parameter, biases: Parameter,
    initial: Parameter, membrane: ClosedRange<Int32>, biasBits: Int
  ) {
    self.name = name
    self.shape = shape
    self.model = model
    self.thresholds = thresholds
    self.biases = biases
    self.initial = initial
    self.membrane = membrane
    self.biasBits = biasBits
  }

  /// The payloads that the population can send; none for an integrator.
  public var payloads: ClosedRange<Int> {
    switch model {
    case .integrateAndFire(let behaviour): behaviour.payloads
    case .integrator: 0...0
    case .compensated(let compensation): compensation.payloads
    }
  }

  /// The populations whose running sums drive this one; none for most.
  public var operands: [Int] {
    switch model {
    case .integrateAndFire, .integrator: []
    case .compensated(let compensation): compensation.operands
    }
  }

  /// The membrane range of a two's complement register of `bits` bits, 2 to 32.
  public static func membraneRange(bits: Int) -> ClosedRange<Int32> {
    let width = Int32(min(max(bits, 2), 32))
    return (Int32.min >> (32 - width))...(Int32.max >> (32 - width))
  }
}

/// What a neuron does with its membrane potential.
public enum NeuronModel: Sendable, Hashable {
  case integrateAndFire(FiringBehaviour)
  /// Integrates and never fires; read out at the end.
  case integrator
  /// Computes an operator that needs multiplications, on running means.
  case compensated(Compensation)
}

/// The point on the ladder of integrate-and-fire neurons.
public struct FiringBehaviour: Sendable, Hashable {
  /// lower ... upper: 0...1 is IF, −1...1 signed IF, 0...Γ burst, 0...2ⁿ−1 multi-threshold.
  public var payloads: ClosedRange<Int>
  /// With memory the running sum of a neuron's payloads never falls below zero.
  public var memory: Bool
  public var reset: Reset
  /// k of v ← v − (v ≫ k) at the start of a tick; `nil` for no leak.
  public var leakShift: Int?

  public init(
    payloads: ClosedRange<Int>, memory: Bool = false, reset: Reset = .subtract,
    leakShift: Int? = nil
  ) {
    self.payloads = payloads
    self.memory = memory
    self.reset = reset
    self.leakShift = leakShift
  }
}

/// What a spike does to the membrane.
public enum Reset: String, Sendable, Hashable, CaseIterable {
  /// v ← v − s·θ
  case subtract
  /// v ← 0 where s ≠ 0
  case zero
}

/// One integer for the whole population, for each channel, or for each neuron.
public struct Parameter: Sendable, Hashable {
  public var values: [Int32]

  public init(_ values: [Int32]) {
    self.values = values
  }

  /// Whether the count of values is 1, the channels, or the neurons of `shape`.
  public func fits(_ shape: Shape) -> Bool {
    guard let planes = shape.planes else { return false }
    return [1, planes.channels, shape.count].contains(values.count)
  }

  /// One value for each neuron of `shape`, which the parameter must fit.
  public func expanded(to shape: Shape) -> [Int32] {
    guard shape.count > 0, !values.isEmpty else { return [] }
    return (0..<shape.count).map { values[$0 * values.count / shape.count] }
  }
}
