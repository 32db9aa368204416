internal import CSpikeKernels

/// Payloads of a population over its life as lanes; see `synapack_lanes` for the order.
///
/// Tick 0 is the first of the population's life, and each block has 16 ticks.
struct LaneTrain: Sendable {
  private(set) var lines: [SIMD64<Int8>] = []
  private(set) var active: [UInt32] = []
  private(set) var starts: [UInt32] = []
  private(set) var ticks = 0
  private(set) var positions = 0
  private(set) var channels = 0

  var blocks: Int { LaneTrain.blocks(ticks) }
  var quads: Int { (channels + 3) / 4 }

  static func blocks(_ ticks: Int) -> Int { (ticks + 15) / 16 }

  /// Makes room, reusing what is there; the lines keep what they had.
  mutating func shape(ticks: Int, positions: Int, channels: Int) {
    (self.ticks, self.positions, self.channels) = (ticks, positions, channels)
    let count = blocks * positions * quads
    if lines.count != count { lines = Array(repeating: SIMD64(), count: count) }
    if active.count != count { active = Array(repeating: 0, count: count) }
    let startCount = blocks * (positions + 1)
    if starts.count != startCount { starts = Array(repeating: 0, count: startCount) }
  }

  /// Lends the lines to be written, then lists those that are not silent.
  mutating func write(_ body: (UnsafeMutablePointer<Int8>?) -> Void) {
    unsafe lines.withUnsafeMutableBytes { bytes in
      unsafe body(bytes.bindMemory(to: Int8.self).baseAddress)
    }
    list()
  }

  private mutating func list() {
    let (blocks, positions, quads) = (Int32(blocks), Int32(positions), Int32(quads))
    unsafe lines.withUnsafeBytes { bytes in
      unsafe active.withUnsafeMutableBufferPointer { active in
        unsafe starts.withUnsafeMutableBufferPointer { starts in
          guard let lines = unsafe bytes.bindMemory(to: Int8.self).baseAddress,
            let list = active.baseAddress, let first = starts.baseAddress
          else { return }
          unsafe synapack_list_active(
            lines, blocks, positions, quads, list, first)
        }
      }
    }
  }

  /// Lends the lines to be read.
  func read(_ body: (UnsafePointer<Int8>) -> Void) {
    unsafe lines.withUnsafeBytes { bytes in
      guard let first = unsafe bytes.bindMemory(to: Int8.self).baseAddress else { return }
      unsafe body(first)
    }
  }

  /// The payloads of events whose first tick is tick `opens` of the life.
  mutating func set(_ train: EventTrain, opens: Int) {
    for index in lines.indices { lines[index] = SIMD64() }
    for tick in 0..<train.tickCount {
      let (block, place) = ((tick + opens) / 16, (tick + opens) % 16)
      for event in train.events[train.range(tick)] {
        let line = (block * positions + Int(event.position)) * quads + Int(event.channel) / 4
        lines[line][4 * place + Int(event.channel) % 4] = Int8(truncatingIfNeeded: event.payload)
      }
    }
    list()
  }

  /// The events of `count` ticks from tick `opens` of the life.
  func events(opens: Int, count: Int) -> EventTrain {
    var train = EventTrain()
    for tick in opens..<opens + count {
      var sent: [synapack_event] = []
      let (block, place) = (tick / 16, tick % 16)
      for entry in active[listed(block)] {
        let line = lines[block * positions * quads + Int(entry)]
        for lane in 0..<4 where line[4 * place + lane] != 0 {
          sent.append(
            synapack_event(
              position: Int32(Int(entry) / quads), channel: Int32(Int(entry) % quads * 4 + lane),
              payload: Int32(line[4 * place + lane])))
        }
      }
      train.append(sent[...])
    }
    return train
  }

  private func listed(_ block: Int) -> Range<Int> {
    let first = block * (positions + 1)
    return Int(starts[first])..<Int(starts[first + positions])
  }
}
