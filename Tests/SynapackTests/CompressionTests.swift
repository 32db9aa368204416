import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSupport
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

  @Test func theSameRecipeGivesTheSameProgram() throws {
    let change: (inout Recipe) -> Void = {
      $0.weightBits = 4
      $0.sparsity = 0.5
    }
    let (first, second) = try (converted(change), converted(change))
    #expect(first == second)
  }

  @Test(arguments: [
    ("--sparsity", 1.0, "refit"), ("--sparsity", -0.1, "refit"), ("--sparsity", 0.5, "mmse"),
  ])
  func refusesWhatNoSolverCanDo(option: String, sparsity: Double, method: String) throws {
    let error = #expect(throws: PackError.self) {
      let program = try converted {
        $0.sparsity = sparsity
        $0.method = method
      }
      Issue.record("\(program.timesteps) ticks")
    }
    #expect(error?.code == .badOption)
  }
}
