import SynapackConvert
import SynapackDense
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The corrections of finished neurons against their equations, on programs run slowly.
struct AdjustmentTests {
  static let schedules: [Schedule] = [.wavefront, .accumulate]

  private func conversions(
    _ methods: [String], _ schedule: Schedule, bits: Int = 8
  ) throws -> (conversions: [Conversion], samples: [Float]) {
    var (graph, builder) = try SmallNetwork.perceptron.graph(seed: 12)
    let samples = builder.samples(13)
    let conversions = try methods.map { method in
      try Conversion(
        graph, samples,
        ConversionOptions(
          timesteps: 6, schedule: schedule, method: method, weightBits: bits, biasBits: 24))
    }
    return (conversions, samples)
  }

  /// The values before each population, [populations][seen samples][neurons].
  private func references(_ conversion: Conversion, _ samples: [Float]) throws -> [[[Float]]] {
    let count = samples.count / conversion.program.input.shape.count
    let wires = conversion.plan.sites.map(\.wire)
    let values = try DenseNetwork(conversion.graph).run(
      samples, count: count, keeping: Set(wires))
    return try wires.map { wire in
      let all = try #require(values[wire])
      let size = all.count / count
      return SlowChain.seen((0..<count).map { Array(all[$0 * size..<($0 + 1) * size]) })
    }
  }

  @Test(arguments: schedules) func thresholdsAreTheLargestInput(schedule: Schedule) throws {
    let (list, samples) = try conversions(["spike-norm"], schedule)
    let chain = SlowChain(program: list[0].program)
    for index in 0..<2 {
      let (population, layer) = (chain.program.populations[index], list[0].lowered.layers[index])
      let heard = SlowChain.seen(chain.heard(by: index, list[0].encode(samples)))
      var largest = 0.0
      for tick in heard.joined() {
        for (neuron, current) in chain.currents(index, tick).enumerated() {
          let input = current + Int(population.biases.values[neuron])
          largest = max(largest, Double(input) * Double(layer.unit[neuron]))
        }
      }
      #expect(population.initial.values.allSatisfy { $0 == 0 })
      for (neuron, threshold) in population.thresholds.values.enumerated() {
        let expected = (largest / Double(layer.unit[neuron])).rounded()
        #expect(abs(Double(threshold) - expected) <= 1, "\(index) \(neuron)")
        let worth = Float(threshold) * layer.unit[neuron]
        #expect(abs(layer.amplitude[neuron] - worth) <= 1e-6 * worth)
      }
    }
  }

  @Test(arguments: schedules) func meanErrorsGoIntoBiasAndMembrane(schedule: Schedule) throws {
    let (list, samples) = try conversions(["mmse", "corrected"], schedule)
    let references = try references(list[0], samples)
    let (plain, corrected) = (list[0].program, list[1].program)
    for index in 0..<2 {
      let amplitude = list[1].lowered.layers[index].amplitude
      #expect(amplitude == list[0].lowered.layers[index].amplitude)
      let heard = SlowChain.seen(
        SlowChain(program: corrected).heard(by: index, list[1].encode(samples)))
      // The population as balancing left it, behind the corrected ones.
      var program = corrected
      program.populations[index] = plain.populations[index]
      let thresholds = plain.populations[index].thresholds.values
      func change(_ neuron: Int) -> Double {
        var missing = 0.0
        for (sample, train) in heard.enumerated() {
          let count = SlowChain.counts(SlowChain(program: program).run(index, heard: train))[neuron]
          missing += Double(max(0, references[index][sample][neuron]))
          missing -= Double(amplitude[neuron]) * Double(count) / 6
        }
        return missing / Double(heard.count) * Double(thresholds[neuron])
          / Double(amplitude[neuron])
      }
      // The references are sums in Float, whose last bit depends on the order of the terms and so on
      // the machine: T·θ of those beside the half of rounding. One spike would be θ/10.
      func tolerance(_ neuron: Int) -> Double {
        0.51 + 6 * Double(thresholds[neuron]) * Double(Float.ulpOfOne)
      }
      let biases = thresholds.indices.map { neuron in
        Double(plain.populations[index].biases.values[neuron]) + change(neuron)
      }
      for (neuron, bias) in biases.enumerated() {
        let own = corrected.populations[index].biases.values[neuron]
        #expect(abs(Double(own) - bias) <= tolerance(neuron), "\(index) \(neuron)")
      }
      program.populations[index].biases = corrected.populations[index].biases
      for neuron in thresholds.indices {
        let start = Double(program.populations[index].initial.values[neuron]) + 6 * change(neuron)
        let own = corrected.populations[index].initial.values[neuron]
        #expect(abs(Double(own) - start) <= tolerance(neuron), "\(index) \(neuron)")
      }
    }
  }

  @Test(arguments: schedules) func meansMatchBeforeAndBehind(schedule: Schedule) throws {
    let (list, samples) = try conversions(["exact"], schedule, bits: 16)
    let references = try references(list[0], samples)
    let chain = SlowChain(program: list[0].program)
    for index in 0..<2 {
      let (population, layer) = (chain.program.populations[index], list[0].lowered.layers[index])
      let heard = SlowChain.seen(chain.heard(by: index, list[0].encode(samples)))
      for neuron in 0..<population.shape.count {
        var (before, power, wanted, sent) = (0.0, 0.0, 0.0, 0)
        for (sample, train) in heard.enumerated() {
          let current = chain.currents(index, SlowChain.counts(train))[neuron]
          let total = current + 6 * Int(population.biases.values[neuron])
          let z = Double(references[index][sample][neuron])
          before += z - Double(total) * Double(layer.unit[neuron]) / 6
          power += z * z
          wanted += max(0, z)
          let count = SlowChain.counts(chain.run(index, heard: train))[neuron]
          sent += count
          let start = total + Int(population.initial.values[neuron])
          let threshold = Double(population.thresholds.values[neuron])
          let exact = min(max(Int((Double(start) / threshold).rounded(.down)), 0), 6)
          // The input comes evenly, and everything else is waited for.
          if schedule == .accumulate { #expect(count == exact, "\(index) \(neuron)") }
        }
        let rms = (power / Double(heard.count)).squareRoot()
        #expect(abs(before) / Double(heard.count) <= 0.005 * rms, "\(index) \(neuron)")
        let theta = Double(population.thresholds.values[neuron]) * Double(layer.unit[neuron])
        let ratio = wanted > 0 && sent > 0 ? 6 * wanted / Double(sent) / theta : 1
        let expected = theta * min(max(ratio, 0.5), 2)
        #expect(abs(Double(layer.amplitude[neuron]) - expected) <= 1e-4 * expected)
      }
    }
  }

  /// On samples that the corrections have not seen, they must come nearer than what they start on.
  @Test(arguments: ["corrected", "exact"]) func isNearerThanBalancing(method: String) throws {
    var (graph, builder) = try SmallNetwork.residualDeep.graph(seed: 8)
    let (seen, unseen) = (builder.samples(120), builder.samples(60))
    let errors = try ["mmse", method].map { method in
      let options = ConversionOptions(timesteps: 4, method: method)
      return try Conversion(graph, seen, options).outputError(unseen)
    }
    #expect(errors[1] < errors[0], "\(errors)")
  }
}
