import Synapack
import SynapackBundle
import SynapackImport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import Synchronization
import TestSupport
import Testing

/// Conversions that train their program, on a digits network.
struct DistillationTests {
  private func converted(
    _ request: DistillationRequest = DistillationRequest(), threads: Int = 2,
    instruments: Instruments = .still, change: (inout Recipe) -> Void = { _ in }
  ) throws -> (program: SpikingProgram, bytes: [UInt8], losses: [Loss]) {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (2, "mmse", "scale=1/16")
    (recipe.distilSteps, recipe.distilRate) = (12, 0.0002)
    change(&recipe)
    var report = Report()
    let result = try Job(
      recipe: recipe, threads: threads, instruments: instruments, distillation: request
    ).convert(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    let program = try BundleReader.read(result.bytes, &report).bundle.program
    return (program, result.bytes, report.losses)
  }

  @Test(arguments: ["rates", "ticks"])
  func oneRecipeGivesOneFileWhateverTheThreads(path: String) throws {
    let change: (inout Recipe) -> Void = { $0.distilThrough = path }
    let (one, two) = (
      try converted(threads: 1, change: change), try converted(threads: 3, change: change)
    )
    #expect(one.bytes == two.bytes)
    #expect(one.program != (try converted { $0.distilSteps = 0 }).program)
    #expect(
      one.bytes
        != (try converted {
          change(&$0)
          $0.seed = 1
        }).bytes)
  }

  @Test func ratesAndTicksHaveDifferentGradients() throws {
    #expect(try converted().program != (try converted { $0.distilThrough = "ticks" }).program)
  }

