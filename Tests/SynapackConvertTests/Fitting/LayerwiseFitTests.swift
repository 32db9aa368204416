import SynapackImport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackConvert

/// A fit must see what the program does, whatever the network, schedule and neuron.
struct LayerwiseFitTests {
  static let schedules: [Schedule] = [.wavefront, .tick, .staggered(2), .accumulate]

  static let ladders = [0...1, -1...1, 0...15]

  @Test(arguments: Array(SmallNetwork.allCases.enumerated()).map(\.offset), schedules)
  func hearsExactlyWhatTheProgramSends(number: Int, schedule: Schedule) throws {
    let network = SmallNetwork.allCases[number]
    let turn = number + (Self.schedules.firstIndex(of: schedule) ?? 0)
    for payloads in [Self.ladders[turn % 3]] {
      var (graph, builder) = try network.graph(seed: 21)
      let samples = builder.samples(9)
      let options = ConversionOptions(
        timesteps: 5, schedule: schedule, payloads: payloads, method: "refit", seed: 3)
      let conversion = try Conversion(graph, samples, options)
      let sent = try sent(by: conversion, samples)
      for (layer, count) in zip(conversion.lowered.layers, sent) {
        guard let fit = layer.fit else { continue }
        #expect(fit.payload == count, "\(network) \(schedule) \(payloads) \(layer.name)")
      }
      #expect(conversion.lowered.layers.dropLast().allSatisfy { $0.fit != nil })
    }
  }

  /// For each population the sum of its payloads' magnitudes over all samples.
  private func sent(by conversion: Conversion, _ samples: [Float]) throws -> [Int] {
    let simulator = try Simulator(conversion.program)
    var sent = Array(repeating: 0, count: conversion.program.populations.count)
    for payloads in conversion.encode(samples) {
      let outcome = try simulator.run(payloads)
      for index in sent.indices { sent[index] += outcome.payload[index] }
    }
    return sent
  }

  /// Neurons that forget are fitted as they are.
  @Test(arguments: [SmallNetwork.plain, .residualMixed, .averagePool], ladders)
  func hearsNeuronsThatForget(network: SmallNetwork, payloads: ClosedRange<Int>) throws {
    var (graph, builder) = try network.graph(seed: 22)
    let samples = builder.samples(9)
    let options = ConversionOptions(
      timesteps: 5, payloads: payloads, reset: .zero, method: "refit", seed: 3)
    let conversion = try Conversion(graph, samples, options)
    let sent = try sent(by: conversion, samples)
    for (layer, count) in zip(conversion.lowered.layers.dropLast(), sent) {
      #expect(layer.fit?.payload == count, "\(network) \(payloads) \(layer.name)")
    }
  }

  @Test(arguments: [SmallNetwork.residualMixed, .concatThenMaxPool, .bottleneck, .grouped])
  func threadsChangeNothing(network: SmallNetwork) throws {
    var (graph, builder) = try network.graph(seed: 4)
    let samples = builder.samples(11)
    let options = ConversionOptions(timesteps: 6, method: "refit")
    let programs = try [1, 2, 3].map { threads in
      try Conversion(graph, samples, options, threads: threads).lowered
    }
    for other in programs.dropFirst() {
      #expect(other.program == programs[0].program)
      #expect(other.layers == programs[0].layers)
    }
  }

  /// On images that the fit has not seen, the trained network's outputs are nearer to those of the
  /// source than balancing alone brings them.
  @Test func isNearerToTheSourceThanBalancing() throws {
    var report = Report()
    let path = Fixtures.path("digits/cnn-residual.torchscript17.onnx")
    let graph = try ONNXImporter.graph(MappedFile(path: path), &report)
    let seen = try DigitImages.pixels("calibration_x", count: 64)
    let unseen = try DigitImages.pixels("test_x", count: 60)
    let errors = try ["mmse", "layer-order", "refit"].map { method in
      let options = ConversionOptions(timesteps: 4, method: method)
      return try Conversion(graph, seen, options).outputError(unseen)
    }
    #expect(errors[1] < 0.8 * errors[0], "\(errors)")
    #expect(errors[2] < 0.8 * errors[0], "\(errors)")
    // What a spike throws away, a fit makes up for.
    let forgetful = try ["mmse", "refit"].map { method in
      let options = ConversionOptions(timesteps: 4, reset: .zero, method: method)
      return try Conversion(graph, seen, options).outputError(unseen)
    }
    #expect(forgetful[1] < 0.5 * forgetful[0], "\(forgetful)")
  }

  /// A matrix of more columns than a solver takes keeps its weights, and that is told.
  @Test func aLayerTooWideToSolveIsTold() throws {
    var b = try GraphBuilder(seed: 9, input: [1, 4, 4])
    let wide = try b.relu(b.convolution(b.input, WeightRefit.largest / 16 + 1, kernel: 1))
    let output = try b.linear(b.flatten(wide), 2, name: "output")
    let graph = try b.graph(output)
    let options = ConversionOptions(timesteps: 2, method: "refit")
    let conversion = try Conversion(graph, b.samples(8), options)
    let limited = conversion.report.findings.filter { $0.code == .fitLimited }
    let readout = try #require(conversion.program.populations.last)
    #expect(limited.map(\.place) == [.layer(readout.name)])
  }
}
