import SynapackConvert
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import TestSupport
import Testing

/// What every balancing method must hold, run over the registry.
struct MethodSuiteTests {
  static let schedules: [Schedule] = [.wavefront, .tick, .staggered(1), .accumulate]
  static let networks: [SmallNetwork] = [.residualMixed, .maxPoolPairs, .bottleneckFlattened]
  static let ladders = [0...1, -1...1, 0...7]

  @Test(arguments: BalancingMethods.all.map { $0.id }, schedules)
  func convertsAndHearsWhatTheProgramSends(method: String, schedule: Schedule) throws {
    for (number, network) in Self.networks.enumerated() {
      var (graph, builder) = try network.graph(seed: 31)
      let samples = builder.samples(9)
      let options = ConversionOptions(
        timesteps: 4, schedule: schedule, payloads: Self.ladders[number], method: method, seed: 5)
      let conversion = try Conversion(graph, samples, options, threads: 1)
      let other = try Conversion(graph, samples, options, threads: 3)
      #expect(conversion.program == other.program, "\(method) \(network) \(schedule)")
      #expect(conversion.lowered.layers == other.lowered.layers)
      for thresholds in conversion.balance.thresholds.values {
        #expect(thresholds.allSatisfy { $0 > 0 && $0.isFinite })
      }
      for layer in conversion.lowered.layers {
        #expect(layer.amplitude.allSatisfy { $0 > 0 && $0.isFinite }, "\(layer.name)")
      }
      let fits = BalancingMethods.named(method)?.fit != nil
      try sendsAsFitted(conversion, samples, fits: fits, "\(method) \(network) \(schedule)")
    }
  }

  /// Thresholds a place, neurons that only compare and readouts of bare spikes have no means or
  /// units of their own to be set by.
  @Test(arguments: BalancingMethods.all.filter { $0.fit != nil }.map { $0.id })
  func fitsWhereNeuronsHaveNoUnitOfTheirOwn(method: String) throws {
    for network in [SmallNetwork.averagePoolExcludingPads, .maxPoolOfSum, .outputOfSpikes] {
      var (graph, builder) = try network.graph(seed: 2)
      let samples = builder.samples(7)
      let conversion = try Conversion(
        graph, samples, ConversionOptions(timesteps: 4, method: method))
      try sendsAsFitted(conversion, samples, fits: true, "\(method) \(network)")
    }
  }

  private func sendsAsFitted(
    _ conversion: Conversion, _ samples: [Float], fits: Bool, _ comment: Comment
  ) throws {
    let simulator = try Simulator(conversion.program)
    var sent = Array(repeating: 0, count: conversion.program.populations.count)
    for payloads in conversion.encode(samples) {
      let outcome = try simulator.run(payloads)
      for index in sent.indices { sent[index] += outcome.payload[index] }
    }
    for (layer, count) in zip(conversion.lowered.layers.dropLast(), sent) {
      #expect((layer.fit != nil) == fits)
      if let fit = layer.fit { #expect(fit.payload == count, "\(comment) \(layer.name)") }
    }
  }

  @Test func namesAreUniqueAndSummariesShort() {
    let names = BalancingMethods.all.map { $0.id }
    #expect(Set(names).count == names.count)
    for method in BalancingMethods.all {
      #expect(method.summary.first?.isLowercase == true || method.summary.first?.isNumber == true)
      #expect(!method.summary.hasSuffix("."))
    }
  }
}
