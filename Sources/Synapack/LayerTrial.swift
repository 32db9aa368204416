public import SynapackConvert

/// A change of one layer, measured.
///
/// What a change gains on the inputs that it was made from it may gain there alone. So it is measured
/// on the others, and what was reached before it is counted on the same.
public struct LayerTrial: Sendable {
  public var layer: String
  public var knob: LayerExplanation.Knob?
  /// The inputs that are counted.
  public var inputs: Int
  /// Whether none of them is one that the change was made from; of few inputs all are.
  public var isUnseen: Bool
  /// The program as it is, and with the change.
  public var before: DropReport.Stage
  public var after: DropReport.Stage
  /// The program with the change on all inputs, which those that it was made from may flatter.
  public var overall: DropReport.Stage

  /// Whether the change brings anything back.
  var isBetter: Bool { after.isBetter(than: before) }
}

/// Decisions of a network and of programs on the same inputs.
struct JudgedDecisions {
  let labels: [Int]?
  let source: [Int]
  /// The inputs that count.
  let inputs: [Int]

  /// - Parameter learners: the inputs that changes were made from; where no others are left, all count.
  init(labels: [Int]?, source: [Int], learners: [Int]) {
    (self.labels, self.source) = (labels, source)
    let learners = Set(learners)
    let others = source.indices.filter { !learners.contains($0) }
    inputs = others.isEmpty ? Array(source.indices) : others
  }

  func stage(_ name: String, _ decisions: [Int]) -> DropReport.Stage {
    func share(_ expected: [Int]) -> Double {
      Double(inputs.count { decisions[$0] == expected[$0] }) / Double(max(1, inputs.count))
    }
    return DropReport.Stage(
      name: name, accuracy: labels.map(share), agreement: share(source))
  }
}
