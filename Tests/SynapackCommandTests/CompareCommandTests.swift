import Foundation
import SynapackSupport
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

  private let calibration = Fixtures.path("digits/calibration_x.npy")

  private func rows(_ options: [String]) async throws -> [JSON] {
    let result = try await Command.run(
      [
        "compare", Fixtures.path("digits/mlp.torchscript17.onnx"), "--calibration", calibration,
        "--preprocess", "scale=1/16", "--timesteps", "2", "--method", "mmse", "--json",
      ] + options)
    try #require(result.status == 0, "\(result.errors)")
    guard case .array(let rows)? = JSON(parsing: result.output)?.member("targets") else {
      return []
    }
    return rows
  }

  /// A chip without ticks runs another program: what was measured is not its accuracy.
  @Test func acceptedLossesAreNotExact() async throws {
    let options = [
      "--targets", "speck2f,json", "--data", Fixtures.path("digits/test_x.npy"), "--limit", "8",
    ]
    let refused = try #require(try await rows(options).first)
    #expect(refused.member("refusal")?.member("action") != nil)
    let rows = try await rows(options + ["--allow", "SYN0748"])
    let lossy = try #require(rows.first)
    #expect(lossy.member("isExact") == false && lossy.member("accuracy") == nil)
    guard case .array(let losses)? = lossy.member("losses") else { return }
    #expect(losses.first?.member("code") == "SYN0748")
    #expect(rows.last?.member("isExact") == true)
  }

  /// What a target needs is laid over what was not asked for alone.
  @Test func optionsThatWereGivenStay() async throws {
    let free = try #require(try await rows(["--targets", "tinyodin"]).first)
    guard case .array(let advised)? = free.member("options") else { return }
    #expect(advised.contains("--weight-bits 4") && advised.contains("--reset zero"))
    let given = try #require(
      try await rows(["--targets", "tinyodin", "--weight-bits", "3", "--reset", "subtract"]).first)
    guard case .array(let rest)? = given.member("options") else { return }
    #expect(rest == advised.filter { $0 != "--weight-bits 4" && $0 != "--reset zero" })
  }

  private func texts(_ value: JSON?) -> [String] {
    guard case .array(let values)? = value else { return [] }
    return values.compactMap(\.string)
  }

  /// A target that its first options do not reach is reached by what its refusals advise, and whoever
  /// converts with the options of the row gets that export.
  @Test(arguments: ["akida2", "lava", "nir"])
  func advisedOptionsAreFollowed(target: String) async throws {
    let row = try #require(try await rows(["--targets", target]).first)
    let options = texts(row.member("options"))
    #expect(row.member("isExact") == true, "\(row)")
    if target == "lava" {
      #expect(texts(row.member("advised")).contains { $0.hasPrefix("--bias-bits ") })
    }
    #expect(Set(texts(row.member("advised"))).isSubset(of: options))
    let folder = TemporaryFolder()
    let bundle = folder.path("a.synapack")
    let words = ["--timesteps 2"].filter { _ in !options.contains { $0.hasPrefix("--timesteps") } }
    let converted = try await Command.run(
      [
        "convert", Fixtures.path("digits/mlp.torchscript17.onnx"), "--calibration", calibration,
        "--preprocess", "scale=1/16", "--method", "mmse", "-o", bundle, "-q",
      ] + (words + options).flatMap { $0.split(separator: " ").map(String.init) })
    #expect(converted.status == 0, "\(converted.errors)")
    let exported = try await Command.run(
      ["export", bundle, "--target", target, "-o", folder.path("x"), "-q"])
    #expect(exported.status == 0, "\(exported.errors)")
  }

  /// An option that was given ends the path that would replace it, and the refusal says so.
  @Test func advisedOptionsReplaceNoneThatWasGiven() async throws {
    let free = try #require(try await rows(["--targets", "lava"]).first)
    let advised = try #require(
      texts(free.member("advised")).first { $0.hasPrefix("--bias-bits ") })
    let row = try #require(try await rows(["--targets", "lava", "--bias-bits", "16"]).first)
    let action = try #require(row.member("refusal")?.member("action")?.string)
    #expect(action.contains("`\(advised)`") && texts(row.member("advised")).isEmpty, "\(action)")
  }

  /// A target that is named twice has one row.
  @Test func aTargetHasOneRow() async throws {
    let result = try await Command.run(["compare", bundle, "--targets", "c,json,c", "--json"])
    guard case .array(let rows)? = JSON(parsing: result.output)?.member("targets") else { return }
    #expect(rows.map { $0.member("target")?.string } == ["c", "json"])
  }

  /// What a conversion lost is told with the targets that it was converted for, where others have another.
  @Test func lossesNameTheirTargets() async throws {
    let result = try await Command.run([
      "compare", Fixtures.path("digits/mlp.torchscript17.onnx"), "--calibration", calibration,
      "--preprocess", "scale=1/16", "--timesteps", "2", "--method", "mmse", "--targets",
      "c,nir-norse",
    ])
    let losses = result.errors.split(separator: "\n").filter { $0.hasPrefix("loss[") }
    #expect(losses.contains { $0.contains("(for nir-norse)") }, "\(result.errors)")
    #expect(!losses.contains { $0.contains("(for c, nir-norse)") }, "\(result.errors)")
  }

  /// Options of one target under which a model does not convert are the row of that target; a model that
  /// converts under none is refused.
  @Test func whatDoesNotConvertForATargetIsItsRow() async throws {
    let compare = [
      "compare", Fixtures.path("digits/vit.torchscript17.onnx"), "--calibration", calibration,
      "--preprocess", "scale=1/16", "--timesteps", "1", "--method", "mmse", "--json", "--targets",
    ]
    let result = try await Command.run(compare + ["json,lava"])
    try #require(result.status == 0, "\(result.errors)")
    guard case .array(let rows)? = JSON(parsing: result.output)?.member("targets") else { return }
    #expect(rows.map { $0.member("isExact") } == [true, false])
    let alone = try await Command.run(compare + ["json", "--calibration-key", "none"])
    #expect(alone.status == 3 && alone.errors.contains("SYN0235"), "\(alone.errors)")
  }
}
