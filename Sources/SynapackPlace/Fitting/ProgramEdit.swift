internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Changes of a program's shape. The results have no weights: they are held against a chip and
/// never run.
enum ProgramEdit {
  /// Without weights, which are of no use once their shape has changed.
  static func shapeOnly(_ program: SpikingProgram) -> SpikingProgram {
    var program = program
    for index in program.connections.indices {
      program.connections[index].synapses = emptied(program.connections[index].synapses)
    }
    return program
  }

  private static func emptied(_ synapses: Synapses) -> Synapses {
    switch synapses {
    case .dense(let weights): .dense(IntegerWeights(shape: weights.shape, values: []))
    case .convolution(let weights, let window, let groups):
      .convolution(
        IntegerWeights(shape: weights.shape, values: []), window: window, groups: groups)
    }
  }

  /// One threshold for all neurons of a layer; `nil` where that is so.
  static func oneThresholdEach(_ program: SpikingProgram) -> SpikingProgram? {
    var program = program
    var changed = false
    for index in program.populations.indices {
      let values = program.populations[index].thresholds.values
      guard let first = values.first, values.contains(where: { $0 != first }) else { continue }
      program.populations[index].thresholds = Parameter([first])
      changed = true
    }
    return changed ? program : nil
  }

  /// `bits` a weight at most, everywhere.
  static func narrowed(_ program: SpikingProgram, bits: Int) -> SpikingProgram {
    var program = program
    for index in program.connections.indices {
      program.connections[index].weightBits = min(bits, program.connections[index].weightBits)
    }
    return program
  }

  /// A layer with its first `channels` channels; `nil` where grouped convolutions tie it to others.
  static func cut(_ program: SpikingProgram, _ layer: Int, channels: Int) -> SpikingProgram? {
    guard let planes = program.populations[layer].shape.planes,
      (1...max(1, planes.channels)).contains(channels)
    else { return nil }
    return resized(program, layer, channels).flatMap(refitted)
  }

  /// Keeps what belongs to the first channels of as many as there were.
  private static func cutParameters(
    _ population: inout Population, _ before: Int, to channels: Int
  ) {
    func cut(_ parameter: Parameter) -> Parameter {
      let count = parameter.values.count
      guard before > 1, count > 1, count.isMultiple(of: before) else { return parameter }
      return Parameter(Array(parameter.values.prefix(count / before * channels)))
    }
    population.thresholds = cut(population.thresholds)
    population.biases = cut(population.biases)
    population.initial = cut(population.initial)
  }

  /// A layer whose kernels take steps `factor` times as wide.
  static func stride(_ program: SpikingProgram, _ layer: Int, factor: Int) -> SpikingProgram? {
    var program = program
    var changed = false
    for index in program.connections.indices where program.connections[index].target == layer {
      guard
        case .convolution(let weights, var window, let groups) = program.connections[index].synapses
      else { return nil }
      guard window.kernel.x > 1 || window.kernel.y > 1 || program.incoming(layer).count > 1 else {
        return nil
      }
      window.stride = Extent(y: window.stride.y * factor, x: window.stride.x * factor)
      program.connections[index].synapses = .convolution(weights, window: window, groups: groups)
      changed = true
    }
    return changed ? refitted(program) : nil
  }

  /// Every layer but the one that is read out with a share of its channels.
  static func thinned(_ program: SpikingProgram, eighths: Int) -> SpikingProgram? {
    var thin = program
    for layer in program.populations.indices where layer != program.readout.population {
      guard let planes = program.populations[layer].shape.planes,
        let next = resized(thin, layer, max(1, planes.channels * eighths / 8))
      else { return nil }
      thin = next
    }
    return refitted(thin)
  }

  /// Grouped convolutions with all the weights that they leave out, which are zeros.
  static func ungrouped(_ program: SpikingProgram) -> SpikingProgram? {
    var program = shapeOnly(program)
    var changed = false
    for index in program.connections.indices {
      guard
        case .convolution(let weights, let window, let groups) = program.connections[index].synapses,
        groups > 1, let inputs = weights.shape[1].times(groups),
        let shape = try? Shape([weights.shape[0], inputs, weights.shape[2], weights.shape[3]])
      else { continue }
      program.connections[index].synapses = .convolution(
        IntegerWeights(shape: shape, values: []), window: window, groups: 1)
      changed = true
    }
    return changed ? program : nil
  }

  private static func ties(_ program: SpikingProgram, _ layer: Int) -> Bool {
    program.connections.contains { connection in
      guard case .convolution(_, _, let groups) = connection.synapses, groups > 1 else {
        return false
      }
      return connection.target == layer || connection.source == .population(layer)
    }
  }

