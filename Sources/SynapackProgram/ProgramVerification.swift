public import SynapackSupport
internal import SynapackTensor

extension SpikingProgram {
  /// Holds the program to its invariants: order, shapes, widths, and sums that cannot overflow.
  ///
  /// - Throws: `SYN0401` for structure, `SYN0402` for a value outside its declared width,
  ///   `SYN0403` where a neuron's input of one tick could leave 62 bits.
  public func verify() throws(PackError) {
    guard (1...SpikingProgram.largestTimesteps).contains(timesteps) else {
      throw malformed("\(timesteps) timesteps; 1 to \(SpikingProgram.largestTimesteps) are allowed")
    }
    if case .staggered(let delay) = schedule, !Schedule.delays.contains(delay) {
      throw malformed("a stagger of \(delay) ticks")
    }
    try verifyInput()
    guard populations.indices.contains(readout.population) else {
      throw malformed("the readout population \(readout.population) does not exist")
    }
    guard (0..<timesteps).contains(readout.discards),
      readout.exit.map({ $0.limits.count == timesteps }) ?? true
    else { throw malformed("a readout that does not fit \(timesteps) ticks") }
    var names = Set<String>()
    for (index, population) in populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        guard names.insert(population.name).inserted else {
          throw malformed("two populations have this name")
        }
        try population.verify()
        for connection in connections where connection.target == index {
          try verify(connection)
        }
        if case .compensated(let compensation) = population.model {
          try verify(compensation, of: population, at: index)
        }
      }
    }
    let order = connections.map { [$0.target, $0.source.order] }
    guard zip(order, order.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) || $0 == $1 })
    else { throw malformed("the connections are not ordered by target and source") }
    guard connections.allSatisfy({ populations.indices.contains($0.target) }) else {
      throw malformed("a connection ends in a population that does not exist")
    }
    _ = try inputBounds()
  }

  /// The most ticks a window may have.
  public static let largestTimesteps = 65_536

  private func verifyInput() throws(PackError) {
    let isSound =
      switch input.encoding {
      case .constantCurrent(let bits, _, _), .events(let bits, _, _): (2...16).contains(bits)
      case .poisson: true
      }
    let scale = input.encoding.scale
    guard (1...timesteps).contains(inputTicks) else {
      throw malformed("an input of \(inputTicks) ticks in \(timesteps)")
    }
    guard isSound, scale.isFinite, scale > 0, input.shape.planes != nil else {
      throw malformed("an input of \(input.shape), encoded as \(input.encoding)")
    }
  }

  private func verify(_ connection: Connection) throws(PackError) {
    if case .population(let source) = connection.source {
      guard (0..<connection.target).contains(source) else {
        throw malformed("a connection leads from population \(source) to \(connection.target)")
      }
    }
    let target = populations[connection.target].shape
    let arriving = try connection.relayedShape(from: shape(of: connection.source))
    guard connection.outputShape(for: arriving)?.count == target.count,
      connection.outputShape(for: arriving)?.planes.map({ [$0.channels, $0.height, $0.width] })
        == target.planes.map({ [$0.channels, $0.height, $0.width] })
    else {
      throw malformed(
        "weights \(connection.synapses.weights.shape) lead from \(arriving) not to \(target)")
    }
    let weights = connection.synapses.weights
    guard (2...16).contains(connection.weightBits), weights.count == weights.shape.count
    else {
      throw malformed("\(weights.count) weights of \(connection.weightBits) bits")
    }
    let limit = Int16.max >> Int16(16 - connection.weightBits)
    let summary = weights.summary
    guard summary.lowest >= -limit, summary.highest <= limit else {
      throw PackError(
        .valueOutsideWidth,
        "a weight lies outside −\(limit)...\(limit), the range of \(connection.weightBits) bits",
        hint: "raise the weight bits")
    }
  }

  func malformed(_ message: String) -> PackError {
    PackError(.malformedProgram, message, hint: "make the bundle again from its model")
  }
}

extension Source {
  /// The place in the order of a target's connections: the input first.
  public var order: Int {
    switch self {
    case .input: -1
    case .population(let index): index
    }
  }
}

extension Population {
  func verify() throws(PackError) {
    guard shape.planes != nil, shape.count > 0 else {
      throw malformed("the shape \(shape) is not [N], [C, L] or [C, H, W]")
    }
    for (role, parameter) in [
      ("thresholds", thresholds), ("biases", biases), ("initial membranes", initial),
    ] where !parameter.fits(shape) {
      throw malformed("\(parameter.values.count) \(role) for \(shape)")
    }
    guard (2...32).contains(biasBits), membrane.contains(0) else {
      throw malformed("biases of \(biasBits) bits, membranes \(membrane)")
    }
    let limit = Int32.max >> Int32(32 - biasBits)
    guard biases.values.allSatisfy({ (-limit...limit).contains($0) }) else {
      throw outside("a bias lies outside the range of \(biasBits) bits")
    }
    guard initial.values.allSatisfy(membrane.contains) else {
      throw outside("an initial membrane lies outside \(membrane)")
    }
    if case .integrateAndFire(let behaviour) = model { try verify(behaviour) }
  }

  private func verify(_ behaviour: FiringBehaviour) throws(PackError) {
    guard thresholds.values.allSatisfy({ $0 > 0 && membrane.contains($0) }) else {
      throw outside("a threshold is not positive or lies above the membrane's ceiling")
    }
    let payloads = behaviour.payloads
    guard payloads.lowerBound <= 0, payloads.upperBound >= 1, payloads.lowerBound >= -32_767,
      payloads.upperBound <= 32_767
    else { throw malformed("payloads \(payloads)") }
    if let shift = behaviour.leakShift, !(1...31).contains(shift) {
      throw malformed("a leak shift of \(shift)")
    }
  }

  private func outside(_ message: String) -> PackError {
    PackError(.valueOutsideWidth, message, hint: "raise the width")
  }

  private func malformed(_ message: String) -> PackError {
    PackError(.malformedProgram, message, hint: "make the bundle again from its model")
  }
}
