public import SynapackGraph
public import SynapackSupport

/// A rewrite of the analog graph that changes no value it computes, or says what it loses.
///
/// A rule finds one place where it applies and says what to do there as an edit; it is asked again
/// until it finds none.
protocol GraphRule: Sendable {
  /// The label of the rule's edits.
  static var label: String { get }
  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit?
  /// What people should know where the rule was applied; `nil` for most.
  static var finding: Finding? { get }
  /// What is lost where the rule was applied at so many places; `nil` for an exact rule.
  static func loss(places: Int) -> Loss?
  /// What one edit of the rule loses, node by node; nothing for an exact rule.
  static func losses(of edit: GraphEdit, in graph: Graph<Analog>) -> [Loss]
}

extension GraphRule {
  static var finding: Finding? { nil }
  static func loss(places: Int) -> Loss? { nil }
  static func losses(of edit: GraphEdit, in graph: Graph<Analog>) -> [Loss] { [] }
}

/// The rules that prepare a graph for conversion, in order.
public enum GraphRules {
  static let all: [any GraphRule.Type] = [
    DropActivationLevels.self,  // first: the rounding stands between all other neighbours
    DropFinalSoftmax.self,  // before the next: nothing behind it may be judged as a layer
    NameLinearForms.self,  // the other rules know each linear operator by one name
    HoistRelu.self,  // before folding, so that a normalization meets its own convolution
    SplitPiecewise.self,  // after hoisting, which moves a clip of any limits as one node
    FitActivation.self,  // beside the exact splitting, whose form it takes
    FoldNormalization.self,  // before calibration: balancing sees the folded weights
    EqualizeChannels.self,  // after folding, whose factors are scales
  ]

  /// The graph with every rule applied as often as it finds a place.
  public static func applied(to graph: Graph<Analog>) throws(PackError) -> Graph<Analog> {
    var report = Report()
    return try applied(to: graph, &report)
  }

  /// The same, with what people should know of it.
  public static func applied(
    to graph: Graph<Analog>, _ report: inout Report
  ) throws(PackError) -> Graph<Analog> {
    var graph = graph
    for rule in all {
      var places = 0
      while let edit = try rule.edit(graph) {
        for loss in rule.losses(of: edit, in: graph) { report.add(loss) }
        graph = try graph.applying(edit)
        places += 1
        if let finding = rule.finding { report.add(finding) }
      }
      if places > 0, let loss = rule.loss(places: places) { report.add(loss) }
    }
    return graph
  }
}
