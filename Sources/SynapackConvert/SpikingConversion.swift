public import SynapackGraph
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Builds the spiking graph: every site of the plan becomes a population of neurons with its
/// balanced thresholds; what is linear stays.
public struct SpikingConversion {
  private let graph: Graph<Analog>
  private let plan: SpikingPlan
  private let balance: Balance
  private let options: ConversionOptions
  private var draft: GraphDraft
  private var wires: [WireID: WireID] = [:]
  private var amplitudes: [WireID: String] = [:]

  /// Converts `graph`, to which every rule of ``GraphRules`` has been applied.
  ///
  /// - Throws: `SYN0301` where a layer has no spiking form.
  public static func convert(
    _ graph: Graph<Analog>, plan: SpikingPlan, balance: Balance, options: ConversionOptions,
    _ report: inout Report
  ) throws(PackError) -> Graph<Spiking> {
    try plan.check()
    var conversion = SpikingConversion(graph, plan, balance, options)
    for node in graph.nodes {
      try within(.node(node.name)) { () throws(PackError) in
        try conversion.build(node, &report)
      }
      try conversion.carry(node.output, &report)
    }
    conversion.draft.outputs = graph.outputs.compactMap { conversion.wires[$0] }
    let used = Set(conversion.draft.nodes.flatMap { $0.op.payload.weightNames })
    conversion.draft.weights.keepOnly(used)
    return try Graph<Spiking>(verifying: conversion.draft)
  }

  private init(
    _ graph: Graph<Analog>, _ plan: SpikingPlan, _ balance: Balance, _ options: ConversionOptions
  ) {
    self.graph = graph
    self.plan = plan
    self.balance = balance
    self.options = options
    draft = GraphDraft(weights: graph.weights, origin: graph.origin)
    for input in graph.inputs {
      let wire = draft.addWire(graph.wires[input.index].name, graph.shape(of: input))
      draft.inputs.append(wire)
      wires[input] = wire
    }
  }

  private mutating func build(_ node: Node, _ report: inout Report) throws(PackError) {
    let inputs = node.inputs.compactMap { wires[$0] }
    if case .constant = node.op {
      wires[node.output] = try draft.addNode(node.name, node.op, [])
      return
    }
    guard let input = inputs.first, let step = plan.steps[node.name] else { return }
    switch (step, node.op) {
    case (.fire, _):
      wires[node.output] = try fire(node.name, input, signed: false)
    case (.sumPool(let factor), .averagePool(let op)):
      let sum = try draft.addNode(
        node.name + ".sum", .windowSum(WindowSum(window: op.window)), [input])
      wires[node.output] = try draft.addNode(node.name, .scale(Scale(factor: factor)), [sum])
    case (.firingPool, .averagePool(let op)):
      wires[node.output] = try firingPool(node, op, input)
    case (.tournament, .maxPool(let op)):
      wires[node.output] = try tournament(node, op.window, input)
      if options.schedule != .accumulate {
        report.add(
          Loss(
            .maxPoolByTournament, .warning, subject: node.name,
            "max-pooling by a tournament of integrate-and-fire neurons; spikes out of order can "
              + "add a spike"))
      }
    case (.depthwise, _): wires[node.output] = try depthwise(node, input)
    case (.compensate, _):
      let value = try draft.addNode(node.name + ".value", node.op, inputs)
      wires[node.output] = try fire(node.name, value, signed: true)
    default: wires[node.output] = try draft.addNode(node.name, node.op, inputs)
    }
  }

  /// Puts the neuron of a carried wire behind it.
  private mutating func carry(_ wire: WireID, _ report: inout Report) throws(PackError) {
    guard let site = plan.carried[wire], let input = wires[wire] else { return }
    guard site.sign == .signed else {
      wires[wire] = try fire(site.name, input, signed: false)
      return
    }
    // Who carries operators on running means carries payloads of both signs.
    if options.payloads.lowerBound < 0 || plan.isCompensated {
      wires[wire] = try fire(site.name, input, signed: true)
      return
    }
    // z = max(z, 0) − max(−z, 0)
    let positive = try fire(site.name, input, signed: false)
    let mirrored = try draft.addNode(site.name + ".mirrored", .scale(Scale(factor: -1)), [input])
    let negative = try fire(site.name + ".negative", mirrored, signed: false, like: site.name)
    let subtracted = try draft.addNode(
      site.name + ".subtracted", .scale(Scale(factor: -1)), [negative])
    wires[wire] = try draft.addNode(site.name + ".pair", .add(Add()), [positive, subtracted])
    report.add(
      Finding(
        .linearByPair, .note, "a wire of both signs is carried by two neurons a value",
        at: .layer(site.name)))
  }

  private mutating func fire(
    _ name: String, _ input: WireID, signed: Bool, like site: String? = nil
  ) throws(PackError) -> WireID {
    let thresholds = balance.thresholds[site ?? name] ?? []
    let threshold = try add(name + ".threshold", thresholds)
    let initial = try add(name + ".initial", thresholds.map { $0 / 2 })
    let output = try draft.addNode(
      name, spike(threshold, amplitude: threshold, initial, signed: signed), [input])
    amplitudes[output] = threshold
    return output
  }

  private func spike(
    _ threshold: String, amplitude: String, _ initial: String, signed: Bool
  ) -> Op {
    let (lower, upper) = (options.payloads.lowerBound, options.payloads.upperBound)
    let isTwin = signed && plan.isCompensated
    return .spike(
      Spike(
        threshold: threshold, amplitude: amplitude, initial: initial,
        lower: isTwin ? -upper : lower, upper: upper,
        memory: lower < 0 && !signed, timesteps: options.timesteps))
  }

