internal import SynapackProgram
internal import SynapackTensor

/// Changes of what a program's layers are, beside those of their sizes.
extension ProgramEdit {
  /// Sum-poolings written out as weights, where their windows do not overlap and nothing pads:
  ///
  ///     pooling of p, kernel of k, stride s, padding a  →  kernel of k·p, stride s·p, padding a·p
  ///
  /// Exact: every weight stands p × p times. `nil` where there is no such pooling.
  static func unpooled(_ program: SpikingProgram) -> SpikingProgram? {
    var program = shapeOnly(program)
    var changed = false
    for index in program.connections.indices {
      let connection = program.connections[index]
      guard !connection.relays.isEmpty, let pooling = whole(connection.relays),
        let synapses = unpooled(
          connection.synapses, pooling, program.shape(of: connection.source))
      else { continue }
      program.connections[index].relays = []
      program.connections[index].synapses = synapses
      changed = true
    }
    return changed ? program : nil
  }

  /// The kernel of all poolings together; `nil` where windows overlap, leave cells out or pad.
  private static func whole(_ relays: [Window]) -> Extent? {
    var pooling = Extent(y: 1, x: 1)
    for relay in relays {
      guard relay == Window(kernel: relay.kernel, stride: relay.kernel) else { return nil }
      pooling = Extent(
        y: Bounded.product(pooling.y, relay.kernel.y), x: Bounded.product(pooling.x, relay.kernel.x)
      )
    }
    return pooling
  }

  private static func unpooled(
    _ synapses: Synapses, _ pooling: Extent, _ source: Shape
  ) -> Synapses? {
    guard let planes = source.planes, planes.height.isMultiple(of: pooling.y),
      planes.width.isMultiple(of: pooling.x)
    else { return nil }
    let old = synapses.weights.shape
    switch synapses {
    case .dense:
      guard let shape = try? Shape([old[0], source.count]) else { return nil }
      return .dense(IntegerWeights(shape: shape, values: []))
    case .convolution(_, let window, let groups):
      guard window.dilation == Extent(y: 1, x: 1),
        let shape = try? Shape([
          old[0], old[1], Bounded.product(old[2], pooling.y), Bounded.product(old[3], pooling.x),
        ])
      else { return nil }
      var window = window
      window.kernel = Extent(y: shape[2], x: shape[3])
      window.stride = Extent(
        y: Bounded.product(window.stride.y, pooling.y),
        x: Bounded.product(window.stride.x, pooling.x))
      window.padding = Edges(
        top: Bounded.product(window.padding.top, pooling.y),
        left: Bounded.product(window.padding.left, pooling.x),
        bottom: Bounded.product(window.padding.bottom, pooling.y),
        right: Bounded.product(window.padding.right, pooling.x))
      return .convolution(
        IntegerWeights(shape: shape, values: []), window: window, groups: groups)
    }
  }

  /// A program of at most `count` layers: those go that hear a layer of their own shape over a
  /// connection without pooling, the last first; what heard them hears that layer.
  static func shallower(
    _ program: SpikingProgram, layers count: Int
  ) -> (program: SpikingProgram, removed: [String])? {
    var program = shapeOnly(program)
    var removed: [String] = []
    while program.populations.count > count {
      let candidate = program.populations.indices.last { layer in
        layer != program.readout.population && predecessor(of: layer, in: program) != nil
      }
      guard let layer = candidate, let before = predecessor(of: layer, in: program) else {
        return nil
      }
      removed.append(program.populations[layer].name)
      program = without(layer, before, program)
    }
    return removed.isEmpty ? nil : (program, removed.reversed())
  }

  private static func predecessor(of layer: Int, in program: SpikingProgram) -> Int? {
    for connection in program.incoming(layer) where connection.relays.isEmpty {
      guard case .population(let source) = connection.source, source != layer,
        program.populations[source].shape == program.populations[layer].shape
      else { continue }
      return source
    }
    return nil
  }

  private static func without(
    _ layer: Int, _ before: Int, _ program: SpikingProgram
  ) -> SpikingProgram {
    var program = program
    func moved(_ population: Int) -> Int { population > layer ? population - 1 : population }
    program.populations.remove(at: layer)
    program.readout.population = moved(program.readout.population)
    program.connections = program.connections.compactMap { connection in
      guard connection.target != layer else { return nil }
      var connection = connection
      connection.target = moved(connection.target)
      if case .population(let source) = connection.source {
        connection.source = .population(moved(source == layer ? before : source))
      }
      return connection
    }
    return program
  }
}
