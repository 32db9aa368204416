@testable import SynapackConvert
import SynapackGraph
import SynapackImport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Programs that compute on running means: every layer of a transformer is broken, and named.
struct WholeErrorsTests {
  private let conversion: Conversion
  private let values: [Float]

  init() throws {
    var report = Report()
    let path = Fixtures.path("digits/vit.torchscript17.onnx")
    values = try DigitImages.pixels("calibration_x", count: 6)
    conversion = try Conversion(
      ONNXImporter.graph(MappedFile(path: path), &report), values,
      ConversionOptions(timesteps: 8, payloads: -255...255))
  }

  private func explain(_ program: SpikingProgram) throws -> DropExplanation {
    let samples = try FitSamples(
      conversion.graph, sites: conversion.plan.sites, samples: values,
      timesteps: program.timesteps, threads: 2)
    return try Explainer.explain(
      program, layers: conversion.lowered.layers, samples: samples, sites: conversion.plan.sites,
      threads: 2)
  }

  @Test func aSoundProgramHasSmallErrors() throws {
    let explanation = try explain(conversion.program)
    #expect(explanation.layers.map(\.name) == conversion.program.populations.map(\.name))
    #expect(explanation.unexplained.isEmpty && explanation.suspects.isEmpty)
    for layer in explanation.layers {
      #expect(layer.error < 0.03 && layer.heard != nil && layer.remedies.isEmpty, "\(layer)")
    }
    // What the first layer hears is rounded to eight bits.
    #expect(explanation.layers[0].heard == explanation.inputError)
    #expect(explanation.inputError > 0 && explanation.inputError < 0.01)
  }

  /// With other ticks than it was made for, the scores are still held against the network's own.
  @Test func scoresOfOtherTicksAreInTheirOwnUnit() throws {
    var longer = conversion.program
    longer.timesteps = 12
    let readout = try #require(explain(longer).layers.last)
    #expect(readout.error < 0.03, "\(readout)")
  }

  /// What is broken leaves its sources as they were and adds the most.
  @Test(arguments: [0.3, 4]) func theErrorRisesAtTheBrokenLayer(factor: Double) throws {
    let program = conversion.program
    let sound = try explain(program).layers
    var broken = 0
    for index in program.populations.indices
    where program.populations[index].model != .integrator {
      var other = program
      other.populations[index].thresholds.values = program.populations[index].thresholds.values
        .map { max(1, Int32((Double($0) * factor).rounded())) }
      guard other != program, (try? other.verify()) != nil else { continue }
      let name = program.populations[index].name
      let layers = try explain(other).layers
      // A normalization does not mind how large the steps of its membranes are.
      guard layers[index].error > sound[index].error + 0.05 else { continue }
      let errors = layers.map { "\($0.name) \($0.error) \($0.heard ?? -1)" }
      #expect(DropExplanation.risesAt(layers)?.name == name, "\(name): \(errors)")
      broken += 1
    }
    #expect(broken > 10)
  }
}
