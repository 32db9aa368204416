internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The rate of integrate-and-fire neurons over T ticks of a constant input.
struct DenseSpike: DenseKernel {
  /// Numbers that hold for each channel or each neuron.
  struct Parameter: Sendable {
    let values: [Float]
    /// The number of neurons that lie one after the other under one number.
    let length: Int

    init(_ name: String, _ input: Shape, _ weights: WeightStore) throws(PackError) {
      values = try weights.floats(name)
      length = max(1, input.count / max(1, values.count))
    }

    @inline(__always)
    func place(_ neuron: Int) -> Int { neuron / length }
  }

  let threshold: Parameter
  let amplitude: Parameter
  let initial: Parameter
  /// T
  let ticks: Float
  /// The least and the largest sum of payloads.
  let least: Float
  let most: Float
  /// The number of neurons.
  let size: Int
  /// Neurons one after the other that share all numbers: those that change together do so only
  /// where a run of the shortest length ends.
  var run: Int { min(threshold.length, amplitude.length, initial.length) }

  init(_ op: Spike, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    threshold = try Parameter(op.threshold, input, weights)
    amplitude = try Parameter(op.amplitude, input, weights)
    initial = try Parameter(op.initial, input, weights)
    ticks = Float(op.timesteps)
    least = op.memory ? 0 : Float(op.lower) * ticks
    most = Float(op.upper) * ticks
    size = input.count
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    let run = run
    var span = result.mutableSpan
    for sample in 0..<count {
      for first in stride(from: 0, to: size, by: run) {
        let theta = threshold.values[threshold.place(first)]
        let height = amplitude.values[amplitude.place(first)]
        let start = initial.values[initial.place(first)]
        for index in sample * size + first..<sample * size + first + run {
          let fired = ((span[index] * ticks + start) / theta).rounded(.down)
          span[index] = height * min(max(fired, least), most) / ticks
        }
      }
    }
    return result
  }
}
