internal import SynapackProgram
internal import SynapackTensor

/// Moves single blocks between cores while that saves energy where the cores lie.
struct BlockRefinement {
  private let blocks: [Block]
  private let traffic: ItemTraffic
  private let start: [Int32]
  private let parts: Int
  private let shapes: [Shape]
  private let packing: Packing

  init(_ cores: [[Block]], _ program: SpikingProgram, _ chip: Chip, rates: [Double]) {
    blocks = cores.flatMap(\.self)
    start = cores.enumerated().flatMap { core, blocks in
      blocks.map { _ in Int32(truncatingIfNeeded: core) }
    }
    parts = cores.count
    shapes = program.populations.map(\.shape)
    packing = Packing(program, chip)
    var (senders, weights, hearers) = ([Int32](), [Float](), IndexRows())
    for route in Traffic.routes(blocks.map { [$0] }, program, rates: rates) {
      senders.append(Int32(truncatingIfNeeded: route.core))
      weights.append(Float(route.weight))
      hearers.values += route.destinations.map { Int32(truncatingIfNeeded: $0) }
      hearers.close()
    }
    traffic = ItemTraffic(
      items: blocks.count, senders: senders, weights: weights, hearers: hearers)
  }

  /// The blocks of each core after the moves; `nil` where none helps.
  ///
  /// - Parameters:
  ///   - places: for each core its cell.
  ///   - stop: asked now and then; where it says true no more blocks move.
  func cores(
    at places: [Int32], on mesh: MeshGeometry, _ constants: MeshConstants,
    stop: () -> Bool = { false }
  ) -> [[Block]]? {
    guard blocks.count > parts else { return nil }
    var refinement = PartitionRefinement(traffic, start, parts: parts, .ofBlocks)
    var room = Room(self)
    let saved = refinement.run(.init(constants, mesh, places), passes: 4, &room, stop: stop)
    guard saved > 0 else { return nil }
    var cores = [[Block]](repeating: [], count: parts)
    for (block, part) in zip(blocks, refinement.part) { cores[Int(part)].append(block) }
    return cores
  }

  /// What fits a core next to what is there.
  private struct Room: PartLimits {
    private let refinement: BlockRefinement
    private var members: [[Int]]

    init(_ refinement: BlockRefinement) {
      self.refinement = refinement
      members = Array(repeating: [], count: refinement.parts)
      for (block, part) in refinement.start.enumerated() { members[Int(part)].append(block) }
    }

    func takes(_ item: Int, in part: Int, hearing nets: Int) -> Bool {
      let blocks = (members[part] + [item]).map { refinement.blocks[$0] }
      // What has no value fits nowhere; the cores as they are were counted before.
      return (try? refinement.packing.fits(coreCounts(blocks, shapes: refinement.shapes))) ?? false
    }

    mutating func moved(_ item: Int, from: Int, to: Int) {
      members[from].removeAll { $0 == item }
      members[to].append(item)
    }
  }
}
