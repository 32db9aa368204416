import Testing

@testable import Synapack

/// What a change gains is counted on inputs that it was not made from.
struct LayerTrialTests {
  @Test func onlyOtherInputsAreCounted() {
    let source = [0, 1, 2, 3, 0, 1]
    let judged = JudgedDecisions(labels: [0, 1, 2, 3, 1, 1], source: source, learners: [0, 2, 4])
    #expect(judged.inputs == [1, 3, 5])
    let folded = judged.stage("folded", source)
    #expect(folded.accuracy == 1 && folded.agreement == 1)
    // Right on every learner and on one of the three others.
    let stage = judged.stage("remedied", [0, 1, 2, 0, 1, 0])
    #expect(stage.accuracy == 1.0 / 3 && stage.agreement == 1.0 / 3)
    #expect(!stage.reaches(folded) && folded.reaches(folded))
    func trial(_ before: DropReport.Stage, _ after: DropReport.Stage) -> LayerTrial {
      LayerTrial(
        layer: "layer", knob: nil, inputs: 3, isUnseen: true, before: before, after: after,
        overall: folded)
    }
    // What all inputs say is no reason to call it better.
    #expect(trial(stage, folded).isBetter)
    #expect(!trial(folded, stage).isBetter && !trial(stage, stage).isBetter)
  }

  @Test func whereAllInputsMadeTheChangeAllAreCounted() {
    let judged = JudgedDecisions(labels: nil, source: [0, 1], learners: [0, 1])
    #expect(judged.inputs == [0, 1])
    let stage = judged.stage("quantized", [0, 0])
    #expect(stage.accuracy == nil && stage.agreement == 0.5)
  }
}
