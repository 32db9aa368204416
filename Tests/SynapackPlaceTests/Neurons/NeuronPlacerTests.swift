import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

/// Neurons without a structure: partitions, their refinement, and both with a placement.
@Suite struct NeuronPlacerTests {
  /// Each neuron sends to some others nearby in their order, none to itself.
  private func network(
    _ count: Int, fanOut: Int, using random: inout SeededGenerator
  ) -> NeuronNetwork {
    NeuronNetwork(count: count) { neuron, row in
      for _ in 0..<fanOut {
        let target = neuron + Int.random(in: -count / 6...count / 6, using: &random)
        if target != neuron { row.append(Int32(target)) }
      }
      return Float(Int.random(in: 1...5, using: &random))
    }
  }

  /// What of the limits the parts break, counted anew.
  private func excess(
    _ partition: NeuronPartition, _ network: NeuronNetwork, _ limits: CoreLimits
  ) -> [String] {
    var neurons = [Int](repeating: 0, count: partition.parts)
    var heard = [Set<Int>](repeating: [], count: partition.parts)
    for part in partition.part { neurons[Int(part)] += 1 }
    for neuron in 0..<network.count {
      for target in network.targets(of: neuron) {
        heard[Int(partition.part[Int(target)])].insert(neuron)
      }
    }
    return (0..<partition.parts).filter {
      neurons[$0] > limits.neurons || neurons[$0] == 0 || heard[$0].count > limits.inboundAxons
    }.map { "part \($0): \(neurons[$0]) neurons hear \(heard[$0].count)" }
  }

  @Test func rowsAreCleanedAndTransposed() {
    let rows: [[Int32]] = [[2, 1, 2, -1, 7], [], [0]]
    let network = NeuronNetwork(count: 3) { neuron, row in
      row += rows[neuron]
      return neuron == 1 ? .nan : 2
    }
    #expect((0..<3).map { Array(network.targets(of: $0)) } == [[1, 2], [], [0]])
    #expect(network.rates == [2, 0, 2])
    let heard = network.targets.transposed(count: 3)
    #expect((0..<3).map { Array(heard.values[heard.row($0)]) } == [[2], [0], [0]])
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func partitionsKeepTheLimits(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let network = network(300, fanOut: 6, using: &random)
    let limits = CoreLimits(
      neurons: Int.random(in: 8...40, using: &random),
      inboundAxons: Int.random(in: 40...120, using: &random))
    let sequential = try #require(NeuronPartition.sequential(network, limits))
    let overlap = try #require(NeuronPartition.overlap(network, limits))
    for partition in [sequential, overlap] {
      #expect(partition.part.count == 300)
      #expect(excess(partition, network, limits).isEmpty, "seed \(seed)")
    }
  }

  /// What the refinement says it saves is the difference of the energies, counted from the traffic.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func whatARefinementSavesIsSaved(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let network = network(240, fanOut: 5, using: &random)
    let limits = CoreLimits(neurons: 24, inboundAxons: 90)
    let start = try #require(
      NeuronPartition.sequential(network, CoreLimits(neurons: 20, inboundAxons: 80)))
    let mesh = MeshGeometry(rows: 6, columns: 6)
    let places = randomPlaces(start.parts, mesh, using: &random)
    func energy(_ partition: NeuronPartition) -> Double {
      MeshCost(of: network.graph(partition), at: places, on: mesh, .loihi).energy
    }
    var refinement = PartitionRefinement(
      ItemTraffic(network), start.part, parts: start.parts, .ofNeurons)
    var room = NeuronPlacer.NeuronRoom(start, limits)
    let saved = refinement.run(.init(.loihi, mesh, places), passes: 3, &room)
    let refined = NeuronPartition(part: refinement.part, parts: refinement.parts)
    #expect(saved > 0)
    let difference = energy(start) - energy(refined)
    #expect(abs(Double(saved) - difference) < 1e-4 * energy(start), "seed \(seed)")
    #expect(excess(refined, network, limits).isEmpty, "seed \(seed)")
  }

  @Test func thoroughPlacementsAreNoWorseThanTheOrder() throws {
    var random = SeededGenerator(seed: 7)
    let network = network(600, fanOut: 6, using: &random)
    let limits = CoreLimits(neurons: 32, inboundAxons: 128)
    let mesh = MeshGeometry(rows: 8, columns: 8)
    let options = MeshPlacer.Options(effort: 0.2)
    let order = try #require(NeuronPartition.sequential(network, limits))
    let plain = try MeshPlacer.place(
      network.graph(order), on: mesh, .loihi, options: options)
    let found = try NeuronPlacer.place(network, limits, on: mesh, .loihi, options: options)
    #expect(found.placement.cost.product < plain.cost.product)
    #expect(excess(found.partition, network, limits).isEmpty)
    let again = MeshCost(of: found.graph, at: found.placement.places, on: mesh, .loihi)
    #expect(again == found.placement.cost)
    let quick = try NeuronPlacer.place(
      network, limits, on: mesh, .loihi, options: options, isThorough: false)
    #expect(quick.placement.cost.product <= plain.cost.product)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    var random = SeededGenerator(seed: 9)
    let network = network(100, fanOut: 5, using: &random)
    func code(_ limits: CoreLimits, side: Int) -> ErrorCode? {
      let error = #expect(throws: PackError.self) {
        try NeuronPlacer.place(
          network, limits, on: MeshGeometry(rows: side, columns: side), .loihi)
      }
      return error?.code
    }
    #expect(code(CoreLimits(neurons: 10, inboundAxons: 2), side: 20) == .resourceExceeded)
    #expect(code(CoreLimits(neurons: 0, inboundAxons: 99), side: 20) == .resourceExceeded)
    #expect(code(CoreLimits(neurons: 10, inboundAxons: 99), side: 2) == .doesNotFit)
  }
}
