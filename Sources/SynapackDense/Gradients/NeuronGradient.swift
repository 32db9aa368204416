internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The mean output of neurons with leak, synapse or hard reset, back through their ticks.
///
///     s = H(v − θ)  with  ∂s/∂(v − θ) ≈ max(0, 1 − |v − θ|/w)/w,  w = |θ|, 1 where θ = 0
///
/// H: the step at 0; v: the membrane before the reset. The triangle of area 1 stands in for the
/// derivative of the step; everything else is exact, the reset included. A neuron without a
/// threshold has no step, and its gradients are exact.
///
/// Source: Esser et al., "Convolutional networks for fast, energy-efficient neuromorphic
/// computing", PNAS 2016, for the triangle.
struct NeuronGradient: GradientKernel {
  private let op: Neuron
  private let values: [String: [Float]]
  private let size: Int

  init(_ op: Neuron, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    self.op = op
    size = input.count
    var values: [String: [Float]] = [:]
    for name in op.weightNames { values[name] = try weights.floats(name) }
    self.values = values
  }

  /// What one neuron works with; the synapse passes its input on where there is none.
  private struct Numbers {
    var alpha = 0.0
    var beta = 1.0
    var gamma = 0.0
    var delta = 0.0
    var epsilon = 0.0
    var theta: Double?
    var rho = 0.0
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var inputs = node.gradient
    var sums = values.mapValues { Array(repeating: 0.0, count: $0.count) }
    for index in inputs.indices {
      let place = index % size
      let (slopes, input) = slopes(numbers(place), Double(node.inputs[0][index]))
      let g = Double(inputs[index]) / Double(op.timesteps)
      inputs[index] = Float(g * input)
      func add(_ name: String?, _ slope: Double) {
        guard let name, let count = values[name]?.count else { return }
        sums[name]?[place * count / max(1, size)] += g * slope
      }
      add(op.synapse?.decay, slopes.alpha)
      add(op.synapse?.gain, slopes.beta)
      add(op.decay, slopes.gamma)
      add(op.gain, slopes.delta)
      add(op.drift, slopes.epsilon)
      add(op.threshold, slopes.theta ?? 0)
      if case .value(let name) = op.reset { add(name, slopes.rho) }
    }
    let names = Set(op.weightNames).sorted()
    return NodeGradients(
      inputs: [inputs], weights: names.map { ($0, (sums[$0] ?? []).map { Float($0) }) })
  }

  private func numbers(_ place: Int) -> Numbers {
    func value(_ name: String) -> Double {
      let values = values[name] ?? [0]
      return Double(values[place * values.count / max(1, size)])
    }
    var numbers = Numbers()
    if let synapse = op.synapse {
      numbers.alpha = value(synapse.decay)
      numbers.beta = value(synapse.gain)
    }
    numbers.gamma = value(op.decay)
    numbers.delta = value(op.gain)
    numbers.epsilon = value(op.drift)
    numbers.theta = op.threshold.map(value)
    if case .value(let name) = op.reset { numbers.rho = value(name) }
    return numbers
  }

  /// One tick as it went: the current, the membrane before and after it, and whether it spiked.
  private struct Tick {
    var before: (current: Double, membrane: Double)
    var current: Double
    var membrane: Double
    var fired: Bool
  }

  private func ticks(_ n: Numbers, _ input: Double) -> [Tick] {
    var (current, membrane) = (0.0, 0.0)
    return (0..<op.timesteps).map { _ in
      let before = (current, membrane)
      current = op.synapse == nil ? input : n.alpha * current + n.beta * input
      let reached = n.gamma * membrane + n.delta * current + n.epsilon
      let fired = n.theta.map { reached > $0 } ?? false
      membrane = reached
      if fired {
        switch op.reset {
        case .none: break
        case .subtract: membrane -= n.theta ?? 0
        case .value: membrane = n.rho
        }
      }
      return Tick(before: before, current: current, membrane: reached, fired: fired)
    }
  }

  /// The derivatives of Σ y over the ticks by each number and by the input.
  private func slopes(_ n: Numbers, _ input: Double) -> (Numbers, Double) {
    var slopes = Numbers(beta: 0, theta: 0)
    var (inputSlope, currentFlow, membraneFlow) = (0.0, 0.0, 0.0)
    for tick in ticks(n, input).reversed() {
      // From the membrane after the tick to the membrane before its reset.
      var reached = membraneFlow
      if let theta = n.theta {
        var spike = 1.0
        switch op.reset {
        case .none: break
        case .subtract:
          spike -= membraneFlow * theta
          slopes.theta? -= tick.fired ? membraneFlow : 0
        case .value:
          spike += membraneFlow * (n.rho - tick.membrane)
          slopes.rho += tick.fired ? membraneFlow : 0
          reached = tick.fired ? 0 : membraneFlow
        }
        let slope = spike * NeuronGradient.triangle(tick.membrane - theta, theta)
        reached += slope
        slopes.theta? -= slope
      } else {
        reached += 1
      }
      slopes.gamma += reached * tick.before.membrane
      slopes.delta += reached * tick.current
      slopes.epsilon += reached
      membraneFlow = reached * n.gamma
      let current = currentFlow + reached * n.delta
      guard op.synapse != nil else {
        inputSlope += current
        continue
      }
      slopes.alpha += current * tick.before.current
      slopes.beta += current * input
      inputSlope += current * n.beta
      currentFlow = current * n.alpha
    }
    return (slopes, inputSlope)
  }

  private static func triangle(_ distance: Double, _ theta: Double) -> Double {
    let width = theta == 0 ? 1 : abs(theta)
    return max(0, 1 - abs(distance) / width) / width
  }
}
