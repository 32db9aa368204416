internal import SynapackProgram

/// The payloads that one population sent in every tick of its window, for every sample.
struct PayloadTrains: Sendable {
  let neurons: Int
  let ticks: Int
  /// [samples][ticks][neurons], neurons row-major; one array a unit of samples.
  private var units: [[Int16]]
  /// Samples in each unit but the last.
  private let unit: Int
  /// Σ (n − n*)² of each run of neurons with one set of parameters; n: the sum of a neuron's
  /// payloads, n*: what its whole input would have given, as its membrane at the end tells.
  private let uneven: [Double]
  /// Σ |s| over everything.
  let payload: Int

  init(neurons: Int, ticks: Int, unit: Int, units: [[Int16]], uneven: [Double], payload: Int) {
    self.neurons = neurons
    self.ticks = ticks
    self.unit = unit
    self.units = units
    self.uneven = uneven
    self.payload = payload
  }

  /// What the input sends for every sample.
  init(_ samples: FitSamples, _ encoding: InputEncoding, neurons: Int, ticks: Int) {
    let size = samples.inputs.count / max(1, samples.count)
    var payload = 0
    let units = (0..<samples.count).map { sample in
      let values = Array(samples.inputs[sample * size..<(sample + 1) * size])
      return encoding.encode(values, ticks: ticks).payloads.map { sent in
        payload += Int(abs(sent))
        return Int16(truncatingIfNeeded: sent)
      }
    }
    self.init(neurons: neurons, ticks: ticks, unit: 1, units: units, uneven: [], payload: payload)
  }

  /// Σ ((n − n*)·a/T)² over everything, in the unit of the source network.
  func unevenness(_ amplitude: [Float]) -> Double {
    guard !amplitude.isEmpty else { return 0 }
    var sum = 0.0
    for (row, squares) in uneven.enumerated() {
      let unit = Double(amplitude[row * amplitude.count / uneven.count]) / Double(ticks)
      sum += squares * unit * unit
    }
    return sum
  }

  /// The payloads of one sample, by the tick of the listener in which they arrive:
  /// [ticks][neurons].
  ///
  /// `delay` is the number of ticks by which the listener's window opens after the arrival of the
  /// source's first tick. What arrives before it opens is heard in its first tick.
  func arrivals(sample: Int, delay: Int, into result: inout [Float], at start: Int) {
    let payloads = units[sample / unit]
    let first = sample % unit * ticks * neurons
    for tick in 0..<ticks {
      let heard = max(0, tick - delay)
      let (source, target) = (first + tick * neurons, start + heard * neurons)
      for neuron in 0..<neurons { result[target + neuron] += Float(payloads[source + neuron]) }
    }
  }

  /// The sum of the payloads of one sample over all ticks.
  func totals(sample: Int, into result: inout [Float], at start: Int) {
    let payloads = units[sample / unit]
    let first = sample % unit * ticks * neurons
    for tick in 0..<ticks {
      let source = first + tick * neurons
      for neuron in 0..<neurons { result[start + neuron] += Float(payloads[source + neuron]) }
    }
  }
}
