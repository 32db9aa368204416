public import SynapackBundle
internal import SynapackConvert
public import SynapackGraph
internal import SynapackPlace
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// What can be said of a file without running it.
public enum Inspection {
  /// A model: its graph, its parameters, and node by node whether it has a spiking form.
  public static func model(_ graph: Graph<Analog>, digest: Digest? = nil) -> JSON {
    let prepared = (try? GraphRules.applied(to: graph)) ?? graph
    let plan = SpikingPlan(prepared)
    let refused = plan.refusals.map { refusal -> JSON in
      .object([
        "node": .string(refusal.node), "op": .string(refusal.op), "advice": .string(refusal.advice),
      ])
    }
    let names = Set(plan.refusals.map(\.node))
    var members = common(graph, digest)
    members["phase"] = "analog"
    members["nodes"] = .array(
      graph.nodes.map {
        node(
          graph, $0, isConvertible: !names.contains($0.name),
          isCompensated: plan.isCompensated($0.name))
      })
    members["convertible"] = .bool(plan.isConvertible)
    members["refused"] = .array(refused)
    members["populations"] = .integer(plan.sites.count)
    return .object(members)
  }

  /// What is said of a model in either phase.
  static func common<P: Phase>(_ graph: Graph<P>, _ digest: Digest?) -> [String: JSON] {
    [
      "schema": "synapack.inspect/1", "kind": "model",
      "format": .string(graph.origin.format), "producer": .string(graph.origin.producer),
      "version": .string(graph.origin.version),
      "digest": graph.origin.digest.map { .string($0.description) } ?? .null,
      "graphDigest": digest.map { .string($0.description) } ?? .null,
      "parameters": .integer(graph.parameterCount),
      "inputs": .array(graph.inputs.map { wire(graph, $0) }),
      "outputs": .array(graph.outputs.map { wire(graph, $0) }),
    ]
  }

  private static func wire<P: Phase>(_ graph: Graph<P>, _ wire: WireID) -> JSON {
    .object([
      "name": .string(graph.wires[wire.index].name),
      "shape": shape(graph.shape(of: wire).dimensions),
    ])
  }

  static func node<P: Phase>(
    _ graph: Graph<P>, _ node: Node, isConvertible: Bool, isCompensated: Bool = false
  ) -> JSON {
    let parameters = node.op.payload.weightNames.reduce(0) {
      $0 + (graph.weights[$1]?.shape.count ?? 0)
    }
    return .object([
      "name": .string(node.name), "op": .string(node.op.name),
      "outputShape": shape(graph.shape(of: node.output).dimensions),
      "parameters": .integer(parameters),
      "convertible": .bool(isConvertible), "compensated": .bool(isCompensated),
    ])
  }

  /// A bundle: its identity, sections, program and losses.
  public static func bundle(_ stored: StoredBundle) -> JSON {
    let program = stored.bundle.program
    return .object([
      "schema": "synapack.inspect/1", "kind": "bundle",
      "formatVersion": .string("\(stored.formatMajor).\(stored.formatMinor)"),
      "contentID": .string(stored.contentID.description), "bytes": .integer(stored.fileBytes),
      "generator": .string(stored.bundle.generator),
      "origin": .object([
        "format": .string(stored.bundle.origin.format),
        "digest": .string(stored.bundle.origin.digest),
        "producer": .string(stored.bundle.origin.producer),
        "version": .string(stored.bundle.origin.version),
      ]),
      "preprocess": .string(stored.bundle.preprocess),
      "recipe": JSON(parsing: stored.bundle.recipe) ?? .null,
      "timesteps": .integer(program.timesteps),
      "windowTicks": .integer(GatedProgram.windowTicks(of: program)),
      "schedule": .string(program.schedule.description), "readout": readout(program.readout),
      "neurons": .integer(program.neurons),
      "weights": .integer(program.weightCounts.all),
      "weightBytes": .integer(stored.weightBytes),
      "weightEntropyBytes": .integer(WeightEntropy.bytes(of: program)),
      "containerBytes": .integer(stored.containerBytes),
      "connectionSparsity": .number(program.connectionSparsity),
      "footprintBytes": .integer(program.footprintBytes),
      "latencyTicks": .integer(Clock(program).latency),
      "input": .object([
        "name": .string(program.input.name), "shape": shape(program.input.shape.dimensions),
      ]),
      "populations": .array(program.populations.indices.map { population(program, $0) }),
      "sections": .array(stored.sections.map(section)),
      "conformanceVectors": .integer(stored.bundle.conformance.count),
      "chip": stored.bundle.placement.map { .string($0.chip) } ?? .null,
      "losses": losses(stored.bundle.report),
    ])
  }

  private static func population(_ program: SpikingProgram, _ index: Int) -> JSON {
    let population = program.populations[index]
    return .object([
      "name": .string(population.name), "shape": shape(population.shape.dimensions),
      "payloads": .string(
        "\(population.payloads.lowerBound)...\(population.payloads.upperBound)"),
      "connections": .integer(program.incoming(index).count),
    ])
  }

  /// How the answer is read; a tick whose limit no score reaches has `null`.
  private static func readout(_ readout: Readout) -> JSON {
    var exit = JSON.null
    if let rule = readout.exit {
      exit = .object([
        "measure": .string(rule.measure.rawValue),
        "limits": .array(
          rule.limits.map { $0 == ExitRule.never ? .null : .integer(Int($0)) }),
      ])
    }
    return .object([
      "decoding": .string(readout.decoding.rawValue), "discards": .integer(readout.discards),
      "exit": exit,
    ])
  }

  private static func section(_ section: SectionInfo) -> JSON {
    .object([
      "name": .string(section.name), "stored": .integer(section.storedBytes),
      "raw": .integer(section.rawBytes), "codec": .string(section.coding.name),
      "digest": .string(section.rawDigest),
    ])
  }

  private static func losses(_ report: String) -> JSON {
    guard case .object(let members)? = JSON(parsing: report) else { return .array([]) }
    return members["losses"] ?? .array([])
  }

  private static func shape(_ dimensions: [Int]) -> JSON {
    .array(dimensions.map(JSON.integer))
  }
}
