import SynapackProgram
import SynapackTensor

/// The spiking machine written straight from its definition: all populations advance together,
/// tick by tick, every synapse is visited, all sums are 64 bits wide, nothing is skipped.
///
/// It shares no code with the simulator but the types of the program, and has its own clock.
struct ReferenceSimulator {
  let program: SpikingProgram

  struct Result: Equatable {
    var scores: [Int64] = []
    /// Per population: per tick from 0: the payloads of every neuron and its membrane.
    var payloads: [[[Int]]] = []
    var membranes: [[[Int]]] = []
    var opens: [Int] = []
    var begins: [Int] = []
    var ends: [Int] = []
  }

  func run(_ input: [Int]) -> Result {
    var result = Result()
    let ticks = program.timesteps
    let (travel, lag): (Int, Int) =
      switch program.schedule {
      case .wavefront: (0, 0)
      case .tick: (1, 1)
      case .staggered(let delay): (0, delay)
      case .accumulate: (0, ticks)
      }
    var biasFrom: [Int] = []
    for (index, population) in program.populations.enumerated() {
      var sources = program.connections.filter { $0.target == index }.map(\.source)
      if case .compensated(let compensation) = population.model,
        case .product(let product) = compensation.drive
      {
        sources += [.population(product.left.source), .population(product.right.source)]
      }
      var opens = 0
      var firsts: [Int] = []
      for source in sources {
        switch source {
        case .input: firsts.append(0)
        case .population(let q):
          firsts.append(result.opens[q] + travel)
          opens = max(opens, result.opens[q] + lag)
        }
      }
      let last = firsts.max() ?? 0
      biasFrom.append(last)
      result.opens.append(opens)
      result.begins.append(firsts.min() ?? 0)
      if case .integrator = population.model {
        result.ends.append(last + ticks)
      } else {
        result.ends.append(opens + ticks)
      }
    }
    var v = program.populations.map { $0.initial.expanded(to: $0.shape).map(Int.init) }
    var memory = program.populations.map { Array(repeating: 0, count: $0.shape.count) }
    var sent = program.populations.map { _ in [[Int]]() }
    var kept = program.populations.map { _ in [[Int]]() }
    // What a compensated neuron has sent.
    var paid = memory
    for tick in 0..<(result.ends.max() ?? 0) {
      for (index, population) in program.populations.enumerated() {
        let count = population.shape.count
        var s = Array(repeating: 0, count: count)
        if tick >= result.begins[index], tick < result.ends[index] {
          var sums = Array(repeating: 0, count: count)
          if tick >= biasFrom[index], tick < biasFrom[index] + ticks {
            sums = population.biases.expanded(to: population.shape).map(Int.init)
          }
          for connection in program.connections where connection.target == index {
            let arriving: [Int]
            switch connection.source {
            case .input:
              let size = program.input.shape.count
              let first = program.input.encoding.varies ? tick * size : 0
              arriving =
                tick < (program.input.ticks ?? ticks) ? Array(input[first..<first + size]) : []
            case .population(let q):
              arriving =
                tick - travel >= 0 && tick - travel < sent[q].count
                ? sent[q][tick - travel] : []
            }
            if arriving.isEmpty { continue }
            add(connection, arriving, program.shape(of: connection.source), &sums)
          }
          s = advance(
            population, sums, open: tick >= result.opens[index], &v[index], &memory[index])
          if case .compensated(let compensation) = population.model, tick >= result.opens[index] {
            let reference = CompensationReference(
              population: population, compensation: compensation,
              heard: min(max(tick - biasFrom[index] + 1, 1), ticks),
              ticks: tick - result.opens[index] + 1)
            if case .product(let product) = compensation.drive {
              v[index] = reference.membranes(
                product,
                totals: [product.left.source, product.right.source].map { source in
                  total(sent[source], until: tick - travel, of: program.populations[source])
                })
            }
            s = reference.payloads(v[index], &paid[index])
          }
        }
        sent[index].append(s)
        kept[index].append(v[index])
      }
    }
    result.payloads = sent
    result.membranes = kept
    result.scores = scores(after: ticks, result)
    return result
  }

