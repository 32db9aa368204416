import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Conversion and compression in one run, on the digits network.
struct CompressionTests {
  private func converted(_ change: (inout Recipe) -> Void) throws -> SpikingProgram {
    try ledgered(change).program
  }

  private func ledgered(
    _ change: (inout Recipe) -> Void
  ) throws -> (program: SpikingProgram, report: Report) {
    var recipe = Recipe()
    recipe.timesteps = 4
    recipe.preprocess = "scale=1/16"
    change(&recipe)
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/cnn-average.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    return (try BundleReader.read(result.bytes, &report).bundle.program, report)
  }

  @Test func whatIsRemovedStandsInTheLedger() throws {
    let (program, report) = try ledgered { $0.sparsity = 0.5 }
    let losses = report.losses.filter { $0.code == .pruned }
    #expect(losses.map(\.measured) == [program.connectionSparsity])
    #expect(try ledgered { $0.timesteps = 2 }.report.losses.allSatisfy { $0.code != .pruned })
  }

  @Test func holdsTheWidthAndTheSparsityThatWereAsked() throws {
    let program = try converted {
      $0.weightBits = 3
      $0.sparsity = 0.6
    }
    var (zeros, all) = (0, 0)
    for connection in program.connections {
      #expect(connection.weightBits == 3)
      #expect(connection.synapses.weights.values.allSatisfy { abs($0) <= 3 })
      zeros += connection.synapses.weights.values.count { $0 == 0 }
      all += connection.synapses.weights.values.count
    }
    #expect(Double(zeros) / Double(all) >= 0.6 - 0.01)
  }

  @Test func holdsTheMeanOfWidthsThatWasAsked() throws {
    let program = try converted { $0.meanBits = 3.5 }
    var (bits, count) = (0, 0)
    for connection in program.connections {
      let limit = Int16.max >> Int16(16 - connection.weightBits)
      let values = connection.synapses.weights.values
      #expect(values.allSatisfy { $0.magnitude <= limit })
      bits += connection.weightBits * values.count
      count += values.count
    }
    #expect(Double(bits) <= 3.5 * Double(count))
    #expect(Set(program.connections.map(\.weightBits)).count > 1)
  }

  @Test(
    arguments: [
      { $0.meanBits = 1.5 }, { ($0.meanBits, $0.weightBits) = (6, 5) },
      { ($0.meanBits, $0.weightLevels) = (3, "ternary") },
      { ($0.meanBits, $0.thresholdScope) = (3, "layer") },
      { ($0.meanBits, $0.method) = (3, "mmse") }, { $0.meanBits = .nan },
    ] as [@Sendable (inout Recipe) -> Void])
  func refusesMeansThatNothingHolds(change: @Sendable (inout Recipe) -> Void) {
    var recipe = Recipe()
    change(&recipe)
    #expect {
      _ = try recipe.options()
    } throws: { ($0 as? PackError)?.code == .badOption }
  }

  @Test func theSameRecipeGivesTheSameProgram() throws {
    let change: (inout Recipe) -> Void = {
      $0.weightBits = 4
      $0.sparsity = 0.5
    }
    let (first, second) = try (converted(change), converted(change))
    #expect(first == second)
  }

  @Test(arguments: [("ternary", 8), ("binary", 8), ("power-of-two", 4)])
  func holdsTheLevelsThatWereAsked(levels: String, bits: Int) throws {
    let program = try converted {
      $0.weightLevels = levels
      $0.weightBits = bits
    }
    let allowed: Set<Int16> =
      switch levels {
      case "ternary": [-1, 0, 1]
      case "binary": [-1, 1]
      default: Set([0] + (0..<7).flatMap { [Int16(1 << $0), Int16(-1 << $0)] })
      }
    for connection in program.connections {
      #expect(connection.synapses.weights.values.allSatisfy { allowed.contains($0) })
    }
  }

  @Test func tablesHoldFourValuesANeuron() throws {
    let program = try converted { $0.weightLevels = "axon-table" }
    for connection in program.connections {
      let weights = connection.synapses.weights
      let row = weights.values.count / weights.shape[0]
      for start in stride(from: 0, to: weights.values.count, by: row) {
        #expect(Set(weights.values[start..<start + row]).subtracting([0]).count <= 4)
      }
    }
  }

  @Test func holdsThePatternThatWasAsked() throws {
    let program = try converted { $0.prune = "2:4" }
    for connection in program.connections {
      let weights = connection.synapses.weights
      let row = weights.values.count / weights.shape[0]
      for start in stride(from: 0, to: weights.values.count, by: row) {
        for group in stride(from: start, to: start + row, by: 4) {
          let places = group..<min(group + 4, start + row)
          #expect(places.count { weights.values[$0] != 0 } <= 2)
        }
      }
    }
  }

  @Test func refusesWhatNoSolverCanDo() throws {
    let changes: [(String, (inout Recipe) -> Void)] = [
      ("--sparsity", { $0.sparsity = 1 }), ("--sparsity", { $0.sparsity = -0.1 }),
      ("--sparsity", { ($0.sparsity, $0.method) = (0.5, "mmse") }),
      ("--prune", { ($0.prune, $0.method) = ("2:4", "mmse") }),
      ("--prune", { ($0.prune, $0.sparsity) = ("2:4", 0.5) }),
      ("--weight-levels", { ($0.weightLevels, $0.method) = ("binary", "mmse") }),
      ("--weight-bits", { ($0.weightLevels, $0.weightBits) = ("power-of-two", 6) }),
      ("--weight-bits", { $0.weightLevels = "power-of-two" }),
      ("--weight-bits", { ($0.weightLevels, $0.weightBits) = ("axon-table", 10) }),
      ("--distil", { ($0.weightLevels, $0.distilSteps) = ("axon-table", 5) }),
      ("--spike-price", { ($0.spikePrice, $0.method) = (1, "mmse") }),
      ("--spike-price", { $0.spikePrice = -1 }), ("--bit-price", { $0.bitPrice = .infinity }),
    ]
    for (option, change) in changes {
      let error = #expect(throws: PackError.self) { _ = try converted(change).timesteps }
      #expect(error?.code == .badOption)
      #expect(error?.trail.first == .option(option), "\(option)")
    }
    for change: (inout Recipe) -> Void in [
      { $0.prune = "4:2" }, { $0.prune = "channels" }, { $0.weightLevels = "octal" },
    ] {
      let error = #expect(throws: PackError.self) { _ = try converted(change).timesteps }
      #expect(error?.code == .unknownName)
    }
  }
}
