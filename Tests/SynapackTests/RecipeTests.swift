import Synapack
internal import SynapackConvert
import SynapackProgram
import SynapackSupport
import Testing

struct RecipeTests {
  @Test func everyKeyIsRead() throws {
    let recipe = try Recipe(
      yaml: """
        timesteps: 8
        neuron: burst:3
        schedule: staggered:2
        method: percentile
        weight-bits: 4
        bias-bits: 12
        membrane-bits: 20
        input-bits: 6
        readout-bits: 28
        shortcut-bits: 9
        reset: zero
        threshold-scope: layer
        start: zero
        preprocess: scale=1/255
        chip: generic-mesh
        seed: 7
        allow: [SYN0302]
        """)
    let options = try recipe.options()
    #expect(options.timesteps == 8 && options.payloads == 0...3)
    #expect(options.schedule == .staggered(2) && options.method == "percentile")
    #expect(options.weightBits == 4 && options.biasBits == 12)
    #expect(options.membraneBits == 20 && options.inputBits == 6)
    #expect(options.readoutBits == 28 && options.shortcutBits == 9)
    #expect(options.reset == .zero && options.thresholdScope == .layer)
    #expect(options.start == .zero)
    #expect(recipe.chip == "generic-mesh" && recipe.seed == 7 && recipe.allow == ["SYN0302"])
  }

  /// Every option that gates cannot have is named at once.
  @Test(arguments: [
    ("schedule: wavefront", ["staggered:1"]), ("neuron: signed", ["staggered:1", "--neuron if"]),
    ("schedule: staggered:2\nreset: zero", ["--reset subtract"]),
    ("schedule: staggered:2\nneuron: signed\nreset: zero", ["--neuron if", "--reset subtract"]),
    ("start: zero", ["staggered:1", "--start balanced"]),
  ])
  func gatesNeedWindowsAndPayloadsOfOneSign(options: String, named: [String]) throws {
    let recipe = try Recipe(yaml: "gated: true\n" + options)
    let error = #expect(throws: PackError.self) { _ = try recipe.options() }
    #expect(error?.code == .badOption && error?.trail.first == .option("--gated"))
    let message = try #require(error).message
    for option in ["staggered:1", "--neuron if", "--reset subtract", "--start balanced"] {
      #expect(message.contains(option) == named.contains(option), "\(message)")
    }
    _ = try Recipe(yaml: "gated: true\nschedule: staggered:2\nneuron: multi:4").options()
  }

  @Test(arguments: ["timestep: 8", "timesteps: many", "- 1", "a: [", "neuron: [if]", "8"])
  func malformedRecipes(text: String) {
    #expect {
      _ = try Recipe(yaml: text)
    } throws: { ($0 as? PackError)?.code == .malformedRecipe }
  }

  @Test(arguments: [
    ("timesteps: 0", ErrorCode.badOption), ("timesteps: 5000", .badOption),
    ("weight-bits: 17", .badOption), ("membrane-bits: 7", .badOption),
    ("neuron: lif", .unknownName), ("schedule: staggered:-1", .badOption),
    ("method: best", .unknownName), ("reset: half", .unknownName),
    ("threshold-scope: chip", .unknownName), ("readout-bits: 33", .badOption),
    ("threshold-scope: layer\nweight-levels: binary", .badOption),
    ("start: half", .unknownName),
    ("start: zero\ngated: true\nschedule: staggered:1", .badOption),
  ])
  func valuesOutOfRange(text: String, code: ErrorCode) throws {
    let recipe = try Recipe(yaml: text)
    #expect {
      _ = try recipe.options()
    } throws: { ($0 as? PackError)?.code == code }
  }

  @Test func theStoredFormIsCanonical() {
    var first = Recipe()
    first.allow = ["SYN0306", "SYN0302"]
    var second = Recipe()
    second.allow = ["SYN0302", "SYN0306"]
    #expect(first.json.text() == second.json.text())
    #expect(first.json.text().hasPrefix(#"{"allow":["SYN0302","SYN0306"],"biasBits":16,"#))
  }

  @Test(arguments: [
    ("if", 0...1), ("signed", -1...1), ("burst:4", 0...4), ("multi:4", 0...15),
    ("graded:8", 0...255),
  ])
  func neuronsHaveTheirPayloads(name: String, payloads: ClosedRange<Int>) throws {
    let neuron = try #require(Neuron(name))
    #expect(neuron.payloads == payloads)
    let codings: [Substring: PayloadCoding] = ["burst": .units, "multi": .powers]
    #expect(neuron.coding == codings[name.prefix { $0 != ":" }] ?? .whole)
  }

  @Test(arguments: ["", "if:1", "burst", "burst:0", "burst:x", "multi:15", "graded:99", "lif"])
  func otherNeuronsAreRefused(name: String) {
    #expect(Neuron(name) == nil)
  }

  /// A number out of range is told the range; a name that does not exist, the names.
  @Test(arguments: [
    ("neuron", "multi:99", "SYN0701", "1 to 14", "multi:14"),
    ("neuron", "graded:33", "SYN0701", "1 to 14", "graded:14"),
    ("neuron", "burst:0", "SYN0701", "1 to 255", "burst:255"),
    ("neuron", "burst", "SYN0701", "lacks its number", "burst:1"),
    ("neuron", "burst:x", "SYN0701", "no whole number", "burst:1"),
    ("neuron", "if:1", "SYN0703", "if:1", "signed"),
    ("neuron", "lif", "SYN0703", "lif", "signed"),
    ("schedule", "staggered:1025", "SYN0701", "0 to 1024", "staggered:1024"),
    ("schedule", "staggered:-1", "SYN0701", "0 to 1024", "staggered:0"),
    ("schedule", "staggered", "SYN0701", "lacks its number", "staggered:0"),
    ("schedule", "tick:2", "SYN0703", "tick:2", "accumulate"),
  ])
  func aNumberOutOfRangeIsToldTheRange(
    option: String, value: String, code: String, says: String, asks: String
  ) {
    var recipe = Recipe()
    if option == "neuron" { recipe.neuron = value } else { recipe.schedule = value }
    let refusal = #expect(throws: PackError.self) { try recipe.options() }
    #expect(refusal?.code.rawValue == code && refusal?.trail == [.option("--" + option)])
    #expect(refusal?.message.contains(says) == true, "\(refusal?.message ?? "")")
    #expect(refusal?.hint.contains(asks) == true, "\(refusal?.hint ?? "")")
  }
}
