internal import SynapackConvert
public import SynapackProgram
internal import SynapackTensor

/// What of a program an estimate depends on.
public struct ProgramWork: Sendable {
  /// Neurons, and those of them that a dense network has too.
  var neurons: (all: Double, dense: Double)
  /// When how many neurons are awake, in ticks from the first of the input.
  private var lives: [(neurons: Double, begins: Double, ends: Double)]
  /// Ticks to the answer before the readout's window opens.
  private var wait: Double
  var membraneBits: Double
  var inputBits: Double
  /// Whether the input is spikes, which are added as those of neurons are.
  var addsInput: Bool
  /// The payloads of all neurons together.
  var payloads: ClosedRange<Int>
  /// What they are sent as.
  private var coding: PayloadCoding
  var activationBits: Int
  /// Multiplications of one dense pass: behind the input, behind neurons.
  var dense: (input: Double, hidden: Double)
  /// Bits of a weight, a mean over those multiplications.
  var weightBits: (input: Double, hidden: Double)

  /// Means an inference.
  public struct Operations: Sendable {
    /// Additions or multiplications by the input, whichever it takes.
    public var input: Double
    /// Additions and multiplications by what neurons send.
    public var additions: Double
    public var multiplications: Double

    public init(input: Double, additions: Double, multiplications: Double) {
      self.input = input
      self.additions = additions
      self.multiplications = multiplications
    }
  }

  public init(_ program: SpikingProgram, _ coding: PayloadCoding = .whole) {
    self.coding = coding
    let isClock = program.populations.map { GatedProgram.clockTick(of: $0) != nil }
    let clocks = zip(program.populations, isClock).reduce(0) {
      $0 + ($1.1 ? $1.0.shape.count : 0)
    }
    neurons = (Double(program.neurons), Double(program.neurons - clocks))
    let clock = Clock(program)
    lives = zip(program.populations, clock.populations).map { population, times in
      (Double(population.shape.count), Double(times.begins), Double(times.ends))
    }
    wait = Double(clock.latency - program.timesteps)
    let bits = program.populations.reduce(0) { $0 + $1.shape.count * $1.membraneBits }
    membraneBits = Double(bits) / max(1, neurons.all)
    var sums = (input: (0.0, 0.0), hidden: (0.0, 0.0))
    for connection in program.connections {
      let operations = Double(program.denseOperationsPerTick(of: connection))
      let bits = operations * Double(connection.weightBits)
      switch connection.source {
      case .input: sums.input = (sums.input.0 + operations, sums.input.1 + bits)
      case .population(let source) where isClock[source]: break
      case .population: sums.hidden = (sums.hidden.0 + operations, sums.hidden.1 + bits)
      }
    }
    dense = (sums.input.0, sums.hidden.0)
    weightBits = (
      sums.input.1 / max(1, sums.input.0), sums.hidden.1 / max(1, sums.hidden.0)
    )
    let input = program.input.encoding
    inputBits = Double(ProgramWork.bits(input.payloads.upperBound))
    addsInput = input.varies && input.payloads.upperBound == 1
    let ranges = program.populations.map(\.payloads)
    let (least, most) = (
      ranges.map(\.lowerBound).min() ?? 0, ranges.map(\.upperBound).max() ?? 0
    )
    payloads = least...most
    activationBits = ProgramWork.bits(max(1, most) * GatedProgram.windowTicks(of: program))
  }

  /// ⌈log₂(most + 1)⌉
  private static func bits(_ most: Int) -> Int {
    Int.bitWidth - max(1, most).leadingZeroBitCount
  }

  /// Whether every payload is one event without a value.
  private var sendsEvents: Bool { payloads.lowerBound >= -1 && payloads.upperBound <= 1 }

  /// Whether a synapse adds for what neurons send, once for each event, and multiplies nothing.
  private var addsEvents: Bool { sendsEvents || coding != .whole }

  /// Σ over the neurons of the ticks in which they are awake, of an inference that is stopped after
  /// so many ticks of the readout's window.
  func updates(ticks: Double) -> Double {
    lives.reduce(0) { $0 + $1.neurons * max(0, min($1.ends, wait + ticks) - $1.begins) }
  }

  /// What an inference with these operations costs under a table that is stopped after so many ticks
  /// of the readout's window.
  public func estimate(
    _ table: CostTable, ticks: Double, _ operations: Operations
  ) -> EnergyEstimate {
    let price = prices(table)
    let sent =
      operations.additions * price.addition
      + operations.multiplications * (price.payload ?? 0)
    let input = operations.input * (price.input ?? 0)
    let updates =
      self.updates(ticks: ticks)
      * (table.neuronUpdate + 2 * membraneBits * table.stateBit)
    let whole = table.multiplication.map { multiplication in
      let width = Double(activationBits)
      let hidden =
        price.addition + multiplication.cost(weightBits: weightBits.hidden, valueBits: width)
      return dense.input * (price.denseInput ?? 0) + dense.hidden * hidden
        + neurons.dense * 2 * width * table.stateBit
    }
    let count = operations.additions + operations.multiplications
    let each = count > 0 ? sent / count : addsEvents ? price.addition : price.payload ?? 0
    let spiking: EnergyEstimate.Cost =
      if price.payload != nil || (sendsEvents && operations.multiplications == 0) {
        .picojoules(sent + input + updates)
      } else {
        sendsEvents ? .notComputed : .notCarried(payloads: payloads)
      }
    return EnergyEstimate(
      table: table, spiking: spiking, dense: whole,
      activationBits: activationBits, spikesPerSynapse: count / max(1, dense.hidden),
      breakEven: breakEven(whole, fixed: input + updates, each: each),
      unpriced: price.input == nil ? operations.input : 0)
  }

  private func breakEven(
    _ whole: Double?, fixed: Double, each: Double
  ) -> EnergyEstimate.BreakEven {
    guard let whole, dense.hidden > 0, each > 0 else { return .notCompared }
    let spikes = (whole - fixed) / (dense.hidden * each)
    return spikes > 0 ? .spikesPerSynapse(spikes) : .never
  }

  /// What single operations cost; `nil` where the table has no price.
  private struct Prices {
    var addition: Double
    var payload: Double?
    var input: Double?
    var denseInput: Double?
  }

  private func prices(_ table: CostTable) -> Prices {
    let addition = table.addition + weightBits.hidden * table.weightBit
    let fromInput = table.addition + weightBits.input * table.weightBit
    let largest = max(payloads.lowerBound.magnitude, payloads.upperBound.magnitude)
    let width = Double(ProgramWork.bits(Int(clamping: largest)))
    let denseInput = table.multiplication.map {
      fromInput + $0.cost(weightBits: weightBits.input, valueBits: inputBits)
    }
    return Prices(
      addition: addition,
      payload: table.multiplication.map {
        addition + $0.cost(weightBits: weightBits.hidden, valueBits: width)
      }, input: addsInput ? fromInput : denseInput, denseInput: denseInput)
  }
}