  private mutating func add(_ name: String, _ values: [Float]) throws(PackError) -> String {
    let name = draft.weights.freshName(name)
    draft.weights[name] = try Tensor(shape: try Shape([values.count]), floats: values)
    return name
  }

  /// Sum-pooling whose divisor n differs from place to place: θ·n a neuron, and a payload stands
  /// for θ everywhere.
  private mutating func firingPool(
    _ node: Node, _ op: AveragePool, _ input: WireID
  ) throws(PackError) -> WireID {
    guard let source = node.inputs.first else { return input }
    let divisors = try op.divisors(input: graph.shape(of: source))
    let thresholds = balance.thresholds[node.name] ?? []
    let raised = thresholds.flatMap { threshold in divisors.map { threshold * Float($0) } }
    let sum = try draft.addNode(
      node.name + ".sum", .windowSum(WindowSum(window: op.window)), [input])
    let threshold = try add(node.name + ".threshold", raised)
    let initial = try add(node.name + ".initial", raised.map { $0 / 2 })
    let amplitude = try add(node.name + ".amplitude", thresholds)
    let output = try draft.addNode(
      node.name, spike(threshold, amplitude: amplitude, initial, signed: false), [sum])
    amplitudes[output] = amplitude
    return output
  }

  /// A factor and offset a channel as a convolution of 1×1 in as many groups as channels.
  private mutating func depthwise(_ node: Node, _ input: WireID) throws(PackError) -> WireID {
    let shape = draft.wires[input.index].shape
    let channels = shape.planes?.channels ?? 1
    let (scale, shift): ([Float], [Float])
    switch node.op {
    case .batchNormalization(let op): (scale, shift) = try op.affine(draft.weights)
    case .channelAffine(let op):
      (scale, shift) = try op.affine(draft.weights, channels: channels)
    default: return input
    }
    let weight = draft.weights.freshName(node.name + ".scale")
    draft.weights[weight] = try Tensor(
      shape: try Shape([channels, 1, 1, 1]), floats: scale)
    let bias = try add(node.name + ".shift", shift)
    let convolution = Convolution(
      weight: weight, bias: bias, window: Window(kernel: Extent(y: 1, x: 1)), groups: channels)
    let output = try draft.addNode(node.name, .convolution(convolution), [input])
    guard draft.wires[output.index].shape != shape else { return output }
    return try draft.addNode(node.name + ".reshape", .reshape(Reshape(shape: shape)), [output])
  }
}

extension SpikingConversion {
  /// Max-pooling from neurons alone, in pairs until one value is left:
  ///
  ///     max(a, b) = b + max(a − b, 0)
  ///
  /// The difference is a neuron with the source's own threshold, so that under a schedule that
  /// hears the whole input first its payload count is exactly max(Nₐ − N_b, 0): the membrane starts
  /// at θ/2, so that a rounding of less than half a payload changes no count. The value b is not a
  /// neuron: whoever reads the maximum is connected to both.
  private mutating func tournament(
    _ node: Node, _ window: Window, _ input: WireID
  ) throws(PackError) -> WireID {
    guard let amplitude = try amplitude(of: input) else {
      throw PackError(
        .defect, "max-pooling of a wire without one amplitude", hint: "please report this model")
    }
    let halves = try draft.weights.floats(amplitude).map { $0 / 2 }
    let initial = try add(node.name + ".initial", halves)
    var values: [WireID] = []
    for y in 0..<window.kernel.y {
      for x in 0..<window.kernel.x {
        let pick = try pick(Extent(y: y, x: x), window, node)
        values.append(
          try draft.addNode("\(node.name).pick.\(y).\(x)", .windowSum(pick), [input]))
      }
    }
    let winner = try Tournament.winner(of: values, pool: node.name) {
      (name, first, second) throws(PackError) in
      let minus = try draft.addNode(name + ".minus", .scale(Scale(factor: -1)), [second])
      let difference = try draft.addNode(name + ".difference", .add(Add()), [first, minus])
      let excess = try draft.addNode(
        name, spike(amplitude, amplitude: amplitude, initial, signed: false), [difference])
      return try draft.addNode(name + ".maximum", .add(Add()), [excess, second])
    }
    return winner ?? input
  }

  /// The operator that takes one cell of every window.
  private func pick(
    _ cell: Extent, _ window: Window, _ node: Node
  ) throws(PackError) -> WindowSum {
    guard let source = node.inputs.first, let from = graph.shape(of: source).planes,
      let to = graph.shape(of: node.output).planes
    else {
      throw PackError(.defect, "max-pooling of no plane", hint: "please report this model")
    }
    let top = window.padding.top - cell.y * window.dilation.y
    let left = window.padding.left - cell.x * window.dilation.x
    return WindowSum(
      window: Window(
        kernel: Extent(y: 1, x: 1), stride: window.stride,
        padding: Edges(
          top: top, left: left,
          bottom: (to.height - 1) * window.stride.y + 1 - from.height - top,
          right: (to.width - 1) * window.stride.x + 1 - from.width - left)))
  }

  /// The name of the weights that hold what a payload on `wire` stands for, a channel.
  private mutating func amplitude(of wire: WireID) throws(PackError) -> String? {
    if let known = amplitudes[wire] { return known }
    guard let producer = draft.nodes.first(where: { $0.output == wire }) else { return nil }
    switch producer.op {
    case .reshape:
      return try producer.inputs.first.flatMap { (input) throws(PackError) in
        try amplitude(of: input)
      }
    case .concat(let op) where op.axis == 0:
      var values: [Float] = []
      for input in producer.inputs {
        guard let name = try amplitude(of: input) else { return nil }
        values += try draft.weights.floats(name)
      }
      return try add(producer.name + ".amplitude", values)
    default: return nil
    }
  }
}