  /// As ``cut(_:_:channels:)`` without the connections, which are made to fit at the end.
  private static func resized(
    _ program: SpikingProgram, _ layer: Int, _ channels: Int
  ) -> SpikingProgram? {
    var program = program
    var dimensions = program.populations[layer].shape.dimensions
    guard !dimensions.isEmpty else { return nil }
    dimensions[0] = channels
    guard let shape = try? Shape(dimensions) else { return nil }
    let old = program.populations[layer].shape.planes ?? (0, 0, 0)
    program.populations[layer].shape = shape
    cutParameters(&program.populations[layer], old.channels, to: channels)
    return program
  }

  /// Layers with the first of their channels, as many as `channels` says.
  static func resized(_ program: SpikingProgram, _ channels: [Int: Int]) -> SpikingProgram? {
    var result = program
    for layer in program.populations.indices {
      guard let count = channels[layer], count != program.populations[layer].shape.planes?.channels
      else { continue }
      guard let next = resized(result, layer, count) else { return nil }
      result = next
    }
    return refitted(result)
  }

  /// A layer as `parts` layers with a share of its channels each.
  static func split(_ program: SpikingProgram, _ layer: Int, parts: Int) -> SpikingProgram? {
    guard let planes = program.populations[layer].shape.planes, parts > 1,
      planes.channels.isMultiple(of: parts), layer != program.readout.population,
      !ties(program, layer)
    else { return nil }
    guard let part = cut(program, layer, channels: planes.channels / parts) else { return nil }
    var result = part
    // Part one stands where the layer stood; the others follow it.
    for copy in 1..<parts {
      var population = part.populations[layer]
      population.name += " part \(copy + 1)"
      result = inserted(population, into: result, at: layer + copy, like: layer)
    }
    return result
  }

  /// Puts a population behind others and gives it the connections of another.
  private static func inserted(
    _ population: Population, into program: SpikingProgram, at index: Int, like model: Int
  ) -> SpikingProgram {
    var program = program
    func moved(_ population: Int) -> Int { population >= index ? population + 1 : population }
    program.populations.insert(population, at: index)
    program.readout.population = moved(program.readout.population)
    var connections: [Connection] = []
    for var connection in program.connections {
      connection.target = moved(connection.target)
      if case .population(let source) = connection.source {
        connection.source = .population(moved(source))
      }
      connections.append(connection)
    }
    for connection in connections {
      var copy = connection
      if connection.target == model {
        copy.target = index
        connections.append(copy)
      } else if connection.source == .population(model) {
        copy.source = .population(index)
        connections.append(copy)
      }
    }
    program.connections = connections
    return program
  }

  /// Gives every connection weights of the shape that its ends need, and every layer the extent
  /// that arrives.
  private static func refitted(_ program: SpikingProgram) -> SpikingProgram? {
    var program = shapeOnly(program)
    for layer in program.populations.indices {
      guard let planes = program.populations[layer].shape.planes else { return nil }
      var shape: Shape?
      for index in program.connections.indices where program.connections[index].target == layer {
        var connection = program.connections[index]
        guard
          let arriving = try? connection.relayedShape(from: program.shape(of: connection.source)),
          let weights = fitted(connection.synapses, arriving, planes.channels)
        else { return nil }
        connection.synapses = weights
        guard let output = connection.outputShape(for: arriving) else { return nil }
        if let shape, shape.count != output.count { return nil }
        shape = shape ?? output
        program.connections[index] = connection
      }
      guard let shape else { return nil }
      if shape != program.populations[layer].shape,
        shape.count != program.populations[layer].shape.count
      {
        program.populations[layer].shape = shape
        shrink(&program.populations[layer], planes.channels)
      }
    }
    return program
  }

  /// Parameters of single neurons have no meaning in another plane; one of each channel is kept.
  private static func shrink(_ population: inout Population, _ channels: Int) {
    func shrunk(_ parameter: Parameter) -> Parameter {
      guard parameter.values.count > channels, channels > 0 else { return parameter }
      let size = parameter.values.count / channels
      return Parameter((0..<channels).map { parameter.values[$0 * size] })
    }
    population.thresholds = shrunk(population.thresholds)
    population.biases = shrunk(population.biases)
    population.initial = shrunk(population.initial)
  }

  private static func fitted(
    _ synapses: Synapses, _ arriving: Shape, _ outputs: Int
  ) -> Synapses? {
    switch synapses {
    case .dense:
      guard let shape = try? Shape([outputs, arriving.count]) else { return nil }
      return .dense(IntegerWeights(shape: shape, values: []))
    case .convolution(let weights, let window, let groups):
      guard let planes = arriving.planes else { return nil }
      let old = weights.shape
      // A depthwise convolution stays one; other groups must divide what arrives.
      let isDepthwise = groups > 1 && old[1] == 1 && old[0] == groups
      let parts = isDepthwise ? planes.channels : groups
      guard parts > 0, planes.channels.isMultiple(of: parts), outputs.isMultiple(of: parts),
        let shape = try? Shape([outputs, planes.channels / parts, old[2], old[3]])
      else { return nil }
      return .convolution(
        IntegerWeights(shape: shape, values: []), window: window, groups: parts)
    }
  }
}
