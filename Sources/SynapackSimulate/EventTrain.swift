internal import CSpikeKernels
internal import SynapackTensor

/// What one population sent in the T ticks of its window, tick after tick.
struct EventTrain: Sendable {
  private(set) var events: [synapack_event] = []
  /// The events of tick t are `events[starts[t]..<starts[t + 1]]`.
  private(set) var starts: [Int] = [0]

  mutating func append(_ tick: ArraySlice<synapack_event>) {
    events += tick
    starts.append(events.count)
  }

  var tickCount: Int { starts.count - 1 }

  func range(_ tick: Int) -> Range<Int> {
    (0..<tickCount).contains(tick) ? starts[tick]..<starts[tick + 1] : 0..<0
  }
}

extension EventTrain {
  /// The payloads of an input, given in the order of `shape`, for one tick or for several.
  init(input: [Int32], _ shape: Shape) {
    let channels = shape.planes?.channels ?? 1
    let size = max(1, shape.count)
    self.init()
    for start in stride(from: 0, to: input.count, by: size) {
      let frame = Array(input[start..<min(start + size, input.count)])
      var events: [synapack_event] = []
      for (index, payload) in ChannelsLast.from(frame, shape).enumerated() where payload != 0 {
        events.append(
          synapack_event(
            position: Int32(index / channels), channel: Int32(index % channels), payload: payload))
      }
      append(events[...])
    }
  }
}
