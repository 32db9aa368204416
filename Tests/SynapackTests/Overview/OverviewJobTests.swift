import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

/// The document that a page is drawn from.
struct OverviewJobTests {
  private let job = Job(recipe: Recipe(), threads: 1, instruments: .still)

  private func overview(_ name: String) throws -> JSON {
    var report = Report()
    return try job.overview(OverviewRequest(bundle: Fixtures.path("bundles/v1/\(name)")), &report)
  }

  private func number(_ json: JSON?) -> Int {
    guard case .integer(let number)? = json else { return -1 }
    return number
  }

  private func items(_ json: JSON?) -> [JSON] {
    guard case .array(let items)? = json else { return [] }
    return items
  }

  /// The layers and columns add up to what the whole bundle says of itself.
  @Test(arguments: FixtureFiles.names(in: "bundles/v1", suffix: ".synapack"))
  func thePartsAddUp(name: String) throws {
    let document = try overview(name + ".synapack")
    let (bundle, layers) = (document.member("bundle"), items(document.member("layers")))
    func sum(_ key: String) -> Int { layers.reduce(0) { $0 + number($1.member(key)) } }
    let weights = number(bundle?.member("weights"))
    #expect(weights > 0 && sum("weights") == weights)
    #expect(sum("neurons") == number(bundle?.member("neurons")))
    let columns = items(document.member("weightHistogram")).map { number($0) }
    #expect(columns.count % 2 == 1 && columns.reduce(0, +) == weights)
    // Each layer is rounded up to whole bytes.
    let entropy = number(bundle?.member("weightEntropyBytes"))
    #expect((entropy...entropy + layers.count).contains(sum("weightEntropyBytes")))
    #expect(
      layers.map { $0.member("name") }
        == items(bundle?.member("populations")).map { $0.member("name") })
  }

  /// Whatever the spiking machine can be has an overview whose parts add up.
  @Test(arguments: [UInt64(1), 2, 3])
  func everyProgramHasAnOverview(seed: UInt64) throws {
    let folder = TemporaryFolder()
    var programs = RandomProgram(seed: seed, compensates: seed == 3)
    for _ in 0..<20 {
      let bundle = Bundle(
        program: try programs.next(),
        origin: BundleOrigin(format: "onnx", digest: Digest(of: [1]).description),
        generator: "test")
      folder.write(try BundleWriter.bytes(of: bundle), to: "x.synapack")
      var report = Report()
      let document = try job.overview(
        OverviewRequest(bundle: folder.path("x.synapack")), &report)
      let layers = items(document.member("layers"))
      #expect(layers.count == bundle.program.populations.count, "seed \(seed)")
      #expect(
        layers.reduce(0) { $0 + number($1.member("weights")) } == bundle.program.weightCounts.all,
        "seed \(seed)")
    }
  }

  @Test func aPlacedBundleHasItsMapAndItsResources() throws {
    let document = try overview("full.synapack")
    let placement = document.member("placement")
    #expect(items(placement?.member("resources")).isEmpty == false)
    let map = placement?.member("map")
    let tiles = items(map?.member("tiles"))
    #expect(!tiles.isEmpty && number(map?.member("coresAnEdge")) == 1)
    let cores = tiles.reduce(0) { $0 + number($1.member("cores")) }
    #expect(cores == number(placement?.member("coresUsed")))
  }

  @Test func aBundleWithoutAPlacementHasNone() throws {
    let document = try overview("minimal.synapack")
    #expect(document.member("placement") == nil && document.member("evaluation") == nil)
  }

  /// What measuring finds stands in the document and in the report: here that the model is another one.
  @Test func findingsOfTheDataAreTold() throws {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (4, "mmse", "scale=1/16")
    var report = Report()
    let made = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    let folder = TemporaryFolder()
    try AtomicFile.write(made.bytes, to: folder.path("mlp"))
    for (model, isOther) in [("torchscript17", false), ("dynamo18", true)] {
      let evaluation = EvaluationRequest(
        file: folder.path("mlp"), data: Fixtures.path("digits/test_x.npy"), labels: nil,
        timesteps: nil, model: Fixtures.path("digits/mlp.\(model).onnx"), calibration: nil,
        limit: 16)
      var told = Report()
      let document = try job.overview(
        OverviewRequest(bundle: folder.path("mlp"), evaluation: evaluation), &told)
      let found = items(document.member("evaluation")?.member("findings"))
      #expect(found.count == told.findings.count)
      #expect(found.contains { $0.member("code") == "SYN0016" } == isOther)
      #expect(told.findings.contains { $0.code == .otherModel } == isOther)
    }
  }

  /// Neither the folder nor the run is told: the same file gives the same document anywhere.
  @Test func noPathIsTold() throws {
    let folder = TemporaryFolder()
    let path = Fixtures.path("bundles/v1/full.synapack")
    let bytes = try Array(MappedFile(path: path).prefix(1 << 20))
    folder.write(bytes, to: "full.synapack")
    var report = Report()
    let copy = try Job(recipe: Recipe(), threads: 3, instruments: .still)
      .overview(OverviewRequest(bundle: folder.path("full.synapack")), &report)
    #expect(try copy.text() == overview("full.synapack").text())
    #expect(copy.member("name") == "full.synapack")
  }

  @Test func aChipThatIsNotThePlacementsIsAFinding() throws {
    var report = Report()
    let document = try job.overview(
      OverviewRequest(bundle: Fixtures.path("bundles/v1/full.synapack"), chip: "loihi1"), &report)
    let codes = items(document.member("checks")).flatMap { items($0.member("findings")) }
      .map { $0.member("code") }
    #expect(codes.contains(.string(ErrorCode.malformedPlacement.rawValue)))
    #expect(document.member("placement")?.member("isKnown") == false)
  }
}
