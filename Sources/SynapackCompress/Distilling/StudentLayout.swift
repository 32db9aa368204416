internal import SynapackGraph

/// The graph that lends its gradients to a program.
enum StudentLayout: Sendable {
  case rates(ProgramGraph)
  case ticks(TickGraph)

  var graph: Graph<StudentPhase> {
    switch self {
    case .rates(let layout): layout.graph
    case .ticks(let layout): layout.graph
    }
  }
}