  @Test func payloadsThatRememberHaveNoTicks() {
    #expect {
      try converted { ($0.neuron, $0.distilThrough) = ("signed", "ticks") }
    } throws: {
      ($0 as? PackError)?.code == .cannotDistil
    }
  }

  /// Synaptic operations of the calibration inputs.
  private func operations(_ program: SpikingProgram) throws -> Int {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/calibration_x.npy"))
    let simulator = try Simulator(program)
    return try (0..<64).reduce(0) { sum, image in
      let pixels = images.floats(in: image * 64..<(image + 1) * 64).map { $0 / 16 }
      return sum + (try simulator.run(program.encode(pixels).payloads)).effectiveACs
    }
  }

  @Test func operationsThatCostSomethingBecomeFewer() throws {
    let change: (inout Recipe) -> Void = { ($0.distilSteps, $0.distilRate) = (40, 0.002) }
    let free = try operations(converted(change: change).program)
    let priced = try operations(
      converted {
        change(&$0)
        $0.distilOperations = 3
      }.program)
    #expect(Double(priced) < 0.8 * Double(free), "\(priced), \(free)")
  }

  @Test(arguments: ["features", "operations"]) func weightsOutOfRange(option: String) {
    for (weight, path) in [(-1, "rates"), (1_001, "rates"), (.nan, "rates"), (1, "ticks")] {
      var recipe = Recipe()
      (recipe.distilSteps, recipe.distilThrough) = (1, path)
      recipe.distilFeatures = option == "features" ? weight : 0
      recipe.distilOperations = option == "operations" ? weight : 0
      #expect {
        _ = try recipe.options()
      } throws: {
        guard let error = $0 as? PackError else { return false }
        return error.code == .badOption && error.trail.contains(.option("--distil-\(option)"))
      }
    }
  }

  @Test func trainingStandsInTheLedger() throws {
    let losses = try converted().losses.filter { $0.code == .distilled }
    let loss = try #require(losses.first)
    #expect(losses.count == 1 && loss.message.contains("12 steps"))
    #expect((0...1).contains(try #require(loss.measured)))
    #expect(try converted { $0.distilSteps = 0 }.losses.allSatisfy { $0.code != .distilled })
  }

  @Test func levelsAndZerosAreKept() throws {
    let before = try converted { ($0.distilSteps, $0.method) = (0, "refit") }.program
    let ternary = try converted {
      ($0.weightLevels, $0.method, $0.distilRate) = ("ternary", "refit", 0.05)
    }
    for connection in ternary.program.connections {
      #expect(connection.synapses.weights.values.allSatisfy { abs($0) <= 1 })
    }
    let change: (inout Recipe) -> Void = { ($0.sparsity, $0.method) = (0.6, "refit") }
    let sparse = try converted(change: change).program
    let untrained = try converted {
      change(&$0)
      $0.distilSteps = 0
    }.program
    for (one, two) in zip(sparse.connections, untrained.connections) {
      let weights = zip(one.synapses.weights.values, two.synapses.weights.values)
      #expect(weights.allSatisfy { $0 == 0 || $1 != 0 })
    }
    #expect(sparse.connectionSparsity > before.connectionSparsity + 0.3)
  }

  @Test func theTimeIsKept() throws {
    // Each look at the clock takes a second.
    let seconds = Mutex(0.0)
    let instruments = Instruments(
      now: {
        seconds.withLock {
          $0 += 1
          return $0
        }
      }, peakBytes: { 0 })
    var request = DistillationRequest()
    request.maxSeconds = 10
    let loss = try converted(request, instruments: instruments) { $0.distilSteps = 1_000 }
      .losses.first { $0.code == .distilled }
    let words = try #require(loss?.message)
    #expect((1..<10).contains { words.contains("for \($0) steps") }, "\(words)")
  }

  @Test(arguments: [1, 5, 11]) func anInterruptedRunGoesOnToTheSameFile(after steps: Int) throws {
    let folder = TemporaryFolder()
    let looks = Mutex(0)
    var request = DistillationRequest(isInterrupted: {
      looks.withLock {
        $0 += 1
        return $0 == steps + 1
      }
    })
    request.checkpoint = folder.path("state")
    let cut = try converted(request)
    #expect(cut.losses.contains { $0.message.contains("for \(steps) steps") })
    let whole = try converted(request)
    #expect(whole.losses.contains { $0.message.contains("for 12 steps") })
    #expect(whole.bytes == (try converted()).bytes, "after \(steps)")
  }

  @Test func aCheckpointOfAnotherRunIsRefused() throws {
    let folder = TemporaryFolder()
    var request = DistillationRequest()
    request.checkpoint = folder.path("state")
    _ = try converted(request)
    let others: [(inout Recipe) -> Void] = [
      { $0.seed = 3 }, { $0.distilRate = 0.01 }, { $0.distilViews = "shift=1" },
      { $0.distilThrough = "ticks" }, { $0.distilFeatures = 2 },
      { $0.distilOperations = 0.5 },
      { $0.timesteps = 3 }, { $0.preprocess = "scale=1/15" },
    ]
    for other in others {
      #expect {
        _ = try converted(request, change: other)
      } throws: { ($0 as? PackError)?.code == .cannotResume }
    }
  }

  @Test func aChipChangesNothingOfHowTrainingIsAskedFor() throws {
    let folder = TemporaryFolder()
    var request = DistillationRequest()
    request.checkpoint = folder.path("state")
    let placed = try converted(request) { $0.chip = "generic-mesh" }
    #expect(MappedFile.exists(folder.path("state")))
    request.checkpoint = nil
    request.maxSeconds = 0.5
    let cut = try converted(request) { $0.chip = "generic-mesh" }
    #expect(cut.program == placed.program, "a clock that stands still ends nothing")
  }

  @Test func whatHasNoGradientIsRefused() throws {
    var recipe = Recipe()
    (recipe.timesteps, recipe.neuron, recipe.preprocess) = (4, "multi:4", "scale=1/16")
    (recipe.method, recipe.distilSteps) = ("mmse", 2)
    #expect {
      var report = Report()
      _ = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
        model: Fixtures.path("digits/vit.torchscript17.onnx"),
        calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    } throws: { ($0 as? PackError)?.code == .cannotDistil }
  }

  @Test(arguments: ["flips", "shift", "shift=x", "shift=65", "shift=-1"])
  func unknownViews(text: String) {
    var recipe = Recipe()
    recipe.distilViews = text
    #expect {
      _ = try recipe.options()
    } throws: { ($0 as? PackError)?.code == .unknownName }
  }
}
