@testable import SynapackConvert
import SynapackGraph
import SynapackImport
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What the input loses is what its encoding says it does.
struct InputErrorTests {
  private let program: SpikingProgram
  private let samples: FitSamples

  init() throws {
    var report = Report()
    let path = Fixtures.path("digits/mlp.torchscript17.onnx")
    let values = try DigitImages.pixels("calibration_x", count: 40)
    let conversion = try Conversion(
      ONNXImporter.graph(MappedFile(path: path), &report), values,
      ConversionOptions(timesteps: 8, method: "max"))
    program = conversion.program
    samples = try FitSamples(
      conversion.graph, sites: conversion.plan.sites, samples: values, timesteps: 8, threads: 2)
  }

  private func error(_ encoding: InputEncoding, ticks: Int) throws -> Double {
    var program = program
    program.timesteps = ticks
    program.input.ticks = nil
    program.input.encoding = encoding
    return try InputError(program, samples, threads: 2).measured()
  }

  /// What a payload a tick rounds away, whatever T is.
  @Test(arguments: [1, 8]) func aConstantCurrentIsRounded(ticks: Int) throws {
    let measured = try error(.constantCurrent(bits: 4, signed: false, scale: 0.25), ticks: ticks)
    var (missed, power) = (0.0, 0.0)
    for value in samples.values {
      let left = Double(value) - 0.25 * Double((value * 4).rounded(.toNearestOrEven))
      missed += left * left
      power += Double(value) * Double(value)
    }
    #expect(measured > 0.01 && abs(measured - (missed / power).squareRoot()) < 1e-9)
  }

  /// Each spike is drawn by itself: the variance of a mean over T ticks is s²·p·(1 − p)/T. Samples
  /// share the draws of a seed, so there are several.
  @Test(arguments: [1, 8, 64]) func poissonIsAsUncertainAsItsDraws(ticks: Int) throws {
    var square = 0.0
    for seed in 0..<32 as Range<UInt64> {
      let measured = try error(.poisson(signed: false, scale: 1, seed: seed), ticks: ticks)
      square += measured * measured / 32
    }
    let values = samples.values.map { Double($0) }
    let power = values.reduce(0.0) { $0 + $1 * $1 }
    let expected = values.reduce(0.0) { $0 + $1 * (1 - $1) / Double(ticks) } / power
    #expect(expected > 0.001 && abs(square / expected - 1) < 0.12, "\(square), \(expected)")
  }
}
