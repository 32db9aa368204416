/// How a simulator runs the populations that leave it a choice; never changes a result.
package enum SimulationKernel: Sendable, Hashable, CaseIterable {
  /// What is fastest on this processor, population by population.
  case automatic
  /// Events scattered tick by tick: runs every program, and is what ticks are recorded with.
  case events
  /// Lanes of 16 ticks wherever a population allows them.
  case lanes
  /// The same with no instructions beyond AVX2.
  case pairedLanes
  /// The same without instructions that only some processors have.
  case portableLanes
}
