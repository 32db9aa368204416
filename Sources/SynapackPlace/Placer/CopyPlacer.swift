internal import SynapackSupport
internal import SynapackTensor

/// Places clusters that each have to lie on a certain one of several chips, so that no chip holds
/// more than it has room for: chip by chip, then the chips among one another, then all together by
/// exchanges on the same chip.
struct CopyPlacer {
  private let graph: ClusterGraph
  /// For each cluster which chip's worth of clusters it belongs to.
  private let groups: [Int]
  private let chip: Chip

  init(_ graph: ClusterGraph, _ groups: [Int], _ chip: Chip) {
    self.graph = graph
    self.groups = groups
    self.chip = chip
  }

  /// For each cluster its core.
  func places(
    _ options: MeshPlacer.Options, _ proceed: (MeshProgress) -> Bool
  ) throws(PackError) -> [Int] {
    let (rows, columns) = (chip.mesh.y / chip.copies.y, chip.mesh.x / chip.copies.x)
    let used = (groups.max() ?? -1) + 1
    let copies = try MeshPlacer.arrange(
      between(used), on: MeshGeometry(rows: chip.copies.y, columns: chip.copies.x),
      options: options, proceed: proceed
    ).places
    var places = [Int32](repeating: 0, count: graph.count)
    for group in 0..<used {
      let members = groups.indices.filter { groups[$0] == group }
      let inside = try MeshPlacer.arrange(
        within(members), on: unit(rows: rows, columns: columns), options: options,
        proceed: proceed
      ).places
      let (down, across) = Int(copies[group]).quotientAndRemainder(dividingBy: chip.copies.x)
      for (member, cell) in zip(members, inside) {
        let (y, x) = Int(cell).quotientAndRemainder(dividingBy: columns)
        let core = (down * rows + y) * chip.mesh.x + across * columns + x
        places[member] = Int32(truncatingIfNeeded: core)
      }
    }
    var state = MeshState(graph.adjacency, chip.geometry, places)
    exchange(&state, proceed)
    return state.places.map(Int.init)
  }

  /// The mesh of one of the chips, itself perhaps a board.
  private func unit(rows: Int, columns: Int) -> MeshGeometry {
    let whole = chip.geometry
    return MeshGeometry(
      rows: rows, columns: columns, chipRows: min(rows, whole.chipRows),
      chipColumns: min(columns, whole.chipColumns), crossing: whole.crossing)
  }

  /// What groups send one another.
  private func between(_ used: Int) -> ClusterGraph {
    var members = [[Int]](repeating: [], count: used)
    for (cluster, group) in groups.enumerated() { members[group].append(cluster) }
    return ClusterGraph(count: used) { group, row in
      for cluster in members[group] {
        for link in graph.links[graph.offsets[cluster]..<graph.offsets[cluster + 1]] {
          row.append(
            .init(
              cluster: Int32(truncatingIfNeeded: groups[Int(link.cluster)]), weight: link.weight))
        }
      }
    }
  }

  /// What clusters send one another, numbered as they come.
  private func within(_ members: [Int]) -> ClusterGraph {
    var numbers: [Int32: Int32] = [:]
    for (number, member) in members.enumerated() {
      numbers[Int32(truncatingIfNeeded: member)] = Int32(truncatingIfNeeded: number)
    }
    return ClusterGraph(count: members.count) { index, row in
      let member = members[index]
      for link in graph.links[graph.offsets[member]..<graph.offsets[member + 1]] {
        guard let target = numbers[link.cluster] else { continue }
        row.append(.init(cluster: target, weight: link.weight))
      }
    }
  }

  /// Moves each cluster to the core of its chip that saves most, whoever sits there changing places
  /// with it, until nothing is saved or the caller ends it.
  private func exchange(_ state: inout MeshState, _ proceed: (MeshProgress) -> Bool) {
    var cells = [[Int]](repeating: [], count: chip.copies.x * chip.copies.y)
    for core in 0..<chip.cores { cells[chip.copy(ofCore: core)].append(core) }
    for _ in 0..<CopyPlacer.passes {
      var saved: Float = 0
      for cluster in 0..<graph.count {
        var best: (change: Float, cell: Int) = (-1e-4, -1)
        for cell in cells[chip.copy(ofCore: Int(state.places[cluster]))] {
          let change = state.change(moving: cluster, to: cell)
          if change < best.change { best = (change, cell) }
        }
        guard best.cell >= 0 else { continue }
        state.move(cluster, to: best.cell)
        saved -= best.change
      }
      guard saved > 0, proceed(MeshProgress(phase: "anneal", hops: state.hops())) else { return }
    }
  }

  private static let passes = 8
}
