internal import Synchronization

/// What running a sample needs room for, kept for the next one.
struct Scratch: Sendable {
  /// One for each population.
  var populations: [PopulationScratch]
}

/// The room of one population.
struct PopulationScratch: Sendable {
  /// What it sent; `nil` where nobody asked for this form.
  var events: EventTrain?
  var lanes = LaneTrain()
  var hasLanes = false
  var membranes: [Int32] = []
  var memory: [Int32] = []
  var currents: [Int32] = []
  /// Per neuron: the payloads other than zero, and the sum of all.
  var spikes: [Int32] = []
  var totals: [Int32] = []
  /// Per neuron: the events that its payloads are sent as; none where each is one event.
  var eventCounts: [Int32] = []
  /// The sum of the magnitudes of all payloads, where some are neither 0 nor 1.
  var magnitude: Int64 = 0
  /// For each connection, its source's lanes behind relays and in this population's ticks.
  var arrivals: [LaneTrain] = []
}

extension PopulationScratch {
  /// Turns events into lanes where they are asked for and missing.
  mutating func giveLanes(_ population: CompiledPopulation, opens: Int, ticks: Int) {
    guard !hasLanes, let events else { return }
    lanes.shape(
      ticks: ticks, positions: population.count / max(1, population.channels),
      channels: population.channels)
    lanes.set(events, opens: opens)
    hasLanes = true
  }

  /// Turns lanes into events where they are asked for and missing.
  mutating func giveEvents(opens: Int, count: Int) {
    guard events == nil else { return }
    events = lanes.events(opens: opens, count: count)
  }
}

/// Scratch that samples hand on to one another, one at a time for each thread.
final class ScratchPool: Sendable {
  private let free = Mutex<[Scratch]>([])

  func take() -> Scratch? { free.withLock { $0.popLast() } }

  func give(_ scratch: consuming Scratch) {
    let back = scratch
    free.withLock { $0.append(back) }
  }
}

extension Array {
  /// Becomes a copy of `other` in the room that is there.
  mutating func refill(from other: [Element]) where Element: BitwiseCopyable {
    guard count == other.count else {
      self = other
      return
    }
    unsafe withUnsafeMutableBufferPointer { room in
      _ = unsafe room.update(fromContentsOf: other)
    }
  }

  /// Becomes `count` times `value` in the room that is there.
  mutating func refill(_ value: Element, count: Int) where Element: BitwiseCopyable {
    guard self.count == count else {
      self = Array(repeating: value, count: count)
      return
    }
    unsafe withUnsafeMutableBufferPointer { unsafe $0.update(repeating: value) }
  }
}
