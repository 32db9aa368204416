internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A program for simulators of chips that know spikes alone: what the clock says besides spikes is
/// said by axons that the host drives.
///
/// On such a chip every edge takes one step, neurons are awake and may fire all the time, and biases
/// act from the first step on. So
///
///     start    an axon with the initial membranes as weights, in the first tick awake
///     bias     an axon with the biases, in each tick in which they act
///     gate     where spikes arrive before the window opens: −G in the first tick awake, G at opening
///     close    where spikes after the window would be heard: −G in the tick after it
///
/// with G beyond all that a membrane can reach. An axon's weights arrive in the tick named: the host
/// fires it one step before.
///
/// `tick` keeps its ticks. `wavefront` becomes the same machine with layer k shifted by k steps: only
/// where all paths into a layer have the same length.
struct AxonPlan {
  /// One axon that the host drives.
  struct Axon: Hashable {
    let population: Int
    /// One weight for each neuron, or one for all.
    let weights: [Int64]
    /// The steps in which its weights arrive, from 0 for the first tick of the input.
    let steps: Range<Int>
    /// Whether it opens or closes a window: its weights are beyond what a membrane can reach.
    var isGate = false
  }

  /// For each population the steps by which it is later than its clock says.
  let shifts: [Int]
  let axons: [Axon]
  /// Steps from the first tick of the input until every population is done.
  let steps: Int

  /// - Throws: `SYN0742` where layers of a wavefront are reached on paths of several lengths.
  init(_ program: SpikingProgram, target: String) throws(PackError) {
    let clock = Clock(program)
    shifts = try AxonPlan.shifts(program, target)
    let steps = zip(clock.populations, shifts).map { $0.ends + $1 }.max() ?? 0
    self.steps = steps
    let reach = MembraneReach.bounds(program)
    var axons: [Axon] = []
    for (index, population) in program.populations.enumerated() {
      let times = clock.populations[index]
      let shift = shifts[index]
      func add(_ weights: [Int64], _ ticks: Range<Int>, isGate: Bool = false) {
        guard weights.contains(where: { $0 != 0 }), !ticks.isEmpty else { return }
        axons.append(
          Axon(
            population: index, weights: weights,
            steps: ticks.lowerBound + shift..<ticks.upperBound + shift, isGate: isGate))
      }
      add(AxonPlan.values(population.initial, population), times.begins..<times.begins + 1)
      add(
        AxonPlan.values(population.biases, population),
        times.biasFrom..<times.biasFrom + program.timesteps)
      guard population.payloads != 0...0 else { continue }
      let threshold = Int64(population.thresholds.values.max() ?? 0)
      // Bounds are of one life; what is closed goes on listening until all are done.
      let lives = Int64(steps / max(1, times.ends - times.begins) + 2)
      let gate = lives * (reach[index].upperBound - reach[index].lowerBound) + threshold
      if times.begins < times.opens {
        add([-gate], times.begins..<times.begins + 1, isGate: true)
        add([gate], times.opens..<times.opens + 1, isGate: true)
      }
      let isHeardLate = program.connections.contains { connection in
        connection.source == .population(index)
          && times.ends + program.schedule.travel < clock.populations[connection.target].ends
      }
      if isHeardLate { add([-gate], times.ends..<times.ends + 1, isGate: true) }
    }
    self.axons = axons
  }

  private static func values(_ parameter: Parameter, _ population: Population) -> [Int64] {
    parameter.expanded(to: population.shape).map(Int64.init)
  }

  private static func shifts(
    _ program: SpikingProgram, _ target: String
  ) throws(PackError) -> [Int] {
    guard program.schedule == .wavefront else {
      return program.populations.map { _ in 0 }
    }
    var depths: [Int] = []
    for (index, population) in program.populations.enumerated() {
      let sources = program.incoming(index).compactMap { connection -> Int? in
        if case .population(let source) = connection.source { depths[source] + 1 } else { nil }
      }
      guard Set(sources).count <= 1 else {
        throw PackError(
          .scheduleNotCarried,
          "\(target) delays a spike by a step a layer, and paths of \(sources.sorted()) layers meet",
          at: .layer(population.name), hint: "convert again with `--schedule tick`")
      }
      depths.append(sources.first ?? 0)
    }
    return depths
  }
}
