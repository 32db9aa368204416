public import SynapackGraph

/// A student between the phases: spiking activations among operators of real numbers, as training
/// needs them. Nothing places or packs such a graph; it lends its weights to one that is converted.
public enum StudentPhase: Phase {
  public static let name = "student"

  public static func allows(_ op: Op) -> Bool { true }
}
