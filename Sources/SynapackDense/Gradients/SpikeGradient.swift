internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The rate of integrate-and-fire neurons, with the line through the middle of its steps in place
/// of the floor.
///
///     y = (a/T)·m,  m = clip(⌊u⌋, l, h),  u = (z·T + v₀)/θ
///     inside, l < u − ½ < h:   z̄ = g·a/θ      v̄₀ = Σ g·a/(θ·T)      θ̄ = −Σ g·(a/T)·u/θ
///     outside:                 0
///     everywhere:              ā = Σ g·m/T
///
/// z: the input; a: amplitude; θ: threshold; v₀: initial potential; T: ticks; l, h: the least and
/// the largest sum of payloads. The staircase runs half a step below u on average, so u − ½ is
/// what the surrogate clips: with v₀ = θ/2 a neuron learns exactly where l·θ/T < z < h·θ/T. Where
/// amplitude and threshold are one weight, its gradient is that of the learned step size.
///
/// Sources: Bu et al., "Optimal ANN-SNN conversion", ICLR 2022, eq. 8; Esser et al., "Learned step
/// size quantization", ICLR 2020, eq. 3.
struct SpikeGradient: GradientKernel {
  private let op: Spike
  private let forward: DenseSpike

  init(_ op: Spike, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    self.op = op
    forward = try DenseSpike(op, input, weights)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let (threshold, amplitude, initial) = (forward.threshold, forward.amplitude, forward.initial)
    var values = node.gradient
    var thetas = Array(repeating: 0.0, count: threshold.values.count)
    var heights = Array(repeating: 0.0, count: amplitude.values.count)
    var starts = Array(repeating: 0.0, count: initial.values.count)
    let run = forward.run
    var flow = values.mutableSpan
    let inputs = node.inputs[0]
    let input = inputs.span
    for first in stride(from: 0, to: flow.count, by: run) {
      let place = first % forward.size
      let (t, h, s) = (threshold.place(place), amplitude.place(place), initial.place(place))
      let slopes = slopes(
        theta: threshold.values[t], height: amplitude.values[h], start: initial.values[s], input,
        first..<first + run, &flow)
      thetas[t] -= slopes.theta
      heights[h] += slopes.height
      starts[s] += slopes.start
    }
    return NodeGradients(
      inputs: [values],
      weights: [
        (op.threshold, thetas.map { Float($0) }), (op.amplitude, heights.map { Float($0) }),
        (op.initial, starts.map { Float($0) }),
      ])
  }

  /// −θ̄, ā and v̄₀ of a run of neurons that share their numbers; their g become z̄.
  private func slopes(
    theta: Float, height: Float, start: Float, _ input: Span<Float>, _ range: Range<Int>,
    _ flow: inout MutableSpan<Float>
  ) -> (theta: Double, height: Double, start: Double) {
    let ticks = forward.ticks
    var sums = (theta: 0.0, height: 0.0, start: 0.0)
    for index in range {
      let drive = (input[index] * ticks + start) / theta
      let g = flow[index]
      let count = min(max(drive.rounded(.down), forward.least), forward.most)
      sums.height += Double(g * count / ticks)
      guard drive - 0.5 > forward.least, drive - 0.5 < forward.most else {
        flow[index] = 0
        continue
      }
      flow[index] = g * height / theta
      sums.start += Double(g * height / (theta * ticks))
      sums.theta += Double(g * height / ticks * drive / theta)
    }
    return sums
  }
}
