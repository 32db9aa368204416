internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One list of connections of one sign: a file of rows for PyNN's `FromListConnector`.
struct SpiNNakerProjection {
  /// What s16.15 holds, and what a receptor takes in one step with a weight's last bit at 1.
  static let largestMembrane = Int64(1 << 16) - 1
  static let largestSum = Int64(1 << 15) - 1

  /// The group of ``AxonRun`` that sends, and the population that hears.
  let source: Int
  let target: Int
  let isExcitatory: Bool
  /// Ordered by source, then target: of any other list sPyNNaker 7.4.1 takes the longest row wrongly
  /// (`FromListConnector.__numpy_group` splits the list as it came where the sorted one ends), and
  /// what such a row has no room for is dropped.
  let synapses: [SynapseList.Synapse]

  /// The projections of synapses of both signs, neither of them empty.
  static func split(
    _ synapses: [SynapseList.Synapse], from source: Int, to target: Int
  ) -> [SpiNNakerProjection] {
    [true, false].compactMap { isExcitatory in
      let own = synapses.filter { $0.weight != 0 && ($0.weight > 0) == isExcitatory }
      guard !own.isEmpty else { return nil }
      return SpiNNakerProjection(
        source: source, target: target, isExcitatory: isExcitatory, synapses: own)
    }
  }

  func document(file: String) -> JSON {
    .object([
      "from": .integer(source), "to": .integer(target), "file": .string(file),
      "receptor": .string(isExcitatory ? "excitatory" : "inhibitory"),
    ])
  }

  /// PyNN's text: columns named in front, weights in the sign of the receptor, a delay of one step.
  var text: String {
    var text = "# columns = [\"i\", \"j\", \"weight\", \"delay\"]\n"
    for synapse in synapses {
      text += "\(synapse.source)\t\(synapse.target)\t\(synapse.weight)\t1\n"
    }
    return text
  }
}

/// One population: its parameters and all lists of connections into it.
struct SpiNNakerLayer {
  let document: JSON
  let projections: [SpiNNakerProjection]

  init(_ export: AxonExport, _ index: Int, target: String) throws(PackError) {
    let population = export.program.populations[index]
    let axons = SpiNNakerLayer.axons(export, index)
    let depth = try SpiNNakerLayer.depth(export, index, axons.map(\.weights), target)
    let count = population.shape.count
    var projections = SpiNNakerLayer.projections(export, index)
    for axon in axons {
      let synapses = axon.weights.enumerated().map {
        SynapseList.Synapse(source: 0, target: $0, weight: Int($1))
      }
      projections += SpiNNakerProjection.split(synapses, from: axon.group, to: index)
    }
    let fires = population.payloads != 0...0
    if fires {
      // The way back from the reset to zero.
      let own = (0..<count).map { SynapseList.Synapse(source: $0, target: $0, weight: depth) }
      let group = export.run.group(population: index)
      projections += SpiNNakerProjection.split(own, from: group, to: index)
    }
    let sums = try SpiNNakerLayer.sums(projections, export.program, index, target)
    let thresholds =
      fires
      ? population.thresholds.expanded(to: population.shape).map { Int($0) }
      : [Int(SpiNNakerProjection.largestMembrane)]
    document = .object([
      "reset": .integer(-depth), "thresholds": .array(thresholds.map(JSON.integer)),
      "sums": .array(sums.map(JSON.integer)),
    ])
    self.projections = projections
  }

  /// The host's axons into a population: their groups, and one weight a neuron.
  private static func axons(
    _ export: AxonExport, _ index: Int
  ) -> [(group: Int, weights: [Int64])] {
    let count = export.program.populations[index].shape.count
    return export.plan.axons.enumerated().filter { $1.population == index }.map { number, axon in
      let each = axon.weights.count == 1
      return (
        export.run.group(axon: number),
        each ? Array(repeating: axon.weights[0], count: count) : axon.weights
      )
    }
  }

  /// −F: below what a membrane reaches until all populations are done, whatever is gated.
  private static func depth(
    _ export: AxonExport, _ index: Int, _ axons: [[Int64]], _ target: String
  ) throws(PackError) -> Int {
    let down = MembraneReach.step(export.program, index).down
    let up = MembraneReach.bounds(export.program)[index].upperBound
    let axons = axons.reduce(Int64(0)) { $0 - min(0, $1.min() ?? 0) }
    let depth = (Int64(export.plan.steps).times(-down) ?? .max).adding(axons) ?? .max
    guard depth <= SpiNNakerProjection.largestSum, up < SpiNNakerProjection.largestMembrane else {
      throw PackError(
        .saturationNotCarried,
        "a membrane could get to \(up), or down by \(depth); \(target) holds "
          + "\(SpiNNakerProjection.largestMembrane) and \(SpiNNakerProjection.largestSum)",
        hint: RefusalAdvice.smaller(
          export.program, index, sum: max(depth, up), limit: SpiNNakerProjection.largestSum))
    }
    return Int(max(1, depth))
  }

  /// What hears the input or other populations.
  private static func projections(_ export: AxonExport, _ index: Int) -> [SpiNNakerProjection] {
    let program = export.program
    return program.incoming(index).flatMap { connection -> [SpiNNakerProjection] in
      let shape = program.shape(of: connection.source)
      let list = SynapseList(connection, from: shape, to: program.populations[index].shape)
      switch connection.source {
      case .population(let source):
        guard program.populations[source].payloads != 0...0 else { return [] }
        return SpiNNakerProjection.split(
          list.synapses, from: export.run.group(population: source), to: index)
      case .input:
        let group = export.run.group(inputShift: export.plan.shifts[index])
        let synapses = export.run.digits.enumerated().flatMap { number, digit in
          list.synapses.map {
            SynapseList.Synapse(
              source: number * shape.count + $0.source, target: $0.target,
              weight: $0.weight * digit)
          }
        }
        return SpiNNakerProjection.split(synapses, from: group, to: index)
      }
    }
  }

  /// The most that one step brings to the excitatory and the inhibitory receptor of any neuron.
  private static func sums(
    _ projections: [SpiNNakerProjection], _ program: SpikingProgram, _ index: Int,
    _ target: String
  ) throws(PackError) -> [Int] {
    let count = program.populations[index].shape.count
    return try [true, false].map { (isExcitatory) throws(PackError) in
      var sums = Array(repeating: Int64(0), count: count)
      for projection in projections where projection.isExcitatory == isExcitatory {
        for synapse in projection.synapses {
          sums[synapse.target] += Int64(synapse.weight.magnitude)
        }
      }
      let most = sums.max() ?? 0
      guard most <= SpiNNakerProjection.largestSum else {
        throw PackError(
          .saturationNotCarried,
          "one step could bring \(most) to a neuron, a receptor of \(target) takes "
            + "\(SpiNNakerProjection.largestSum)",
          hint: RefusalAdvice.smaller(
            program, index, sum: most, limit: SpiNNakerProjection.largestSum))
      }
      return Int(most)
    }
  }
}
