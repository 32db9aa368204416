import Synapack
import SynapackGraph
import SynapackImport
import SynapackPolicy
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Networks that spike already, from the file to the bundle.
struct SpikingModelTests {
  private func member(_ key: String, _ json: JSON) -> JSON? {
    guard case .object(let members) = json else { return nil }
    return members[key]
  }

  private func inspect(_ name: String, _ dialect: String) throws -> JSON {
    var report = Report()
    return try Job.inspect(
      Fixtures.path("nir/models/\(name).nir"), options: ImportOptions(dialect: dialect), &report)
  }

  @Test func aSpikingModelIsInspected() throws {
    let json = try inspect("residual", "reset=subtract")
    #expect(member("kind", json) == "model" && member("phase", json) == "spiking")
    #expect(member("convertible", json) == true && member("populations", json) == 2)
    let leaky = try inspect("lif", "")
    #expect(member("convertible", leaky) == false)
    guard case .array(let refused)? = member("refused", leaky) else {
      Issue.record("nothing is refused")
      return
    }
    #expect(refused.count == 1)
  }

  /// A dialect changes the reset; it takes no leak away.
  @Test func adviceNamesTheDialectOnlyWhereItHelps() throws {
    func advice(_ name: String) throws -> [String] {
      guard case .array(let refused)? = member("refused", try inspect(name, "reset=zero")) else {
        return []
      }
      return refused.compactMap {
        guard case .string(let text)? = member("advice", $0) else { return nil }
        return text
      }
    }
    let integrator = try advice("residual")
    #expect(!integrator.isEmpty && integrator.allSatisfy { $0.contains("reset=subtract") })
    let leaky = try advice("lif")
    #expect(!leaky.isEmpty && leaky.allSatisfy { $0.contains("leak") && !$0.contains("--") })
  }

  private func job(dialect: String, neuron: String = "if") -> Job {
    var recipe = Recipe()
    recipe.timesteps = 8
    recipe.neuron = neuron
    return Job(
      recipe: recipe, threads: 1, instruments: .still,
      importOptions: ImportOptions(dialect: dialect))
  }

  private func samples(_ folder: TemporaryFolder) throws -> String {
    let values = (0..<40).map { Float($0 % 11) / 10 }
    let tensor = try Tensor(shape: Shape([10, 4]), floats: values)
    try AtomicFile.write(NumPyArrayFile.bytes(of: tensor), to: folder.path("x.npy"))
    return folder.path("x.npy")
  }

  @Test(arguments: ["classifier", "residual", "classifier-stated"])
  func aSpikingModelIsPacked(name: String) throws {
    let folder = TemporaryFolder()
    var report = Report()
    let result = try job(dialect: "reset=subtract").convert(
      model: Fixtures.path("nir/models/\(name).nir"), calibration: samples(folder), &report)
    try AtomicFile.write(result.bytes, to: folder.path("x.synapack"))
    #expect(result.timesteps == 8 && result.layers.count == 2)
    for check in try Job.validate(folder.path("x.synapack"), threads: 1) {
      #expect(check.findings.allSatisfy { $0.severity == .note }, "\(check.name)")
    }
  }

  @Test func whatNoProgramCarriesIsRefused() throws {
    let folder = TemporaryFolder()
    let data = try samples(folder)
    for (dialect, neuron, code) in [
      ("reset=value", "if", ErrorCode.temporalNeuron), ("reset=subtract", "burst:3", .badOption),
    ] {
      var report = Report()
      let error = #expect(throws: PackError.self) {
        try job(dialect: dialect, neuron: neuron).convert(
          model: Fixtures.path("nir/models/classifier.nir"), calibration: data, &report)
      }
      #expect(error?.code == code && error?.isInFile == true, "\(dialect), \(neuron)")
    }
  }
}
