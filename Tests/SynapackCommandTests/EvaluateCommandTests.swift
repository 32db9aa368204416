import Foundation
import Synapack
import SynapackSupport
import TestSupport
import Testing

/// What `evaluate` prints, and what it refuses to ignore.
struct EvaluateCommandTests {
  private static let data = [
    "--data", "\(Command.digits)/test_x.npy", "--labels", "\(Command.digits)/test_y.npy",
    "--limit", "64",
  ]

  /// `weightBits` as `--weight-bits`; those of a training are no options of `evaluate` and
  /// `compare`.
  static let conversionOptions: [String] = {
    guard case .object(let members) = Recipe().json else { return [] }
    let others = ["timesteps", "preprocess"]
    return members.keys.filter { !others.contains($0) && !$0.hasPrefix("distil") }.map { key in
      key.reduce(into: "--") { text, letter in
        if letter.isUppercase { text += "-" }
        text += letter.lowercased()
      }
    }.sorted()
  }()

  /// A bundle was converted already: no option of a conversion is left aside without a word.
  @Test func aBundleRefusesOptionsOfAConversion() async throws {
    let bundle = try await Command.convert("mlp", in: try Command.temporaryFolder())
    #expect(EvaluateCommandTests.conversionOptions.count > 20)
    for option in EvaluateCommandTests.conversionOptions + ["--recipe", "--calibration", "--batch"]
    {
      let value = option == "--gated" ? [] : [option == "--batch" ? "none" : "4"]
      var arguments = [option] + value
      // A recipe is a file, and is read before anything is known of a bundle.
      if option == "--recipe" {
        let path = try Command.temporaryFolder() + "/recipe.yaml"
        try Data("seed: 3".utf8).write(to: URL(fileURLWithPath: path))
        arguments = [option, path]
      }
      let result = try await Command.run(
        ["evaluate", bundle] + EvaluateCommandTests.data + arguments)
      #expect(result.status == 2, "\(option): \(result.errors)")
      #expect(result.errors.contains("SYN0701") && result.errors.contains(option), "\(option)")
    }
    let other = try await Command.run(
      ["evaluate", bundle] + EvaluateCommandTests.data + ["--timesteps", "2,4"])
    #expect(other.status == 0)
  }

  /// So does a model that nothing converts.
  @Test func aDenseRunRefusesThemToo() async throws {
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    let plain = ["evaluate", model] + EvaluateCommandTests.data + ["--preprocess", "scale=1/16"]
    #expect(try await Command.run(plain).status == 0)
    let result = try await Command.run(plain + ["--method", "mmse"])
    #expect(result.status == 2 && result.errors.contains("--method"))
  }

  /// A negative number is the value of its option, and refused as such.
  @Test(arguments: ["--timesteps", "--weight-bits", "--limit", "--threads", "--early-exit"])
  func negativeNumbersAreRefusedAsNumbers(option: String) async throws {
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    let result = try await Command.run(
      ["evaluate", model] + EvaluateCommandTests.data.dropLast(2) + [
        "--preprocess", "scale=1/16", "--calibration", "\(Command.digits)/calibration_x.npy",
        option, "-1",
      ])
    #expect(result.status == 2, "\(result.errors)")
    #expect(result.errors.contains("SYN0701") && result.errors.contains(option))
    #expect(result.errors.contains("-1"))
  }

