import Foundation
import TestSupport
import Testing

/// Wrong input: the exit status, the code, a hint, soon, and nothing written.
struct BadInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var model: String
    var code: String
    var testDescription: String { model }
  }

  @Test(arguments: [
    Case(model: "empty", code: "SYN0003"),
    Case(model: "text", code: "SYN0003"),
    Case(model: "truncated", code: "SYN0201"),
    Case(model: "onnx/refused/nested-messages.onnx", code: "SYN0202"),
    Case(model: "onnx/refused/empty-initializers.onnx", code: "SYN0203"),
    Case(model: "onnx/refused/external-path-parent.onnx", code: "SYN0208"),
    Case(model: "onnx/refused/dims-product-overflow.onnx", code: "SYN0207"),
    Case(model: "onnx/refused/weights-not-a-number.onnx", code: "SYN0014"),
    Case(model: "onnx/refused/unsupported-operators.onnx", code: "SYN0204"),
  ])
  func badModels(_ item: Case) async throws {
    let folder = try Command.temporaryFolder()
    let path = try model(item.model, in: folder)
    let before = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    // The limit is on the processor's time: a bomb is ended, a busy machine is not blamed.
    let result = try await Command.shell(
      "ulimit -t 2; exec '\(Command.binary)' convert '\(path)' --calibration "
        + "'\(Command.digits)/calibration_x.npy' -o '\(folder)/out.synapack'")
    #expect(result.status == 3)
    #expect(result.errors.contains("error[\(item.code)]"), "\(result.errors)")
    #expect(result.errors.contains("  --> ") && result.errors.contains("= help: "))
    #expect(result.output.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == before)
  }

  private func model(_ name: String, in folder: String) throws -> String {
    let whole = try #require(
      FileManager.default.contents(atPath: "\(Command.digits)/mlp.dynamo18.onnx"))
    let contents: Data
    switch name {
    case "empty": contents = Data()
    case "text": contents = Data("this is no model\n".utf8)
    case "truncated": contents = whole.prefix(whole.count / 2)
    default: return Fixtures.path(name)
    }
    let path = folder + "/\(name).onnx"
    try contents.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: [
    ("wrong-shape", [3, 1, 9, 9], "|u1", "SYN0012"),
    ("wrong-type", [3, 1, 8, 8], "<i8", "SYN0013"),
    ("no-samples", [0, 1, 8, 8], "|u1", "SYN0309"), ("objects", [3], "|O", "SYN0011"),
  ])
  func badCalibration(name: String, shape: [Int], type: String, code: String) async throws {
    let folder = try Command.temporaryFolder()
    let size = type == "<i8" || type == "|O" ? 8 : 1
    let list = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(list)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)] + Array(header.utf8)
    bytes += Array(repeating: 0, count: shape.reduce(size, *))
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/x.npy"))
    let result = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration", folder + "/x.npy",
      "-o", folder + "/out.synapack",
    ])
    #expect(result.status == 3, "\(name)")
    #expect(result.errors.contains("error[\(code)]"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder + "/out.synapack"))
  }

  @Test(arguments: [
    ["convert"], ["convert", "x.onnx", "--calibration", "y.npy"], ["nonsense"],
    ["explain", "SYN9999"], ["validate", "x", "--format", "xml"],
  ])
  func wrongUsage(arguments: [String]) async throws {
    let result = try await Command.run(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty && !result.errors.isEmpty)
  }

  @Test(arguments: [
    ["--timesteps", "0"], ["--neuron", "burst:x"], ["--schedule", "later"], ["--method", "luck"],
    ["--weight-bits", "1"], ["--chip", "nowhere"], ["--threads", "0"], ["--preprocess", "scale="],
    ["--distil-rate", "0.01"], ["--distil-features", "2"], ["--distil-operations", "1"],
    ["--distil-views", "flip"], ["--distil-through", "ticks"],
    ["--timesteps", "1", "--early-exit", "0.9"],
    ["--timesteps", "3", "--readout-delay", "2", "--early-exit", "0.9"],
  ])
  func wrongOptions(options: [String]) async throws {
    let folder = try Command.temporaryFolder()
    let result = try await Command.run(
      [
        "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
        "\(Command.digits)/calibration_x.npy", "-o", folder + "/out.synapack",
      ] + options)
    #expect(result.status == 2, "\(result.errors)")
    #expect(result.errors.contains("error[SYN0"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  /// What the parser of arguments refuses has a code, a place and an action like any other refusal.
  @Test(arguments: [
    ["--timesteps", "1.5", "`1.5` is no value of --timesteps"],
    ["--seed", "x", "`x` is no value of --seed"], ["--sparsity", "half", "`half` is no value of"],
    ["--seed", "::error::' is invalid for 'x", "is no value of --seed"],
    ["--tempo", "3", "--tempo"],
  ])
  func unreadableValuesAreRefusedAsOptions(words: [String]) async throws {
    let arguments = [
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "-o", "/nonexistent/out.synapack", words[0], words[1],
      "--json",
    ]
    let result = try await Command.run(arguments)
    #expect(result.status == 2 && result.errors.hasPrefix("error[SYN0701]: "), "\(result.errors)")
    #expect(result.errors.contains(words[2]), "\(result.errors)")
    #expect(result.errors.contains("\n  --> option \(words[0])\n"), "\(result.errors)")
    #expect(result.errors.contains("   = help: ") && result.errors.contains("\nUsage: synapack"))
    #expect(!result.errors.split(separator: "\n").contains { $0.hasPrefix("::") })
    #expect(result.json?["code"] as? String == "SYN0701")
    #expect((result.json?["where"] as? [String])?.first?.contains(words[0]) == true)
    #expect((result.json?["action"] as? String)?.isEmpty == false)
  }

  @Test func theOutputNeverReplacesAnInput() async throws {
    let folder = try Command.temporaryFolder()
    let model = folder + "/m.onnx"
    try FileManager.default.copyItem(
      atPath: "\(Command.digits)/mlp.torchscript17.onnx", toPath: model)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: model)
    let before = FileManager.default.contents(atPath: model)
    for output in [model, folder + "/link"] {
      let result = try await Command.run([
        "convert", model, "--calibration", "\(Command.digits)/calibration_x.npy", "-o", output,
      ])
      #expect(result.status == 2 && result.errors.contains("SYN0701"))
    }
    #expect(FileManager.default.contents(atPath: model) == before)
  }

  @Test func aBundleAndADocumentDoNotShareStandardOutput() async throws {
    let result = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "-o", "-", "--json",
    ])
    #expect(result.status == 2 && result.json?["schema"] as? String == "synapack.error/1")
  }

  /// Inputs so large that the first sum overflows are refused, not a trap.
  @Test func hugeInputsAreRefused() async throws {
    let folder = try Command.temporaryFolder()
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 1, 8, 8), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    bytes += Array(header.utf8)
    let bits = Float(3e38).bitPattern
    for _ in 0..<256 {
      bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/x.npy"))
    let result = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration", folder + "/x.npy",
      "-o", folder + "/out.synapack",
    ])
    #expect(result.status == 3 && result.errors.contains("SYN0014"))
  }

  @Test func noInputsAreNoEvaluation() async throws {
    let result = try await Command.run([
      "evaluate", "\(Command.digits)/mlp.torchscript17.onnx", "--data",
      "\(Command.digits)/test_x.npy", "--limit", "0", "--json",
    ])
    #expect(result.status == 2 && result.json?["code"] as? String == "SYN0701")
  }

  @Test func aNameThatReadsAsOptionsIsExplained() async throws {
    let folder = try Command.temporaryFolder()
    try FileManager.default.copyItem(
      atPath: "\(Command.digits)/mlp.torchscript17.onnx", toPath: folder + "/-high.onnx")
    // In it stands an h, which alone would ask for help.
    let result = try await Command.shell("cd '\(folder)'; '\(Command.binary)' inspect -high.onnx")
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("write ./-high.onnx"), "\(result.errors)")
    for name in ["./-high.onnx", "-- -high.onnx"] {
      let sound = try await Command.shell("cd '\(folder)'; '\(Command.binary)' inspect \(name)")
      #expect(sound.status == 0, "\(sound.errors)")
    }
  }

  @Test func aFileThatIsNoChipIsNotShown() async throws {
    let folder = try Command.temporaryFolder()
    let good = try await Command.run(["chips", "generic-mesh", "--source"]).output
    // What clears a terminal, and what turns its text around, which YAML takes.
    for (part, isChip) in [("\u{1B}[2J", false), ("\u{202E}", true)] {
      let text = good.replacing("id: generic-mesh", with: "id: my-mesh # \(part)")
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/x.yaml"))
      let result = try await Command.run(["chips", folder + "/x.yaml"])
      #expect(!result.output.contains(part) && !result.errors.contains(part))
      #expect((result.status == 0) == isChip, "\(result.errors)")
      #expect(result.output.contains("my-mesh") == isChip)
      let file = try await Command.run(["chips", folder + "/x.yaml", "--source"])
      #expect(!file.output.contains(part) && (file.status == 0) == isChip)
    }
  }

  @Test func aMissingFileIsTheEnvironments() async throws {
    let result = try await Command.run(["inspect", "/nonexistent.onnx"])
    #expect(result.status == 4)
    #expect(result.errors.contains("SYN0001"))
  }

  @Test func anUnwritableOutputIsTheEnvironments() async throws {
    let result = try await Command.run([
      "convert", "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "--timesteps", "2", "-o", "/nonexistent/x.synapack",
    ])
    #expect(result.status == 4)
    #expect(result.errors.contains("SYN0004"))
  }

  @Test func aChangedByteIsFound() async throws {
    let folder = try Command.temporaryFolder()
    let path = try await Command.convert("mlp", in: folder, ["--timesteps", "1"])
    let whole = try #require(FileManager.default.contents(atPath: path))
    for step in 0..<24 {
      var damaged = whole
      damaged[step * (whole.count - 1) / 23] ^= 0x20
      try damaged.write(to: URL(fileURLWithPath: folder + "/damaged"))
      let result = try await Command.run(["validate", folder + "/damaged", "--format", "json"])
      #expect(result.status == 3 || result.status == 5, "byte \(step * (whole.count - 1) / 23)")
      #expect(result.json?["status"] as? String == "fail")
    }
  }
}
