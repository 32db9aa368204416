import SynapackSupport
import Testing

@testable import SynapackReport

struct ErrorSectionTests {
  @Test func theFirstLayerThatHurtsIsNamedWithItsKnob() {
    let page = PageReading(ErrorSection.self, PageDocument.full)
    #expect(
      page.all("p", class: "verdict").first?.text
        == "The first layer that hurts is conv1, with dead channels (3). Its thresholds, scaled channel "
        + "by channel, would take its error from 50.00 % to 12.50 %; measured on the 244 inputs "
        + "that it was not made from, accuracy goes from 94.50 % to 98.00 %.")
    let rows = page.table("Errors by layer")
    #expect(rows[0].count == 12 && !rows[0].contains("before quantization"))
    #expect(
      rows[1] == [
        "conv1", "50.00 %", "40.00 %", "20.00 %", "12.00 %", "15.00 %", "10.00 %", "3", "2.00 %",
        "12.50 %", "45.00 %", "—",
      ])
  }

  /// A column of the balanced program stands where there was one.
  @Test func errorsBeforeQuantizationHaveAColumn() {
    let document = PageDocument.full.changed { value in
      value["errorAfter"] == .null ? nil : value.setting("balancedError", 0.25)
    }
    let rows = PageReading(ErrorSection.self, document).table("Errors by layer")
    #expect(rows[0][2] == "before quantization" && rows[1][2] == "25.00 %")
  }

  /// What the input loses stands before all layers, in as many columns.
  @Test func theInputHasARow() {
    let explanation = PageDocument.full["evaluation"]["explanation"].setting("inputError", 0.125)
    let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
    let document = PageDocument.full.setting("evaluation", evaluation)
    let rows = PageReading(ErrorSection.self, document).table("Errors by layer")
    #expect(rows[1].prefix(3) == ["(the input)", "12.50 %", "—"])
    #expect(rows.allSatisfy { $0.count == rows[0].count } && rows[2][0] == "conv1")
  }

  /// As many right answers are not the same answers.
  @Test(arguments: [(nil, "Nothing"), (1, "Nothing"), (0.968, "No accuracy is lost")])
  func decisionsAreToldWhereTheyDiffer(agreement: Double?, words: String) {
    let text = DropWords.reached(agreement: agreement, exits: false)
    #expect(text.hasPrefix(words))
    #expect(text.contains("3.20 % of the inputs") == (agreement == 0.968))
  }

  /// What the input loses is said where it is half of what any layer does.
  @Test(arguments: [(0.25, true), (0.24, false), (0.04, false)])
  func anInputThatLosesMuchIsNamed(error: Double, isNamed: Bool) {
    #expect((DropWords.input(error, beside: [0.1, 0.5]) != nil) == isNamed)
  }

  @Test func withoutAKnobNoLayerIsBlamed() {
    let document = PageDocument.full.changed { $0["knob"] == .null ? nil : .null }
    let answer = PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    #expect(answer?.hasPrefix("No single layer stands out") == true)
  }

  /// A change that was measured to bring nothing back makes no layer the culprit.
  @Test func whatBringsNothingBackIsSaid() {
    let tried: JSON = [
      "layer": "conv1", "knob": "bias", "measured": ["accuracy": 0.94, "agreement": 0.95],
      "before": ["accuracy": 0.95, "agreement": 0.96], "inputs": 8, "unseen": false,
    ]
    let explanation = PageDocument.full["evaluation"]["explanation"].without("firstLayer")
      .setting("tried", tried)
    let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
    let document = PageDocument.full.setting("evaluation", evaluation)
    let answer = PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    #expect(answer?.hasPrefix("No change of one layer alone") == true)
    #expect(answer?.contains("accuracy goes from 95.00 % to 94.00 %") == true)
    #expect(answer?.contains("measured on all inputs, which it was made from,") == true)
  }

  /// A program that was run as a whole has another table, and the layer where the error rises.
  @Test func aProgramRunAsAWholeSaysWhereTheErrorRises() {
    let explanation = PageDocument.full["evaluation"]["explanation"].without("firstLayer")
      .setting("risesAt", "norm")
      .setting(
        "layers",
        [
          [
            "name": "norm", "error": 0.5, "heardError": 0.125, "deadChannels": 2,
            "saturated": 0.25,
          ]
        ])
    let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
    let page = PageReading(
      ErrorSection.self, PageDocument.full.setting("evaluation", evaluation))
    #expect(
      page.all("p", class: "verdict").first?.text.hasPrefix(
        "The error rises at norm: from 12.50 % to 50.00 %.") == true)
    let rows = page.table("Errors by layer")
    #expect(rows[0] == ["layer", "error", "of its sources", "dead channels", "saturated"])
    #expect(rows[1] == ["norm", "50.00 %", "12.50 %", "2", "25.00 %"])
    let level = evaluation.setting("explanation", explanation.without("risesAt"))
    let other = PageReading(ErrorSection.self, PageDocument.full.setting("evaluation", level))
    #expect(
      other.all("p", class: "verdict").first?.text.hasPrefix("No layer stands out: no error rises")
        == true)
  }

  /// Every part that an error adds up from has its bar and its place in the legend.
  @Test func everyPartOfAnErrorIsDrawn() {
    let section = PageReading(ErrorSection.self, PageDocument.full)
    let legend = section.all("p", class: "legend").first?.text ?? ""
    for part in ["clipping", "quantization", "rounding", "miscount"] {
      #expect(legend.contains(part), "\(legend)")
    }
    let drawn = ["one", "two", "three", "four"].map { section.all("rect", class: $0).count }
    // One in the legend, one in the row of the only layer.
    #expect(drawn == [2, 2, 2, 2])
  }

  /// What kind of error a layer has, and which populations have no row.
  @Test func theKindAndTheUnexplainedAreSaid() {
    let given = PageDocument.full["evaluation"]["explanation"]
    func answer(_ kind: String) -> String? {
      let first = given["firstLayer"].setting("kind", .string(kind))
      let explanation = given.setting("firstLayer", first).setting(
        "unexplained", [["name": "relay", "reason": "nobody knows"]])
      let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
      let document = PageDocument.full.setting("evaluation", evaluation)
      return PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    }
    for (kind, words) in [
      ("silence", "silence"), ("excess", "payloads too many"), ("shortfall", "payloads too few"),
      ("rounding", "weights of few levels"),
      ("weights", "other weights than the source network's"),
    ] {
      #expect(answer(kind)?.contains("; most of its error is \(words). Its thresholds") == true)
      #expect(answer(kind)?.contains(" relay is not explained: nobody knows.") == true)
    }
  }

  /// What no change of one layer gives back stands before the layer that one helps.
  @Test func whatWasDecidedByTheConversionIsSaid() {
    func answer(_ change: (JSON) -> JSON) -> String? {
      let explanation = change(PageDocument.full["evaluation"]["explanation"])
      let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
      let document = PageDocument.full.setting("evaluation", evaluation)
      return PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    }
    let limited: JSON = ["layer": "conv0", "kind": "quantization", "error": 0.625]
    let words = answer { $0.setting("limitedLayer", limited) }
    #expect(words?.hasPrefix("conv0 loses 62.50 % of its values to quantization, which") == true)
    #expect(words?.contains("The first layer that hurts is conv1") == true)
    let chance = answer { $0.setting("byChance", true) }
    #expect(chance?.hasPrefix(DropWords.byChance) == true)
    #expect(answer { $0 }?.contains("conv0") == false)
  }

  /// Thresholds that fit other inputs are told alone, whatever layer loses most by them.
  @Test func calibrationInputsAreNamedAlone() {
    let explanation = PageDocument.full["evaluation"]["explanation"].setting(
      "cause",
      [
        "name": "calibration", "option": "--calibration",
        "measured": ["name": "(converted again)", "accuracy": 0.96],
      ])
    let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
    let document = PageDocument.full.setting("evaluation", evaluation)
    let answer = PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    #expect(
      answer?.contains(
        "The cause is the calibration inputs that the bundle was made from; converted again with those "
          + "of --calibration accuracy goes from 95.00 % to 96.00 %.") == true, "\(answer ?? "")")
    #expect(answer?.contains("first layer") == false)
  }

  /// An early exit is no fault of a layer: remedies are held against the program with all ticks.
  @Test func remediesAreComparedWithAllTicks() {
    let explanation = PageDocument.full["evaluation"]["explanation"]
    let stages = explanation["stages"].items + [["name": "early exit", "accuracy": 0.5]]
    let evaluation = PageDocument.full["evaluation"].setting(
      "explanation", explanation.setting("stages", .array(stages)))
    let document = PageDocument.full.setting("evaluation", evaluation)
    let answer = PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    #expect(answer?.contains("from 94.50 % to 98.00 %") == true)
    #expect(answer?.hasSuffix("The early exit takes 45.00 points of accuracy.") == true)
  }

  /// Nothing is advised where nothing is lost, nor where only the exit loses.
  @Test func whereNothingIsLostNothingIsAdvised() {
    func answer(_ accuracy: JSON) -> String? {
      let stages: JSON = [
        ["name": "folded", "accuracy": 0.97], ["name": "quantized", "accuracy": accuracy],
        ["name": "early exit", "accuracy": 0.96],
      ]
      let explanation = PageDocument.full["evaluation"]["explanation"].without("firstLayer")
        .setting("stages", stages)
      let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
      let document = PageDocument.full.setting("evaluation", evaluation)
      return PageReading(ErrorSection.self, document).all("p", class: "verdict").first?.text
    }
    #expect(
      answer(0.97)
        == "Over all ticks nothing is lost: the program reaches what its source network does. The early "
        + "exit takes 1.00 points of accuracy.")
    #expect(answer(0.9699)?.contains("With --calibration") == true)
  }

  /// The best of the conversions that were tried instead is named, the first of two that are equal; none
  /// where this one reaches as much.
  @Test(arguments: [
    (0.96, "--neuron multi:4 is the best: accuracy 96.00 %."),
    (0.95, "None of the other conversions that were tried reaches more."),
  ])
  func theBestAlternativeIsNamed(most: Double, words: String) {
    let tried: JSON = [
      ["name": "--timesteps 8", "accuracy": 0.5, "agreement": 0.5],
      ["name": "--neuron multi:4", "accuracy": .number(most), "agreement": 0.96],
      ["name": "--schedule staggered:4", "accuracy": .number(most), "agreement": 0.96],
    ]
    #expect(
      answer { $0.without("firstLayer").setting("alternatives", tried) }?.hasSuffix(words) == true)
  }

  /// Numbers that are too narrow are the cause before any layer is.
  @Test func widthsAreBlamed() {
    let cause: JSON = [
      "name": "readout", "option": "--readout-bits 32",
      "measured": ["accuracy": 0.99, "agreement": 1],
    ]
    let text = answer { $0.setting("cause", cause) }
    #expect(
      text?.hasPrefix(
        "Numbers are too narrow: the cause is readout; with --readout-bits 32 accuracy goes from 95.00 % "
          + "to 99.00 %. The first layer that hurts is conv1") == true)
    let unmeasured = answer { $0.setting("cause", cause.without("measured")).without("firstLayer") }
    #expect(unmeasured?.contains("; --readout-bits 32 may help.") == true)
  }

  private func answer(_ change: (JSON) -> JSON) -> String? {
    let explanation = change(PageDocument.full["evaluation"]["explanation"])
    let evaluation = PageDocument.full["evaluation"].setting("explanation", explanation)
    return PageReading(ErrorSection.self, PageDocument.full.setting("evaluation", evaluation))
      .all("p", class: "verdict").first?.text
  }

  /// Without data the errors are those that the bundle stores.
  @Test func storedErrorsAreShownOtherwise() {
    let rows = PageReading(ErrorSection.self, PageDocument.bare).table("Errors of the conversion")
    #expect(rows.last == ["conv1", "1.5000", "1.00 %", "2.00 %", "3.00 %", "0.250"])
    #expect(ErrorSection.section(PageDocument.bare.setting("conversion", [])) == nil)
  }

  /// Data is asked for where it would explain something, else what to do is told.
  @Test func whyAProgramIsNotExplainedIsTold() {
    let plain = PageReading(ErrorSection.self, PageDocument.bare).text
    #expect(plain.contains("With --model and --data this section explains the drop instead."))
    let refused = PageReading(
      ErrorSection.self,
      PageDocument.bare.setting("notExplained", ["message": "it counts", "action": "do not"])
    ).text
    #expect(refused.contains("does not take this program: it counts; do not."))
    #expect(!refused.contains("--data"))
    // So is why a given network does not explain it.
    let evaluation: JSON = ["notExplained": ["message": "it is another", "action": "name its own"]]
    let other = PageReading(ErrorSection.self, PageDocument.bare.setting("evaluation", evaluation))
    #expect(other.text.contains("it is another; name its own."))
  }

  /// Nothing known is not nothing lost.
  @Test(arguments: [
    (JSON.null, "The errors of the layers are not known by cause."),
    (0, "No layer has an error of its own."),
  ])
  func errorsThatAreNotKnownAreNotDenied(error: JSON, words: String) {
    let layer: JSON = [
      "name": "conv1", "threshold": 1.5, "clippingError": error, "quantizationError": error,
      "unevennessError": error, "spikeRate": 0.25,
    ]
    let page = PageReading(ErrorSection.self, PageDocument.bare.setting("conversion", [layer]))
    #expect(page.all("p", class: "verdict").first?.text == words)
  }
}