  /// Spikes are counted and payloads summed; of neurons that send 0 and 1, or one spike for each unit,
  /// they are the same.
  @Test(arguments: [("if", 1), ("burst:3", 3), ("multi:4", 4), ("graded:4", 1)])
  func spikesAreNotPayloads(neuron: String, most: Int) async throws {
    let isWide = neuron != "if"
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(),
      ["--timesteps", "2", "--method", "mmse", "--neuron", neuron])
    let document = try #require(
      try await Command.run(["evaluate", bundle, "--json"] + EvaluateCommandTests.data).json)
    let row = try #require((document["spiking"] as? [[String: Any]])?.first)
    let spikes = try #require(row["spikesPerNeuron"] as? Double)
    let payload = try #require(row["payloadPerNeuron"] as? Double)
    let isSum = neuron == "if" || neuron.hasPrefix("burst")
    #expect(spikes > 0 && spikes <= Double(2 * most) && (payload == spikes) == isSum)
    // A neuron that sends several spikes in a tick is silent in no more ticks for that.
    let silent = try #require(row["activationSparsity"] as? Double)
    let sending = 2 * (1 - silent)
    #expect(most > 1 ? sending < spikes : abs(sending - spikes) < 1e-9)
    // Several spikes are several additions; a payload in one is a product.
    let operations = try #require(row["synapticOperations"] as? [String: Double])
    #expect(try #require(operations["effectiveACs"]) > 0 || neuron.hasPrefix("graded"))
    #expect(operations["effectiveACs"] == 0 || !neuron.hasPrefix("graded"))
    let energy = try #require(row["energy"] as? [[String: Any]])
    let chip = try #require(energy.first { $0["table"] as? String == "truenorth" })
    #expect((chip["notCarried"] != nil) == isWide)
    #expect((chip["spikingPicojoules"] is NSNull) == isWide)
    #expect(energy.allSatisfy { $0["spikesPerSynapse"] as? Double ?? 0 > 0 })
  }

  @Test func anEarlyExitIsToldWithWhatItPromised() async throws {
    let folder = try Command.temporaryFolder()
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    let bundle = try await Command.convert(
      "mlp", in: folder,
      ["--timesteps", "8", "--schedule", "staggered:2", "--early-exit", "0.95"])
    let arguments = ["evaluate", bundle, "--model", model] + EvaluateCommandTests.data
    let document = try #require(try await Command.run(arguments + ["--json"]).json)
    let row = try #require((document["spiking"] as? [[String: Any]])?.first)
    let exit = try #require(row["earlyExit"] as? [String: Any])
    #expect(exit["promisedAgreement"] as? Double == 0.95)
    let bound = try #require(exit["agreementBound"] as? Double)
    #expect(bound > 0.5 && bound < (exit["agreement"] as? Double ?? 0))
    let leaving = try #require(exit["leaving"] as? Double)
    #expect(leaving > 0.5 && exit["agreement"] as? Double != nil)
    let (ticks, latency) = (row["meanTicks"] as? Double, row["meanLatencyTicks"] as? Double)
    // Two layers of neurons and a readout that opens with the second: two ticks of lag.
    #expect(try #require(latency) - (try #require(ticks)) == 2)
    // What all ticks reach is what the same program reaches without the rule.
    let whole = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "8", "--schedule", "staggered:2"])
    let other = try #require(
      try await Command.run(
        ["evaluate", whole, "--model", model, "--json"]
          + EvaluateCommandTests.data
      ).json)
    let full = try #require((other["spiking"] as? [[String: Any]])?.first)
    #expect(full["accuracy"] as? Double == exit["fullAccuracy"] as? Double)
    #expect(full["agreement"] as? Double == exit["fullAgreement"] as? Double)
    #expect(full["earlyExit"] == nil)
    let text = try await Command.run(arguments + ["--explain"]).output
    #expect(text.contains("95.00 % asked for") && text.contains("ticks to answer"))
    #expect(text.contains("of all such inputs (95 % confidence)"))
    #expect(text.contains("\nearly exit "))
  }

  /// A rule that stops nothing warns where it is made and where it is run.
  @Test func anExitThatNeverHappensIsAWarning() async throws {
    let path = try Command.temporaryFolder() + "/x.synapack"
    let made = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "--preprocess", "scale=1/16", "--timesteps", "4",
      "--early-exit", "0.9999", "-o", path,
    ])
    #expect(made.errors.contains("loss[SYN0314] warning") && made.errors.contains("there are 256"))
    let run = try await Command.run(["evaluate", path] + EvaluateCommandTests.data)
    #expect(run.errors.contains("warning[SYN0314]: no input left before tick 4"))
  }

  /// What is told on the way of `-v` has the number that the ledger has.
  @Test func lossesAreToldWithWhatWasMeasured() async throws {
    let path = try Command.temporaryFolder() + "/x.synapack"
    let made = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "--preprocess", "scale=1/16", "--timesteps", "4",
      "--readout", "count", "-v", "-o", path,
    ])
    let inspected = try #require(try await Command.run(["inspect", path, "--json"]).json)
    let losses = try #require(inspected["losses"] as? [[String: Any]])
    let share = try #require(
      losses.first { $0["code"] as? String == "SYN0313" }?["measured"] as? Double)
    let text = try await Command.run(["inspect", path]).output
    for told in [made.errors, text] {
      let line = try #require(told.split(separator: "\n").first { $0.contains("SYN0313") })
      let words = line.components(separatedBy: ", measured ")
      let number = try #require(words.last.flatMap(Double.init))
      #expect(abs(number - share) < 1e-4)
    }
  }

  /// Where every input is right already, no layer hurts, whatever the errors within.
  @Test func noLayerIsNamedWhereNothingComesBack() async throws {
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "4", "--method", "max"])
    let document = try #require(
      try await Command.run([
        "evaluate", bundle, "--explain", "--json", "--limit", "2", "--model",
        "\(Command.digits)/mlp.torchscript17.onnx", "--data",
        "\(Command.digits)/test_x.npy", "--labels", "\(Command.digits)/test_y.npy",
      ]).json)
    let row = try #require((document["spiking"] as? [[String: Any]])?.first)
    try #require(row["accuracy"] as? Double == 1 && row["agreement"] as? Double == 1)
    let explanation = try #require(document["explanation"] as? [String: Any])
    #expect(explanation["firstLayer"] == nil)
    let tried = try #require(explanation["tried"] as? [String: Any])
    #expect(tried["layer"] != nil && tried["before"] != nil && tried["measured"] != nil)
    // Two inputs are too few to judge by others.
    #expect(tried["inputs"] as? Int == 2 && tried["unseen"] as? Bool == false)
  }

  /// Widths that ruin a network are named with what wider ones were measured to reach; without calibration
  /// inputs the errors of the layers tell as much.
  @Test(arguments: [
    ["8", "--readout-bits", "10", "readout"], ["2", "--weight-bits", "2", "weights"],
    ["8", "--membrane-bits", "10", "membranes"],
  ])
  func aWidthThatIsTooNarrowIsTheCause(words: [String]) async throws {
    let (option, cause) = (words[1], words[3])
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps"] + words.dropLast())
    let arguments = [
      "evaluate", bundle, "--explain", "--json", "--limit", "150", "--model",
      "\(Command.digits)/mlp.torchscript17.onnx", "--data",
      "\(Command.digits)/test_x.npy", "--labels", "\(Command.digits)/test_y.npy",
    ]
    for more in [[], ["--calibration", "\(Command.digits)/calibration_x.npy"]] {
      let document = try #require(try await Command.run(arguments + more).json)
      let explanation = try #require(document["explanation"] as? [String: Any])
      let found = try #require(explanation["cause"] as? [String: Any])
      #expect(found["name"] as? String == cause)
      #expect((found["option"] as? String)?.hasPrefix(option) == true)
      let reached = (found["measured"] as? [String: Any])?["accuracy"] as? Double
      #expect((reached == nil) == more.isEmpty)
      let row = try #require((document["spiking"] as? [[String: Any]])?.first)
      if let reached { #expect(reached > row["accuracy"] as? Double ?? 1) }
    }
  }

  /// The ticks of a gated program are told beside those of its windows, and are not to be changed.
  @Test func aGatedProgramTellsItsWindows() async throws {
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(),
      ["--timesteps", "4", "--schedule", "staggered:2", "--gated", "--membrane-bits", "26"])
    let arguments = ["evaluate", bundle] + EvaluateCommandTests.data
    let row = try #require(
      (try await Command.run(arguments + ["--json"]).json?["spiking"] as? [[String: Any]])?.first)
    #expect(row["windowTicks"] as? Int == 4 && row["timesteps"] as? Int == 6)
    // What the gates cost stands in the ledger.
    let losses = try #require(
      try await Command.run(["inspect", bundle, "--json"]).json?["losses"] as? [[String: Any]])
    let cost = try #require(losses.first { $0["code"] as? String == "SYN0322" })
    #expect(try #require(cost["measured"] as? Double) > 1)
    #expect((cost["message"] as? String)?.contains("clock neurons with") == true)
    #expect(try await Command.run(arguments).output.contains("gated: windows of T=4 ticks"))
    let inspected = try await Command.run(["inspect", bundle]).output
    #expect(inspected.contains("T=4, gated in a wavefront of 6 ticks, latency 6"))
    let other = try await Command.run(arguments + ["--timesteps", "2"])
    #expect(other.status == 2 && other.errors.contains("--timesteps"))
  }

  /// What was measured is told where it cannot be explained, and the run fails all the same.
  @Test func whatIsNotExplainedIsMeasured() async throws {
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "4", "--readout", "count"])
    let own = ["evaluate", bundle, "--model", model]
    let converted = [
      "evaluate", model, "--calibration", "\(Command.digits)/calibration_x.npy", "--preprocess",
      "scale=1/16", "--timesteps", "4", "--readout", "count",
    ]
    let text = try await Command.run(own + EvaluateCommandTests.data + ["--explain"])
    #expect(text.status == 3 && text.errors.contains("SYN0301"))
    #expect(text.output.contains("accuracy") && text.output.contains("ANN:"))
    let result = try await Command.run(own + EvaluateCommandTests.data + ["--explain", "--json"])
    let document = try #require(result.json)
    #expect(result.status == 3 && document["explanation"] == nil)
    let reason = document["notExplained"] as? [String: Any]
    #expect((reason?["action"] as? String)?.contains("--readout membrane") == true)
    #expect((document["spiking"] as? [[String: Any]])?.first?["accuracy"] as? Double != nil)
    // Where it is a matter of options nothing is measured first.
    let refused = try await Command.run(converted + EvaluateCommandTests.data + ["--explain"])
    #expect(refused.status == 2 && refused.errors.contains("--explain") && refused.output.isEmpty)
  }

  /// Errors between two networks are no drop of a conversion.
  @Test func anotherNetworkExplainsNothing() async throws {
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "4"])
    let arguments = ["evaluate", bundle, "--explain"] + EvaluateCommandTests.data + ["--model"]
    let other = try await Command.run(
      arguments + ["\(Command.digits)/cnn-average.torchscript17.onnx"])
    #expect(other.status == 2 && other.errors.contains("--model"), "\(other.errors)")
    #expect(!other.output.contains("Nothing is lost"))
    let again = ["\(Command.digits)/mlp.dynamo18.onnx"]
    let text = try await Command.run(arguments + again)
    #expect(text.status == 2 || text.output.contains("not the file that the bundle was made from"))
  }

  /// A bundle's own preprocessing is not replaced in silence.
  @Test func anotherPreprocessingIsTold() async throws {
    let bundle = try await Command.convert("mlp", in: try Command.temporaryFolder())
    let arguments = ["evaluate", bundle] + EvaluateCommandTests.data + ["--preprocess"]
    let other = try await Command.run(arguments + ["scale=1/255"])
    #expect(other.errors.contains("warning[SYN0017]"))
    #expect(other.errors.contains("`scale=1/255`") && other.errors.contains("`scale=1/16`"))
    #expect(try await Command.run(arguments + ["scale=1/16"]).errors.contains("SYN0017") == false)
  }

  /// The first class that is sure is asked for as a readout; nobody asked for a share.
  @Test func aFirstClassThatIsNeverSureIsANote() async throws {
    let path = try Command.temporaryFolder() + "/x.synapack"
    let made = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "--preprocess", "scale=1/16", "--timesteps", "2",
      "--readout", "first", "-o", path,
    ])
    #expect(made.status == 0 && !made.errors.contains("SYN0314] warning"), "\(made.errors)")
    let run = try await Command.run(["evaluate", path] + EvaluateCommandTests.data)
    #expect(!run.errors.contains("warning[SYN0314]"), "\(run.errors)")
    #expect(run.output.contains("early exit at T=2") && !run.output.contains("asked for"))
  }

  /// A T that is given twice and labels that are no classes are refused.
  @Test func repeatedTicksAndTruthValuesAreRefused() async throws {
    let bundle = try await Command.convert("mlp", in: try Command.temporaryFolder())
    let repeated = try await Command.run(
      ["evaluate", bundle] + EvaluateCommandTests.data + ["--timesteps", "4,2,4"])
    #expect(repeated.status == 2 && repeated.errors.contains("4 is given twice"))
    let path = try Command.temporaryFolder() + "/labels.npy"
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (500,), }"
    let padded = header + String(repeating: " ", count: 117 - header.count) + "\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
    try Data(bytes + [UInt8](repeating: 1, count: 500)).write(to: URL(fileURLWithPath: path))
    let truth = try await Command.run([
      "evaluate", bundle, "--data", "\(Command.digits)/test_x.npy", "--labels", path,
    ])
    #expect(truth.status == 3 && truth.errors.contains("true and false"), "\(truth.errors)")
  }

  /// Neurons that forget at a spike are held against the source network too, but for what their
  /// membranes would tell.
  @Test func neuronsThatForgetAreExplained() async throws {
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "4", "--reset", "zero"])
    let arguments =
      ["evaluate", bundle, "--explain", "--model", "\(Command.digits)/mlp.torchscript17.onnx"]
      + EvaluateCommandTests.data
    let result = try await Command.run(arguments + ["--json"])
    let explanation = try #require(
      result.json?["explanation"] as? [String: Any], "\(result.errors)")
    let layers = try #require(explanation["layers"] as? [[String: Any]])
    #expect(layers.count > 1 && layers.contains { $0["miscountError"] != nil })
    #expect(layers.allSatisfy { $0["unevennessError"] == nil && $0["error"] is Double })
    #expect(explanation["layerStandsOut"] as? Bool == (explanation["firstLayer"] != nil))
    #expect(explanation["losesNothing"] is Bool)
    let text = try await Command.run(arguments)
    #expect(text.status == 0 && text.output.contains("miscount"), "\(text.errors)")
  }

  /// Poisson spikes lose much before any layer, and a constant current is tried instead of them.
  @Test func whatTheInputLosesIsTold() async throws {
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    let arguments =
      [
        "evaluate", model, "--explain", "--timesteps", "2", "--input", "poisson", "--calibration",
        "\(Command.digits)/calibration_x.npy", "--method", "max",
      ] + EvaluateCommandTests.data
    let result = try await Command.run(arguments + ["--json"])
    let explanation = try #require(
      result.json?["explanation"] as? [String: Any], "\(result.errors)")
    #expect(try #require(explanation["inputError"] as? Double) > 0.2)
    let text = try await Command.run(arguments).output
    #expect(text.contains("(the input)"))
    #expect(text.contains("The input itself is off by"))
    let alternatives = try #require(explanation["alternatives"] as? [[String: Any]])
    #expect(alternatives.contains { $0["name"] as? String == "--input current" }, "\(alternatives)")
    #expect(alternatives.contains { $0["name"] as? String == "--method refit" }, "\(alternatives)")
    // Half of the 64 inputs made the change, and the others count.
    let trial = try #require((explanation["firstLayer"] ?? explanation["tried"]) as? [String: Any])
    #expect(trial["unseen"] as? Bool == true && trial["inputs"] as? Int == 32)
    let before = try #require((trial["before"] as? [String: Any])?["accuracy"] as? Double)
    #expect((before * 32).rounded() == before * 32)
  }

  /// A program that computes on running means is run as a whole, and the layer where the error rises
  /// is named.
  @Test func populationsThatComputeHaveErrors() async throws {
    let bundle = try await Command.convert(
      "vit", in: try Command.temporaryFolder(),
      ["--timesteps", "2", "--neuron", "multi:8", "--readout-bits", "12"])
    let arguments =
      ["evaluate", bundle, "--explain", "--model", "\(Command.digits)/vit.torchscript17.onnx"]
      + EvaluateCommandTests.data.dropLast() + ["20"]
    let text = try await Command.run(arguments)
    #expect(text.status == 0, "\(text.errors)")
    let result = try await Command.run(arguments + ["--json"])
    let explanation = try #require(result.json?["explanation"] as? [String: Any])
    let layers = try #require(explanation["layers"] as? [[String: Any]])
    #expect(layers.count == 18)
    #expect(layers.allSatisfy { $0["error"] is Double && $0["heardError"] is Double })
    let rising = try #require(explanation["risesAt"] as? String)
    #expect(rising == "/head/Gemm")
    #expect(text.output.contains("run as a whole"))
    #expect(text.output.contains("The error rises at \(rising)"), "\(text.output)")
  }

  /// Gates change no payload: a gated program is explained as the one that it stands for.
  @Test func aGatedProgramIsExplained() async throws {
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    var explanations: [NSDictionary] = []
    for gates in [[], ["--gated"]] {
      let bundle = try await Command.convert(
        "mlp", in: try Command.temporaryFolder(),
        ["--timesteps", "4", "--schedule", "staggered:2", "--membrane-bits", "26"] + gates)
      let document = try #require(
        try await Command.run(
          ["evaluate", bundle, "--model", model, "--explain", "--json"]
            + EvaluateCommandTests.data
        ).json)
      let explanation = try #require(document["explanation"] as? [String: Any])
      #expect(explanation["timesteps"] as? Int == 4)
      explanations.append(explanation as NSDictionary)
    }
    #expect(explanations[0] == explanations[1])
  }

  /// Of several T the last is explained, and said to be.
  @Test func theTicksThatAreExplainedAreTold() async throws {
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "4"])
    let arguments =
      ["evaluate", bundle, "--model", "\(Command.digits)/mlp.torchscript17.onnx", "--explain"]
      + EvaluateCommandTests.data
    let several = try await Command.run(arguments + ["--energy", "--timesteps", "2,3"]).output
    #expect(several.contains("The last T alone is explained: T=3"))
    #expect(several.contains("Energy at T=3:"))
    let one = try await Command.run(arguments + ["--timesteps", "3"]).output
    #expect(one.contains("quantized") && !one.contains("alone is explained"))
  }
}
