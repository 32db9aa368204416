internal import SynapackPlace

/// Layers cut into blocks with the least halo, joined where they exchange most.
///
/// This is what `Tiling` does for programs, on shapes alone, and goes on to join blocks of
/// different layers while the limits of a core allow.
enum TilePartition {
  /// - Parameters:
  ///   - share: how much of a core one block may take, so that blocks can be joined.
  ///   - isSpatial: whether blocks hold all channels wherever that fits, so that layers are cut
  ///     alike and hear few blocks of one another.
  static func parts(
    _ network: LayeredNetwork, _ chip: VirtualChip, share: Double, isSpatial: Bool
  ) -> [[LayeredNetwork.Box]]? {
    var blocks: [LayeredNetwork.Box] = []
    for index in network.layers.indices {
      let limit = max(1, Int(Double(chip.neurons) * share))
      guard
        let own = tiles(network, index, neurons: limit, axons: chip.inboundAxons, isSpatial)
      else { return nil }
      blocks += own
    }
    return joined(network, chip, blocks)
  }

  private static func sizes(_ extent: Int) -> [Int] {
    var sizes: [Int] = []
    for parts in 1...max(1, extent) {
      let size = (extent + parts - 1) / parts
      if sizes.last != size { sizes.append(size) }
    }
    return sizes
  }

  private static func ranges(_ extent: Int, _ size: Int) -> [Range<Int>] {
    stride(from: 0, to: extent, by: size).map { $0..<min(extent, $0 + size) }
  }

  /// The blocks that hear the least in all; of equals the fewest.
  private static func tiles(
    _ network: LayeredNetwork, _ index: Int, neurons: Int, axons: Int, _ isSpatial: Bool
  ) -> [LayeredNetwork.Box]? {
    let layer = network.layers[index]
    var best: (heard: Double, blocks: Int, form: (Int, Int, Int))?
    for channels in sizes(layer.channels) where !(isSpatial && best != nil) {
      for rows in sizes(layer.height) where channels * rows <= neurons {
        for columns in sizes(layer.width) where channels * rows * columns <= neurons {
          let heard = heard(network, index, (channels, rows, columns))
          guard heard.most <= axons else { continue }
          let blocks =
            ranges(layer.channels, channels).count * ranges(layer.height, rows).count
            * ranges(layer.width, columns).count
          // Of shapes that hear about the same the squarer ones meet fewer others.
          let longest = Double(max(rows, columns)) / Double(min(rows, columns))
          let sum = Double(heard.sum) * (1 + 0.05 * min(longest, 10))
          if best.map({ (sum, blocks) < ($0.heard, $0.blocks) }) ?? true {
            best = (sum, blocks, (channels, rows, columns))
          }
        }
      }
    }
    guard let form = best?.form else { return nil }
    var boxes: [LayeredNetwork.Box] = []
    for rows in ranges(layer.height, form.1) {
      for columns in ranges(layer.width, form.2) {
        for channels in ranges(layer.channels, form.0) {
          boxes.append(.init(layer: index, channels: channels, rows: rows, columns: columns))
        }
      }
    }
    return boxes
  }

  /// Neurons that all blocks of a form hear, added up, and the most of one block.
  private static func heard(
    _ network: LayeredNetwork, _ index: Int, _ form: (Int, Int, Int)
  ) -> (sum: Int, most: Int) {
    let layer = network.layers[index]
    var (sum, most) = (0, 0)
    for input in layer.inputs {
      var total = (channels: 0, rows: 0, columns: 0)
      var largest = (channels: 0, rows: 0, columns: 0)
      func box(_ c: Range<Int>, _ y: Range<Int>, _ x: Range<Int>) -> LayeredNetwork.Box {
        network.heard(.init(layer: index, channels: c, rows: y, columns: x), input)
      }
      for range in ranges(layer.channels, form.0) {
        let count = box(range, 0..<1, 0..<1).channels.count
        total.channels += count
        largest.channels = max(largest.channels, count)
      }
      for range in ranges(layer.height, form.1) {
        let count = box(0..<1, range, 0..<1).rows.count
        total.rows += count
        largest.rows = max(largest.rows, count)
      }
      for range in ranges(layer.width, form.2) {
        let count = box(0..<1, 0..<1, range).columns.count
        total.columns += count
        largest.columns = max(largest.columns, count)
      }
      sum += total.channels * total.rows * total.columns
      most += largest.channels * largest.rows * largest.columns
    }
    return (sum, most)
  }

  /// Joins parts along the heaviest traffic while one core takes both.
  private static func joined(
    _ network: LayeredNetwork, _ chip: VirtualChip, _ blocks: [LayeredNetwork.Box]
  ) -> [[LayeredNetwork.Box]] {
    var parts = blocks.map { [$0] }
    var axons = Axons(network)
    while true {
      let graph = network.graph(parts)
      var sizes = parts.map { $0.reduce(0) { $0 + $1.neurons } }
      var pairs: [(weight: Float, a: Int, b: Int)] = []
      for source in 0..<graph.count {
        for link in graph.links[graph.offsets[source]..<graph.offsets[source + 1]]
        where sizes[source] + sizes[Int(link.cluster)] <= chip.neurons {
          pairs.append((link.weight, source, Int(link.cluster)))
        }
      }
      pairs.sort { ($1.weight, $0.a, $0.b) < ($0.weight, $1.a, $1.b) }
      var isTaken = [Bool](repeating: false, count: parts.count)
      var tried = 0
      var merged = false
      for pair in pairs where !isTaken[pair.a] && !isTaken[pair.b] {
        guard tried < 20 * parts.count else { break }
        tried += 1
        axons.clear()
        let both = parts[pair.a] + parts[pair.b]
        guard both.allSatisfy({ axons.add($0, limit: chip.inboundAxons) }) else { continue }
        isTaken[pair.a] = true
        isTaken[pair.b] = true
        sizes[pair.a] += sizes[pair.b]
        parts[pair.a] = both
        parts[pair.b] = []
        merged = true
      }
      // In the order of their first blocks, so that the order stays feed-forward.
      parts = parts.filter { !$0.isEmpty }
      guard merged else { return parts }
    }
  }
}
