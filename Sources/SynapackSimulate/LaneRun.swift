internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackTensor

/// Runs a population whose connections are all laid out for lanes.
struct LaneRun {
  let population: CompiledPopulation
  let program: SpikingProgram
  let clock: Clock
  let allowed: synapack_instructions

  /// Whether this processor has the instructions that make lanes the faster kernel.
  static func isFast(_ population: CompiledPopulation) -> Bool {
    population.connections.allSatisfy {
      synapack_lanes_are_fast(Int32(clamping: $0.lanes?.largest ?? 0)) != 0
    }
  }

  private var times: Clock.Times { population.times }
  private var ticks: Int { times.ends - times.begins }

  /// Advances the population over its whole life.
  func run(_ own: inout PopulationScratch, sources: [PopulationScratch]) {
    own.membranes.refill(from: population.initial)
    let remembers = population.behaviour?.memory ?? false
    own.memory.refill(0, count: remembers ? population.count : 0)
    own.spikes.refill(0, count: population.count)
    own.totals.refill(0, count: population.count)
    own.magnitude = 0
    own.eventCounts.refill(0, count: population.coding == .whole ? 0 : population.count)
    var parts: [Part] = []
    let connections = population.connections.filter { $0.lanes != nil }
    while own.arrivals.count < connections.count { own.arrivals.append(LaneTrain()) }
    for (index, connection) in connections.enumerated() {
      guard let synapses = connection.lanes, case .population(let source) = connection.source
      else { continue }
      let train = arrival(connection, source, sources[source].lanes, &own.arrivals[index])
      parts.append(Part(synapses: synapses, train: train))
    }
    parts = LaneRun.upperFirst(parts)
    own.lanes.shape(
      ticks: population.behaviour == nil ? 0 : ticks,
      positions: population.count / max(1, population.channels), channels: population.channels)
    var room = own
    own = PopulationScratch()
    unsafe withArrivals(parts[...], []) { arrivals in unsafe advance(&room, arrivals) }
    own = room
    own.hasLanes = true
  }

  /// One connection and what its source sent, in the ticks of this population.
  private struct Part {
    let synapses: LaneSynapses
    let train: LaneTrain
    /// Whether the upper halves of the weights are meant.
    var isUpper = false
    /// The bits by which all sums so far are shifted to the left before.
    var shift: Int32 = 0
  }

  /// The upper halves of all wide connections, then every connection.
  private static func upperFirst(_ parts: [Part]) -> [Part] {
    let wide = parts.filter { !$0.synapses.upper.isEmpty }
    guard !wide.isEmpty else { return parts }
    var rest = parts
    rest[0].shift = 8
    return wide.map { Part(synapses: $0.synapses, train: $0.train, isUpper: true) } + rest
  }

  /// The source's lanes behind the relays of a connection, moved to this population's ticks.
  private func arrival(
    _ connection: CompiledConnection, _ source: Int, _ sent: LaneTrain, _ room: inout LaneTrain
  ) -> LaneTrain {
    let offset = times.begins - program.schedule.travel - clock.populations[source].begins
    let isMoved = offset != 0 || sent.blocks < LaneTrain.blocks(ticks)
    var train = sent
    if isMoved {
      room.shape(ticks: ticks, positions: sent.positions, channels: sent.channels)
      unsafe room.write { target in
        guard let target = unsafe target else { return }
        unsafe sent.read { lines in
          unsafe synapack_shift_lanes(
            lines, Int32(sent.ticks), Int32(offset), target, Int32(LaneTrain.blocks(ticks)),
            sent.positions * sent.quads)
        }
      }
      train = room
    }
    guard !connection.isPlain else { return train }
    let relay = connection.relay
    let moved = train
    var relayed = isMoved ? LaneTrain() : room
    room = LaneTrain()
    relayed.shape(
      ticks: moved.ticks, positions: relay.extent.y * relay.extent.x, channels: moved.channels)
    let cells = Int32(relayed.positions)
    unsafe relayed.write { target in
      guard let target = unsafe target else { return }
      unsafe moved.read { lines in
        unsafe relay.offsets.withUnsafeBufferPointer { offsets in
          unsafe relay.targets.withUnsafeBufferPointer { targets in
            unsafe synapack_relay_lanes(
              lines, Int32(moved.positions), target, cells,
              Int32(moved.blocks), Int32(moved.quads),
              synapack_relay(offsets: offsets.baseAddress, targets: targets.baseAddress))
          }
        }
      }
    }
    room = relayed
    return relayed
  }

