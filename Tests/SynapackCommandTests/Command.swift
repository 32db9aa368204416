import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// The built command, run as users run it.
struct Command {
  struct Result {
    var status: Int32
    var output: String
    var errors: String

    /// The one document on standard output.
    var json: [String: Any]? {
      try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    }
  }

  /// The binary beside the test runner.
  static let binary: FilePath = {
    let runner = FilePath(CommandLine.arguments[0])
    let folder = runner.removingLastComponent()
    return folder.appending("synapack")
  }()

  static func run(_ arguments: [String]) async throws -> Result {
    let result = try await Subprocess.run(
      .path(binary), arguments: Arguments(arguments), output: .string(limit: 1 << 24),
      error: .string(limit: 1 << 22))
    let status: Int32
    switch result.terminationStatus {
    case .exited(let code): status = code
    case .signaled(let signal): status = 1_000 + signal
    }
    return Result(
      status: status, output: result.standardOutput, errors: result.standardError)
  }

  /// A folder of its own for each caller, removed by nobody but the system.
  static func temporaryFolder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/synapack-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  static let digits = Fixtures.path("digits")

  /// Converts a digits network into `folder` and returns the bundle's path.
  static func convert(
    _ model: String, in folder: String, _ options: [String] = ["--timesteps", "4"]
  ) async throws -> String {
    let path = folder + "/\(model).synapack"
    let result = try await run(
      [
        "convert", "\(digits)/\(model).torchscript17.onnx", "--calibration",
        "\(digits)/calibration_x.npy", "--preprocess", "scale=1/16", "-o", path, "--quiet",
      ] + options)
    guard result.status == 0 else { throw Failure(message: result.errors) }
    return path
  }

  struct Failure: Error {
    var message: String
  }
}

extension Command {
  /// Runs a line of shell.
  static func shell(_ line: String) async throws -> Result {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", line], output: .string(limit: 1 << 24),
      error: .string(limit: 1 << 22))
    var status: Int32 = -1
    if case .exited(let code) = result.terminationStatus { status = code }
    return Result(
      status: status, output: result.standardOutput, errors: result.standardError)
  }
}
