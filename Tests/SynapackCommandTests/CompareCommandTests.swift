import Foundation
import TestSupport
import Testing

/// What `compare` refuses to ignore.
struct CompareCommandTests {
  private let bundle = Fixtures.path("bundles/v1/full.synapack")

  /// A bundle is compared as it is: no option of a conversion is left aside without a word.
  @Test func aBundleRefusesOptionsOfAConversion() async throws {
    let others = ["--timesteps", "--calibration", "--calibration-key", "--preprocess", "--dialect"]
    let options = EvaluateCommandTests.conversionOptions.filter { $0 != "--allow" } + others
    #expect(options.count > 25)
    for option in options {
      let value = option == "--gated" ? [] : ["4"]
      let result = try await Command.run(
        ["compare", bundle, "--targets", "json", option] + value)
      #expect(result.status == 2, "\(option): \(result.errors)")
      #expect(
        result.errors.contains("SYN0701") && result.errors.contains("and \(option) would"),
        "\(option): \(result.errors)")
    }
  }

  /// Labels and a limit are of data: without any they would change nothing.
  @Test func whatMeasuresNeedsData() async throws {
    for (option, value) in [("--labels", "y.npy"), ("--limit", "4")] {
      let result = try await Command.run(["compare", bundle, "--targets", "json", option, value])
      #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(result.errors)")
      #expect(result.errors.contains("and \(option) would") && result.errors.contains("add --data"))
    }
  }

  /// What is allowed matters to exports; a code must exist, a loss of it need not.
  @Test func codesThatAreAllowedExist() async throws {
    let plain = ["compare", bundle, "--targets", "json"]
    #expect(try await Command.run(plain + ["--allow", "SYN0748"]).status == 0)
    for code in ["SYN9999", "NONSENSE", "SYN0748 "] {
      let result = try await Command.run(plain + ["--allow", "SYN0748", "--allow", code])
      #expect(result.status == 2 && result.errors.contains("SYN0703"), "\(result.errors)")
      #expect(result.errors.contains("no code `\(code)`"))
    }
  }
}
