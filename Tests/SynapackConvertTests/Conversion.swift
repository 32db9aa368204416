import SynapackConvert
import SynapackDense
import SynapackGraph
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor

/// The stages from an analog graph to a program, called in the order of the pipeline.
struct Conversion {
  let graph: Graph<Analog>
  let plan: SpikingPlan
  let calibration: Calibration
  let balance: Balance
  let spiking: Graph<Spiking>
  let lowered: LoweredProgram
  let report: Report

  init(
    _ source: Graph<Analog>, _ samples: [Float], _ options: ConversionOptions, threads: Int = 2,
    price: SpikePrice? = nil
  ) throws(PackError) {
    var report = Report()
    let graph = try GraphRules.applied(to: source)
    self.graph = graph
    plan = SpikingPlan(graph)
    try plan.check()
    calibration = try Calibration(graph, sites: plan.sites, samples: samples, threads: threads)
    balance = try Balance(plan.sites, calibration, options, threads: threads, &report)
    spiking = try SpikingConversion.convert(
      graph, plan: plan, balance: balance, options: options, &report)
    let sites = plan.sites
    let fit = try BalancingMethods.named(options.method)?.fit.map { (steps) throws(PackError) in
      FitRequest(
        steps,
        try FitSamples(
          graph, sites: sites, samples: samples, timesteps: options.timesteps, threads: threads),
        sites: sites, threads: threads, price: price)
    }
    lowered = try ProgramLowering.lower(
      spiking,
      input: try options.input.encoding(
        of: samples, bits: options.inputBits, seed: options.seed),
      options: options, fit: fit, &report)
    self.report = report
  }

  var program: SpikingProgram { lowered.program }

  /// The payloads of each of `samples`, which are laid one after the other.
  func encode(_ samples: [Float]) -> [[Int32]] {
    let size = program.input.shape.count
    return stride(from: 0, to: samples.count, by: size).map {
      program.encode(Array(samples[$0..<$0 + size])).payloads
    }
  }

  /// The program's outputs in the unit of the source network.
  func outputs(_ payloads: [Int32], of simulator: Simulator) throws(PackError) -> [Float] {
    try simulator.run(payloads).scores.map { Float($0) * program.readout.unit }
  }

  /// The spiking graph's own outputs, its neurons computed by their exact rates.
  func rates(_ samples: [[Int32]]) throws(PackError) -> [[Float]] {
    let scale = program.input.encoding.scale
    let outputs = try DenseNetwork(spiking).output(
      samples.flatMap { $0.map { Float($0) * scale } }, count: samples.count)
    let size = outputs.count / samples.count
    return samples.indices.map { Array(outputs[$0 * size..<($0 + 1) * size]) }
  }
}

/// How far the outputs of a program are from the rates that its spiking graph states.
struct Agreement {
  /// The median over the samples of ‖program − rates‖ / ‖rates‖.
  let medianError: Float
  /// The share of samples with the same largest output.
  let decisions: Double

  init(
    _ conversion: Conversion, program: SpikingProgram? = nil, _ samples: [Float]
  ) throws(PackError) {
    let simulator = try Simulator(program ?? conversion.program)
    var errors: [Float] = []
    var agreed = 0
    let encoded = conversion.encode(samples)
    for (payloads, rates) in zip(encoded, try conversion.rates(encoded)) {
      let outputs = try conversion.outputs(payloads, of: simulator)
      let length = rates.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let distance = zip(outputs, rates).reduce(Float(0)) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
      errors.append(distance.squareRoot() / max(length, 1e-6))
      if outputs.firstIndex(of: outputs.max() ?? 0) == rates.firstIndex(of: rates.max() ?? 0) {
        agreed += 1
      }
    }
    errors.sort()
    medianError = errors[errors.count / 2]
    decisions = Double(agreed) / Double(errors.count)
  }

  /// The bounds that a right lowering keeps: weights rounded to 16 bits flip a floor now and then.
  var isRight: Bool { medianError < 0.01 && decisions >= 0.95 }
}

extension Conversion {
  /// Σ ‖program − source network‖² / Σ ‖source network‖² over the outputs of `samples`.
  func outputError(
    _ samples: [Float], of other: SpikingProgram? = nil
  ) throws(PackError) -> Double {
    let encoded = encode(samples)
    let simulator = try Simulator(other ?? program)
    let wanted = try DenseNetwork(graph).output(samples, count: encoded.count)
    var (missed, power) = (0.0, 0.0)
    for (index, payloads) in encoded.enumerated() {
      let outputs = try outputs(payloads, of: simulator)
      for (place, value) in outputs.enumerated() {
        let expected = Double(wanted[index * outputs.count + place])
        missed += (expected - Double(value)) * (expected - Double(value))
        power += expected * expected
      }
    }
    return missed / power
  }
}
