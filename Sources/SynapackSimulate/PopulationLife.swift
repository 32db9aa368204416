internal import CSpikeKernels
internal import CZlib
internal import SynapackProgram
internal import SynapackTensor

/// One population on its way through one sample.
struct PopulationLife {
  private let population: CompiledPopulation
  private let shape: Shape
  private var membranes: [Int32]
  private var memory: [Int32]
  private var payloads: [Int16]
  private var counts: [Int64]
  private var events: [synapack_event]
  var recording = false
  private(set) var records: [TickRecord] = []

  init(_ population: CompiledPopulation, shape: Shape) {
    self.population = population
    self.shape = shape
    membranes = population.initial
    let keepsMemory = population.behaviour?.memory ?? false
    memory = Array(repeating: 0, count: keepsMemory ? population.count : 0)
    payloads = Array(repeating: 0, count: population.count)
    counts = []
    events = Array(
      repeating: synapack_event(position: 0, channel: 0, payload: 0), count: population.count)
  }

  /// Runs every tick of the population's life and returns what it sent in its window.
  mutating func run(
    sources: [EventTrain], input: EventTrain, _ program: SpikingProgram, _ clock: Clock
  ) -> EventTrain {
    var train = EventTrain()
    let times = population.times
    let currents = Currents(population, input: input)
    var sums = Sums(population)
    for tick in times.begins..<times.ends {
      let biased = (times.biasFrom..<times.biasFrom + program.timesteps).contains(tick)
      sums.start(biased: biased)
      if tick < program.timesteps { sums.add(currents) }
      for connection in population.connections {
        guard case .population(let source) = connection.source else { continue }
        let sent = tick - program.schedule.travel - clock.populations[source].opens
        let range = sources[source].range(sent)
        if !range.isEmpty { sums.scatter(connection, sources[source].events, range) }
      }
      leak()
      sums.integrate(into: &membranes, population)
      let fired = tick >= times.opens ? fire() : 0
      if population.behaviour != nil, tick >= times.opens { train.append(events[..<fired]) }
      if recording { record(events[..<fired]) }
    }
    if program.readout.decoding == .count { counts = totals(train) }
    return train
  }

  /// The state after the last tick.
  func state(_ train: EventTrain) -> PopulationState {
    PopulationState(
      payloads: ChannelsLast.to(totals(train), shape),
      membranes: ChannelsLast.to(membranes, shape))
  }

  private mutating func leak() {
    guard let shift = population.behaviour?.leakShift else { return }
    for index in membranes.indices { membranes[index] -= membranes[index] >> Int32(shift) }
  }

  /// Sends the tick's payloads and returns how many events there are.
  private mutating func fire() -> Int {
    guard let behaviour = population.behaviour else { return 0 }
    let count = population.count
    let binary = behaviour.payloads == 0...1 && behaviour.reset == .subtract && memory.isEmpty
    unsafe population.thresholds.withUnsafeBufferPointer { thresholds in
      unsafe membranes.withUnsafeMutableBufferPointer { membranes in
        unsafe payloads.withUnsafeMutableBufferPointer { payloads in
          guard let theta = thresholds.baseAddress, let v = membranes.baseAddress,
            let s = payloads.baseAddress
          else { return }
          if binary {
            unsafe synapack_fire_binary(v, theta, s, count)
          } else {
            unsafe memory.withUnsafeMutableBufferPointer { memory in
              unsafe synapack_fire(
                v, theta, s, memory.isEmpty ? nil : memory.baseAddress, count,
                Int32(behaviour.payloads.lowerBound), Int32(behaviour.payloads.upperBound),
                behaviour.reset == .zero ? 1 : 0)
            }
          }
        }
      }
    }
    return collect()
  }

  private mutating func collect() -> Int {
    let channels = population.channels
    let positions = population.count / max(1, channels)
    return unsafe payloads.withUnsafeBufferPointer { payloads in
      unsafe events.withUnsafeMutableBufferPointer { events in
        guard let s = payloads.baseAddress, let list = events.baseAddress else { return 0 }
        return unsafe synapack_collect(s, positions, Int32(channels), list)
      }
    }
  }

  private mutating func record(_ fired: ArraySlice<synapack_event>) {
    let ordered = ChannelsLast.to(membranes, shape)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ordered.count * 4)
    for membrane in ordered {
      let bits = UInt32(bitPattern: membrane)
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
    }
    let checksum = unsafe bytes.withUnsafeBufferPointer {
      unsafe crc32(0, $0.baseAddress, UInt32($0.count))
    }
    records.append(
      TickRecord(
        spikes: fired.count, payload: fired.reduce(0) { $0 + Int($1.payload) },
        membraneChecksum: UInt32(truncatingIfNeeded: checksum)))
  }

  /// The sum of each neuron's payloads, channels last.
  private func totals(_ train: EventTrain) -> [Int64] {
    var sums = Array(repeating: Int64(0), count: population.count)
    for event in train.events {
      sums[Int(event.position) * population.channels + Int(event.channel)] +=
        Int64(event.payload)
    }
    return sums
  }

  /// The scores of a readout, in the order of the population's shape.
  func scores(_ decoding: OutputDecoding) -> [Int64] {
    switch decoding {
    case .membrane: ChannelsLast.to(membranes.map(Int64.init), shape)
    case .count: ChannelsLast.to(counts, shape)
    }
  }
}

extension EventTrain {
  /// One tick of the payloads of a constant current, given in the order of `shape`.
  init(constant input: [Int32], _ shape: Shape) {
    let channels = shape.planes?.channels ?? 1
    var events: [synapack_event] = []
    for (index, payload) in ChannelsLast.from(input, shape).enumerated() where payload != 0 {
      events.append(
        synapack_event(
          position: Int32(index / channels), channel: Int32(index % channels), payload: payload))
    }
    self.init()
    append(events[...])
  }
}
