import Testing

@testable import SynapackConvert

/// Which layer is suspected, and what its error is called.
struct SuspectTests {
  /// A layer whose threshold takes its error from one value to another, really and of its own.
  private func layer(
    _ name: String, _ heard: (from: Double, to: Double), own: (from: Double, to: Double)
  ) -> LayerExplanation {
    LayerExplanation(
      name: name, error: heard.from, remedies: [.init(knob: .threshold, error: heard.to)],
      own: .init(error: own.from, remedies: [.init(knob: .threshold, error: own.to)]),
      causes: nil, deadChannels: 0, saturated: 0)
  }

  @Test func aLayerThatCouldMakeUpForMoreIsNotNamedFirst() {
    let broken = layer("broken", (0.5, 0.1), own: (0.5, 0.1))
    let behind = layer("behind", (0.95, 0.1), own: (0.1, 0.1))
    // It takes away more than three times as much, but nothing of its own.
    #expect(behind.removable > 3 * broken.removable)
    #expect(DropExplanation.suspects([broken, behind]) == [0, 1])
  }

  @Test func aLayerThatFitsWhatItHearsIsNotNamed() {
    // Made for other input than it should have: no error stands out on what it really hears.
    let sound = layer("sound", (0.1, 0.1), own: (0.6, 0.1))
    let broken = layer("broken", (0.5, 0.1), own: (0.5, 0.1))
    #expect(DropExplanation.suspects([sound, broken]) == [1])
  }

  @Test func withoutErrorsOfTheirOwnTheFirstThatHelpsIsNamed() {
    let sound = layer("sound", (0.1, 0.1), own: (0.1, 0.1))
    let other = layer("other", (0.5, 0.1), own: (0.1, 0.1))
    #expect(DropExplanation.suspects([sound, other]) == [1])
    #expect(DropExplanation.suspects([sound]).isEmpty)
  }

  private struct Kind: Sendable {
    var kind: LayerExplanation.Kind
    var clipping = 0.1
    var quantization = 0.1
    var miscount = 0.1
    var unevenness: Double? = 0
    var silence = 0.0
    var rounding = 0.0
    var isSurplus = false
    var usedBits = 2
    var knob = LayerExplanation.Knob.threshold
  }

  private static let kinds = [
    Kind(kind: .silence, silence: 0.4), Kind(kind: .clipping, clipping: 0.4),
    Kind(kind: .quantization, quantization: 0.4), Kind(kind: .rounding, rounding: 0.4),
    Kind(kind: .rounding, rounding: 0.4, usedBits: 5),
    // Of weights that are all zero there is nothing to round.
    Kind(kind: .weights, rounding: 0.4, usedBits: 1),
    // With more levels than that a fit or pruning made weights others.
    Kind(kind: .weights, rounding: 0.4, usedBits: 6),
    Kind(kind: .weights, rounding: 0.3, usedBits: 8),
    Kind(kind: .bias, miscount: 0.4, knob: .bias),
    Kind(kind: .unevenness, miscount: 0.4, unevenness: 0.35),
    Kind(kind: .excess, miscount: 0.4, isSurplus: true), Kind(kind: .shortfall, miscount: 0.4),
    // Neurons that forget tell nothing of uneven input.
    Kind(kind: .shortfall, miscount: 0.4, unevenness: nil),
  ]

  @Test(arguments: kinds.indices) func theLargestPartNamesTheKind(index: Int) {
    let wanted = Self.kinds[index]
    let layer = LayerExplanation(
      name: "layer", error: 0.5, remedies: [.init(knob: wanted.knob, error: 0.1)],
      causes: .init(
        clipping: wanted.clipping, quantization: wanted.quantization, miscount: wanted.miscount,
        unevenness: wanted.unevenness, silence: wanted.silence, isSurplus: wanted.isSurplus),
      rounding: wanted.rounding, usedBits: wanted.usedBits, deadChannels: 0, saturated: 0)
    #expect(layer.kind == wanted.kind)
  }

  /// A rise that was there before values became narrow integers is not what these lost.
  @Test func whatRoseBeforeQuantizationIsNotNamed() {
    func layer(_ name: String, _ error: Double, heard: Double) -> LayerExplanation {
      LayerExplanation(
        name: name, error: error, remedies: [], heard: heard, causes: nil, deadChannels: 0,
        saturated: 0)
    }
    let layers = [layer("early", 0.5, heard: 0.1), layer("late", 0.8, heard: 0.5)]
    #expect(DropExplanation.risesAt(layers)?.name == "early")
    let before = ["early": 0.5, "late": 0.5]
    #expect(DropExplanation.risesAt(layers, before: before)?.name == "late")
    #expect(DropExplanation.risesAt(layers, before: ["early": 0.5, "late": 0.8]) == nil)
  }

  /// A layer that loses a fifth of its values to the steps of its payloads is told, whatever else helps.
  @Test(arguments: [
    (0.19, 0.1, false), (0.2, 0.1, true), (0.3, 0.25, true), (0.25, 0.3, false),
  ])
  func aLayerOfCoarseStepsIsLimited(quantization: Double, miscount: Double, isLimited: Bool) {
    func layer(_ name: String, _ quantization: Double, _ miscount: Double) -> LayerExplanation {
      LayerExplanation(
        name: name,
        error: (quantization * quantization + miscount * miscount).squareRoot(), remedies: [],
        causes: .init(clipping: 0, quantization: quantization, miscount: miscount, unevenness: 0),
        deadChannels: 0, saturated: 0)
    }
    let layers = [layer("fine", 0.05, 0.01), layer("coarse", quantization, miscount)]
    let found = DropExplanation.limited(layers)
    #expect(found?.name == (isLimited ? "coarse" : nil))
    #expect(found?.decided == (isLimited ? quantization : nil))
  }

  @Test func whatCarriesEverythingHasNoKind() {
    let layer = LayerExplanation(
      name: "layer", error: 0, remedies: [], causes: nil, deadChannels: 0, saturated: 0)
    #expect(layer.kind == nil)
  }
}
