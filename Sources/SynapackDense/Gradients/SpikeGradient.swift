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
    let input = node.inputs[0]
    let ticks = forward.ticks
    for index in values.indices {
      let place = index % forward.size
      let (t, h, s) = (threshold.place(place), amplitude.place(place), initial.place(place))
      let (theta, height) = (threshold.values[t], amplitude.values[h])
      let drive = (input[index] * ticks + initial.values[s]) / theta
      let g = values[index]
      let count = min(max(drive.rounded(.down), forward.least), forward.most)
      heights[h] += Double(g * count / ticks)
      guard drive - 0.5 > forward.least, drive - 0.5 < forward.most else {
        values[index] = 0
        continue
      }
      values[index] = g * height / theta
      starts[s] += Double(g * height / (theta * ticks))
      thetas[t] -= Double(g * height / ticks * drive / theta)
    }
    return NodeGradients(
      inputs: [values],
      weights: [
        (op.threshold, thetas.map { Float($0) }), (op.amplitude, heights.map { Float($0) }),
        (op.initial, starts.map { Float($0) }),
      ])
  }
}
