internal import CSpikeKernels
internal import SynapackProgram

/// The input Σ w·s_in + b of every neuron of a population in one tick.
///
/// Sums are 32 bits wide where the range proof allows it and 64 bits elsewhere; both are exact.
struct Sums {
  private var narrow: [Int32]
  private var wide: [Int64]
  private let biases: [Int32]

  init(_ population: CompiledPopulation) {
    biases = population.biases
    narrow = population.isNarrow ? Array(repeating: 0, count: population.count) : []
    wide = population.isNarrow ? [] : Array(repeating: 0, count: population.count)
  }

  /// Begins a tick with the biases, or with nothing.
  mutating func start(biased: Bool) {
    for index in narrow.indices { narrow[index] = biased ? biases[index] : 0 }
    for index in wide.indices { wide[index] = biased ? Int64(biases[index]) : 0 }
  }

  /// Adds the constant current of the input.
  mutating func add(_ currents: Currents) {
    guard !currents.values.isEmpty else { return }
    // The proof bounds the whole sum of a tick, and with it every part.
    for index in narrow.indices {
      narrow[index] &+= Int32(truncatingIfNeeded: currents.values[index])
    }
    for index in wide.indices { wide[index] += currents.values[index] }
  }

  /// Adds what the events of `range` contribute.
  mutating func scatter(
    _ connection: CompiledConnection, _ events: [synapack_event], _ range: Range<Int>
  ) {
    guard wide.isEmpty else {
      return WideScatter.add(connection, events[range], to: &wide)
    }
    Sums.scatter(connection, events, range, to: &narrow)
  }

  /// Adds what the events of `range` contribute to sums that the range proof holds in 32 bits.
  static func scatter(
    _ connection: CompiledConnection, _ events: [synapack_event], _ range: Range<Int>,
    to narrow: inout [Int32]
  ) {
    unsafe narrow.withUnsafeMutableBufferPointer { sums in
      unsafe connection.weights.withUnsafeBufferPointer { weights in
        unsafe events.withUnsafeBufferPointer { events in
          unsafe connection.relay.offsets.withUnsafeBufferPointer { offsets in
            unsafe connection.relay.targets.withUnsafeBufferPointer { targets in
              guard let sums = sums.baseAddress, let weights = weights.baseAddress,
                let first = events.baseAddress
              else { return }
              let relay = unsafe synapack_relay(
                offsets: offsets.baseAddress, targets: targets.baseAddress)
              let list = unsafe first + range.lowerBound
              switch connection.kind {
              case .dense(let channels, let outputs):
                unsafe synapack_scatter_dense(
                  sums, weights, channels, outputs, list, range.count, relay)
              case .convolution(var geometry):
                unsafe synapack_scatter_convolution(
                  sums, weights, &geometry, list, range.count, relay)
              }
            }
          }
        }
      }
    }
  }

  /// v ← clamp(v + Σ w·s_in + b)
  func integrate(into membranes: inout [Int32], _ population: CompiledPopulation) {
    let range = population.membrane
    guard wide.isEmpty else {
      for index in wide.indices {
        let sum = Int64(membranes[index]) + wide[index]
        membranes[index] = Int32(
          min(max(sum, Int64(range.lowerBound)), Int64(range.upperBound)))
      }
      return
    }
    unsafe narrow.withUnsafeBufferPointer { sums in
      unsafe membranes.withUnsafeMutableBufferPointer { membranes in
        guard let sums = sums.baseAddress, let v = membranes.baseAddress else { return }
        unsafe synapack_integrate(
          v, sums, population.count, range.lowerBound, range.upperBound)
      }
    }
  }
}

/// What the constant current of the input adds to a population in each of the T ticks.
struct Currents {
  let values: [Int64]

  init(_ population: CompiledPopulation, input: EventTrain) {
    let direct = population.connections.filter { $0.source == .input }
    var sums = Array(repeating: Int64(0), count: direct.isEmpty ? 0 : population.count)
    for connection in direct { WideScatter.add(connection, input.events[...], to: &sums) }
    values = sums
  }

  /// The same in 32 bits, for a population whose proof allows them; nothing without a connection
  /// from the input.
  static func narrow(_ population: CompiledPopulation, input: EventTrain) -> [Int32] {
    let direct = population.connections.filter { $0.source == .input }
    var sums = Array(repeating: Int32(0), count: direct.isEmpty ? 0 : population.count)
    for connection in direct {
      Sums.scatter(connection, input.events, 0..<input.events.count, to: &sums)
    }
    return sums
  }
}