  /// Lends every connection's arrays to `body` at once.
  private func withArrivals(
    _ parts: ArraySlice<Part>, _ done: [synapack_arrival], _ body: ([synapack_arrival]) -> Void
  ) {
    guard let part = parts.first else { return unsafe body(done) }
    let (synapses, train, window) = (part.synapses, part.train, part.synapses.window)
    unsafe train.lines.withUnsafeBytes { lines in
      unsafe train.active.withUnsafeBufferPointer { active in
        unsafe train.starts.withUnsafeBufferPointer { starts in
          unsafe (part.isUpper ? synapses.upper : synapses.weights).withUnsafeBytes { weights in
            unsafe synapses.weightStarts.withUnsafeBufferPointer { weightStarts in
              unsafe synapses.quadFrom.withUnsafeBufferPointer { from in
                unsafe synapses.quadTo.withUnsafeBufferPointer { to in
                  let source = unsafe synapack_lanes(
                    lines: lines.bindMemory(to: Int8.self).baseAddress,
                    active: active.baseAddress, starts: starts.baseAddress,
                    positions: Int32(train.positions), quads: Int32(train.quads))
                  let arrival = unsafe synapack_arrival(
                    source: source, weights: weights.bindMemory(to: UInt8.self).baseAddress,
                    weight_starts: weightStarts.baseAddress, quad_from: from.baseAddress,
                    quad_to: to.baseAddress, input_height: Int32(synapses.input.y),
                    input_width: Int32(synapses.input.x), kernel_height: Int32(window.kernel.y),
                    kernel_width: Int32(window.kernel.x), stride_y: Int32(window.stride.y),
                    stride_x: Int32(window.stride.x), dilation_y: Int32(window.dilation.y),
                    dilation_x: Int32(window.dilation.x), padding_top: Int32(window.padding.top),
                    padding_left: Int32(window.padding.left), shift: part.shift,
                    largest: Int32(clamping: synapses.largest))
                  unsafe withArrivals(parts.dropFirst(), done + [arrival], body)
                }
              }
            }
          }
        }
      }
    }
  }

  private func advance(_ room: inout PopulationScratch, _ arrivals: [synapack_arrival]) {
    var counts = room.eventCounts
    room.eventCounts = []
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe advance(&room, arrivals, events: counts.isEmpty ? nil : counts.baseAddress)
    }
    room.eventCounts = counts
  }

  private func advance(
    _ room: inout PopulationScratch, _ arrivals: [synapack_arrival],
    events: UnsafeMutablePointer<Int32>?
  ) {
    let (bias, life) = (times.biasFrom - times.begins, ticks)
    let behaviour = population.behaviour
    var lanes = room.lanes
    var magnitude: Int64 = 0
    room.lanes = LaneTrain()
    unsafe lanes.write { lines in
      unsafe population.thresholds.withUnsafeBufferPointer { thresholds in
        unsafe population.biases.withUnsafeBufferPointer { biases in
          unsafe room.currents.withUnsafeBufferPointer { currents in
            unsafe room.membranes.withUnsafeMutableBufferPointer { membranes in
              unsafe room.memory.withUnsafeMutableBufferPointer { memory in
                unsafe room.spikes.withUnsafeMutableBufferPointer { spikes in
                  unsafe room.totals.withUnsafeMutableBufferPointer { totals in
                    var machine = unsafe synapack_population(
                      output_height: Int32(population.plane.y),
                      output_width: Int32(population.plane.x),
                      channels: Int32(population.channels), ticks: Int32(life),
                      opens: Int32(times.opens - times.begins), bias_from: Int32(bias),
                      bias_to: Int32(bias + program.timesteps),
                      current_to: Int32(program.inputTicks - times.begins),
                      floor: population.membrane.lowerBound,
                      ceiling: population.membrane.upperBound,
                      lower: Int32(behaviour?.payloads.lowerBound ?? 0),
                      upper: Int32(behaviour?.payloads.upperBound ?? 0),
                      leak_shift: Int32(behaviour?.leakShift ?? 0),
                      fires: behaviour == nil ? 0 : 1,
                      resets_to_zero: behaviour?.reset == .zero ? 1 : 0,
                      remembers: behaviour?.memory == true ? 1 : 0,
                      thresholds: thresholds.baseAddress, biases: biases.baseAddress,
                      currents: currents.isEmpty ? nil : currents.baseAddress,
                      membranes: membranes.baseAddress, memory: memory.baseAddress,
                      spikes: spikes.baseAddress, totals: totals.baseAddress,
                      events: events, counts_powers: population.coding == .powers ? 1 : 0,
                      magnitude: nil, lines: lines)
                    unsafe arrivals.withUnsafeBufferPointer { arrivals in
                      unsafe withUnsafeMutablePointer(to: &magnitude) { magnitude in
                        unsafe machine.magnitude = magnitude
                        unsafe synapack_advance_lanes(
                          &machine, arrivals.baseAddress, arrivals.count, allowed)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    room.lanes = lanes
    room.magnitude = magnitude
  }
}

extension SimulationKernel {
  /// What lanes may use.
  var instructions: synapack_instructions {
    switch self {
    case .automatic, .events, .lanes: synapack_lanes_any
    case .pairedLanes: synapack_lanes_avx2
    case .portableLanes: synapack_lanes_portable
    }
  }
}
