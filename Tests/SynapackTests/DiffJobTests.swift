import Synapack
import SynapackBundle
import SynapackPlace
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

/// Each kind of change gets its level, and what was required decides.
struct DiffJobTests {
  private func golden() throws -> Bundle {
    var report = Report()
    let file = try MappedFile(path: Fixtures.path("bundles/v1/full.synapack"))
    return try BundleReader.read(file, &report).bundle
  }

  private func compared(
    _ old: Bundle, _ new: Bundle, required: ChangeLevel? = nil
  ) throws -> DiffJob.Result {
    func file(_ bundle: Bundle) throws -> MappedFile {
      let bytes = try BundleWriter.bytes(of: bundle)
      return unsafe MappedFile(bytes: bytes.span.bytes, path: "x")
    }
    return try DiffJob.run(file(old), file(new), required: required, threads: 1)
  }

  /// The changes, each with the level that it asks for and the category that names it.
  private static let cases: [(name: String, level: ChangeLevel, category: String, edit: Edit)] = [
    ("nothing", .none, "", { _ in }),
    ("report", .patch, "", { $0.report = #"{"note":1}"# }),
    ("recipe", .patch, "RECORD", { $0.recipe = #"{"seed":7}"# }),
    ("weight", .minor, "BEHAVIOUR", { $0.program.connections[0].changeFirstWeight() }),
    ("bias", .minor, "BEHAVIOUR", { $0.program.populations[0].biases.values[0] += 1 }),
    ("layer name", .minor, "BEHAVIOUR", { $0.program.populations[0].name += "x" }),
    ("input name", .major, "INTERFACE", { $0.program.input.name += "x" }),
    ("preprocessing", .major, "INTERFACE", { $0.preprocess = "scale=1/16" }),
    ("chip", .major, "LOADER", { $0.placement?.chip = "other-mesh" }),
    ("no placement", .major, "LOADER", { $0.placement = nil }),
  ]

  private typealias Edit = @Sendable (inout Bundle) -> Void

  @Test(arguments: 0..<10)
  func everyChangeHasItsLevel(index: Int) throws {
    let (name, level, category, edit) = Self.cases[index]
    let old = try golden()
    var new = old
    edit(&new)
    for required in ChangeLevel.allCases {
      let result = try compared(old, new, required: required)
      #expect(result.level == level, "\(name)")
      #expect(result.findings.isEmpty == (level <= required), "\(name) against \(required)")
      #expect(result.findings.allSatisfy { $0.code == .incompatible })
    }
    let free = try compared(old, new)
    #expect(free.findings.isEmpty)
    if !category.isEmpty {
      #expect(free.lines.contains { $0.hasPrefix(category) }, "\(free.lines)")
    }
  }

  @Test func weightsAreCountedAndMeasured() throws {
    let old = try golden()
    var new = old
    new.program.connections[0].changeFirstWeight()
    let values = old.program.connections[0].synapses.weights.values.map(Double.init)
    let distance = 1 / values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard case .object(let document) = try compared(old, new).document,
      case .array(let weights)? = document["weights"], case .object(let first)? = weights.first
    else {
      Issue.record("no document")
      return
    }
    #expect(weights.count == old.program.connections.count)
    #expect(first["changed"] == .integer(1) && first["weights"] == .integer(values.count))
    guard case .number(let measured)? = first["relativeDistance"] else {
      Issue.record("no distance")
      return
    }
    #expect(abs(measured - distance) < 1e-12)
  }

  @Test func theOldVectorsAreRunOnTheNewProgram() throws {
    let old = try golden()
    var new = old
    for index in new.program.populations.indices {
      new.program.populations[index].biases.values = new.program.populations[index].biases.values
        .map { _ in 0 }
    }
    for (bundle, isSame) in [(old, true), (new, false)] {
      guard case .object(let document) = try compared(old, bundle).document,
        case .object(let replay)? = document["conformance"]
      else {
        Issue.record("no replay")
        return
      }
      #expect((replay["identical"] == .integer(old.conformance.count)) == isSame)
    }
  }
}

extension Connection {
  /// Moves the first weight by one, inside its width.
  fileprivate mutating func changeFirstWeight() {
    func changed(_ weights: IntegerWeights) -> IntegerWeights {
      var copy = weights
      copy.values[0] += copy.values[0] > 0 ? -1 : 1
      return copy
    }
    switch synapses {
    case .dense(let weights): synapses = .dense(changed(weights))
    case .convolution(let weights, let window, let groups):
      synapses = .convolution(changed(weights), window: window, groups: groups)
    }
  }
}
