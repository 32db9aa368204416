internal import CSpikeKernels
internal import CZlib
internal import SynapackProgram
internal import SynapackTensor

/// One population on its way through one sample, tick by tick, by events.
struct EventWalk {
  private let population: CompiledPopulation
  private let shape: Shape
  private let currents: Currents
  private var sums: Sums
  private var membranes: [Int32]
  private var memory: [Int32]
  private var payloads: [Int16]
  private var events: [synapack_event]
  private var train = EventTrain()
  private var compensated: CompensatedNeurons?

  init(_ population: CompiledPopulation, shape: Shape, currents: Currents) {
    self.population = population
    self.shape = shape
    self.currents = currents
    sums = Sums(population)
    membranes = population.initial
    let keepsMemory = population.behaviour?.memory ?? false
    memory = Array(repeating: 0, count: keepsMemory ? population.count : 0)
    payloads = Array(repeating: 0, count: population.count)
    compensated = population.compensation.map { CompensatedNeurons($0, population, shape) }
    events = Array(
      repeating: synapack_event(position: 0, channel: 0, payload: 0), count: population.count)
  }

  /// Begins a tick with what arrives without events.
  mutating func start(biased: Bool, current: Bool) {
    sums.start(biased: biased)
    if current { sums.add(currents) }
  }

  mutating func scatter(
    _ connection: CompiledConnection, _ events: [synapack_event], _ range: Range<Int>
  ) {
    sums.scatter(connection, events, range)
  }

  /// Adds what an operand's neurons sent.
  mutating func hear(_ side: CompensatedNeurons.Side, _ events: ArraySlice<synapack_event>) {
    compensated?.hear(side, events)
  }

  /// Ends a tick and returns what was sent in it.
  ///
  /// - Parameters:
  ///   - heard: the ticks in which the last source has been heard, this one included.
  ///   - own: the ticks of the window, this one included; `nil` while it is closed.
  mutating func finish(heard: Int, own: Int?) -> Range<Int> {
    leak()
    sums.integrate(into: &membranes, population)
    guard let own else { return 0..<0 }
    let fired = fire(heard: heard, own: own)
    if population.fires { train.append(events[..<fired]) }
    return 0..<fired
  }

  /// Leaves what the sample gave.
  func leave(_ own: inout PopulationScratch) {
    own.events = train
    own.membranes = membranes
    own.spikes.refill(0, count: population.count)
    own.totals.refill(0, count: population.count)
    own.magnitude = 0
    let coding = population.coding
    own.eventCounts.refill(0, count: coding == .whole ? 0 : population.count)
    for event in train.events {
      let neuron = Int(event.position) * population.channels + Int(event.channel)
      own.spikes[neuron] += 1
      own.totals[neuron] += event.payload
      own.magnitude += Int64(abs(event.payload))
      if coding != .whole {
        own.eventCounts[neuron] += Int32(clamping: coding.events(Int(event.payload)))
      }
    }
  }

  private mutating func leak() {
    guard let shift = population.behaviour?.leakShift else { return }
    for index in membranes.indices { membranes[index] -= membranes[index] >> Int32(shift) }
  }

  /// Sends the tick's payloads and returns how many events there are.
  private mutating func fire(heard: Int, own: Int) -> Int {
    if compensated != nil {
      compensated?.send(&payloads, from: &membranes, heard: heard, ticks: own)
      return collect()
    }
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

  /// Adds what the tick that ended sent to `totals`, channels last.
  func count(_ fired: Range<Int>, into totals: inout [Int64]) {
    for event in events[fired] {
      totals[Int(event.position) * population.channels + Int(event.channel)] +=
        Int64(event.payload)
    }
  }

  /// The payloads of the tick that ended, in the order of the population's shape.
  func sent(_ fired: Range<Int>) -> [Int32] {
    var values = Array(repeating: Int32(0), count: population.count)
    for event in events[fired] {
      values[Int(event.position) * population.channels + Int(event.channel)] = event.payload
    }
    return ChannelsLast.to(values, shape)
  }

  /// The membranes after the tick that ended, in the order of the population's shape.
  var ordered: [Int32] { ChannelsLast.to(membranes, shape) }

  /// What a tick's record holds of the tick that ended.
  func record(_ fired: Range<Int>) -> TickRecord {
    let ordered = ordered
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
    return TickRecord(
      spikes: fired.count, payload: events[fired].reduce(0) { $0 + Int($1.payload) },
      membraneChecksum: UInt32(truncatingIfNeeded: checksum))
  }
}