  /// The scores after tick 1...T of the readout's window.
  func scores(after tick: Int, _ result: Result) -> [Int64] {
    let readout = program.readout.population
    let first = result.ends[readout] - program.timesteps
    func value(_ tick: Int, _ neuron: Int) -> Int64 {
      switch program.readout.decoding {
      case .membrane: Int64(result.membranes[readout][first + tick - 1][neuron])
      case .count:
        Int64(result.payloads[readout][..<(first + tick)].reduce(0) { $0 + $1[neuron] })
      }
    }
    let discards = program.readout.discards
    return (0..<program.populations[readout].shape.count).map { neuron in
      value(tick, neuron) - (discards > 0 ? value(discards, neuron) : 0)
    }
  }

  /// The sums of a source's payloads up to a tick, that one included.
  private func total(_ sent: [[Int]], until tick: Int, of population: Population) -> [Int] {
    var sums = Array(repeating: 0, count: population.shape.count)
    for (sentIn, payloads) in sent.enumerated() where sentIn <= tick {
      for (neuron, payload) in payloads.enumerated() { sums[neuron] += payload }
    }
    return sums
  }

  private func advance(
    _ population: Population, _ sums: [Int], open: Bool, _ v: inout [Int], _ memory: inout [Int]
  ) -> [Int] {
    let theta = population.thresholds.expanded(to: population.shape).map(Int.init)
    return v.indices.map { i in
      if case .integrateAndFire(let behaviour) = population.model,
        let shift = behaviour.leakShift
      {
        v[i] -= v[i] >> shift
      }
      v[i] = max(
        Int(population.membrane.lowerBound),
        min(Int(population.membrane.upperBound), v[i] + sums[i]))
      guard case .integrateAndFire(let behaviour) = population.model, open else { return 0 }
      var s = Int((Double(v[i]) / Double(theta[i])).rounded(.down))
      s = min(max(s, behaviour.payloads.lowerBound), behaviour.payloads.upperBound)
      if behaviour.memory {
        s = max(s, -memory[i])
        memory[i] += s
      }
      if behaviour.reset == .subtract { v[i] -= s * theta[i] } else if s != 0 { v[i] = 0 }
      return s
    }
  }

  private func add(_ connection: Connection, _ payloads: [Int], _ shape: Shape, _ sums: inout [Int])
  {
    guard let planes = shape.planes else { return }
    let channels = planes.channels
    var (height, width) = (planes.height, planes.width)
    var values = payloads
    for relay in connection.relays {
      let outHeight =
        (height + relay.padding.top + relay.padding.bottom + relay.overhang.y
          - relay.kernel.y) / relay.stride.y + 1
      let outWidth =
        (width + relay.padding.left + relay.padding.right + relay.overhang.x
          - relay.kernel.x) / relay.stride.x + 1
      var next = Array(repeating: 0, count: channels * outHeight * outWidth)
      for c in 0..<channels {
        for y in 0..<outHeight {
          for x in 0..<outWidth {
            for ky in 0..<relay.kernel.y {
              for kx in 0..<relay.kernel.x {
                let (r, q) = (
                  y * relay.stride.y + ky - relay.padding.top,
                  x * relay.stride.x + kx - relay.padding.left
                )
                if r >= 0, r < height, q >= 0, q < width {
                  next[(c * outHeight + y) * outWidth + x] += values[(c * height + r) * width + q]
                }
              }
            }
          }
        }
      }
      values = next
      (height, width) = (outHeight, outWidth)
    }
    let weights = connection.synapses.weights.values.map(Int.init)
    let dimensions = connection.synapses.weights.shape.dimensions
    switch connection.synapses {
    case .dense:
      for o in 0..<dimensions[0] {
        for i in 0..<dimensions[1] { sums[o] += weights[o * dimensions[1] + i] * values[i] }
      }
    case .convolution(_, let window, let groups):
      let plane = sums.count / dimensions[0]
      let outWidth =
        (width + window.padding.left + window.padding.right
          - window.dilation.x * (window.kernel.x - 1) - 1) / window.stride.x + 1
      for o in 0..<dimensions[0] {
        let base = o / (dimensions[0] / groups) * dimensions[1]
        for p in 0..<plane {
          for i in 0..<dimensions[1] {
            for ky in 0..<dimensions[2] {
              for kx in 0..<dimensions[3] {
                let r = p / outWidth * window.stride.y + ky * window.dilation.y - window.padding.top
                let q =
                  p % outWidth * window.stride.x + kx * window.dilation.x - window.padding.left
                if r >= 0, r < height, q >= 0, q < width {
                  sums[o * plane + p] +=
                    weights[((o * dimensions[1] + i) * dimensions[2] + ky) * dimensions[3] + kx]
                    * values[((base + i) * height + r) * width + q]
                }
              }
            }
          }
        }
      }
    }
  }
}
