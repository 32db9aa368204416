/// Who exchanges how much with whom, without a direction: compressed sparse rows.
struct Adjacency: Sendable {
  /// Row c is `links[offsets[c] ..< offsets[c + 1]]`, ascending by cluster, without c itself.
  let offsets: [Int]
  let links: [ClusterGraph.Link]

  var count: Int { offsets.count - 1 }

  @inline(__always)
  func row(_ cluster: Int) -> Range<Int> { offsets[cluster]..<offsets[cluster + 1] }

  init(offsets: [Int], links: [ClusterGraph.Link]) {
    self.offsets = offsets
    self.links = links
  }

  /// Adds the transposed rows of directed links, which ascend in each row, to the rows.
  init(count: Int, _ offsets: [Int], _ links: [ClusterGraph.Link]) {
    let (incoming, sources) = Adjacency.transposed(count, offsets, links)
    var merged: [ClusterGraph.Link] = []
    merged.reserveCapacity(2 * links.count)
    var mergedOffsets = [0]
    mergedOffsets.reserveCapacity(count + 1)
    for cluster in 0..<count {
      var (a, b) = (offsets[cluster], incoming[cluster])
      let (endA, endB) = (offsets[cluster + 1], incoming[cluster + 1])
      while a < endA || b < endB {
        if b >= endB || (a < endA && links[a].cluster < sources[b].cluster) {
          merged.append(links[a])
          a += 1
        } else if a >= endA || sources[b].cluster < links[a].cluster {
          merged.append(sources[b])
          b += 1
        } else {
          merged.append(
            .init(cluster: links[a].cluster, weight: links[a].weight + sources[b].weight))
          a += 1
          b += 1
        }
      }
      mergedOffsets.append(merged.count)
    }
    self.init(offsets: mergedOffsets, links: merged)
  }

  /// The links by their target, each row ascending by source.
  static func transposed(
    _ count: Int, _ offsets: [Int], _ links: [ClusterGraph.Link]
  ) -> (offsets: [Int], links: [ClusterGraph.Link]) {
    var incoming = [Int](repeating: 0, count: count + 1)
    for link in links { incoming[Int(link.cluster) + 1] += 1 }
    for index in 0..<count { incoming[index + 1] += incoming[index] }
    var sources = [ClusterGraph.Link](repeating: .init(cluster: 0, weight: 0), count: links.count)
    var next = incoming
    for source in 0..<count {
      for index in offsets[source]..<offsets[source + 1] {
        let target = Int(links[index].cluster)
        sources[next[target]] = .init(cluster: Int32(source), weight: links[index].weight)
        next[target] += 1
      }
    }
    return (incoming, sources)
  }

  /// The graph of groups: what the members of two groups exchange, added up.
  ///
  /// - Parameters:
  ///   - group: for each cluster its group, below `groups`.
  ///   - members: the clusters of each group.
  func grouped(_ group: [Int32], members: [[Int32]]) -> Adjacency {
    var offsets = [0]
    offsets.reserveCapacity(members.count + 1)
    var result: [ClusterGraph.Link] = []
    var sums = [Float](repeating: 0, count: members.count)
    var touched: [Int32] = []
    for (index, own) in members.enumerated() {
      touched.removeAll(keepingCapacity: true)
      for member in own {
        for link in links[row(Int(member))] {
          let other = group[Int(link.cluster)]
          guard Int(other) != index else { continue }
          if sums[Int(other)] == 0 { touched.append(other) }
          sums[Int(other)] += link.weight
        }
      }
      touched.sort()
      for other in touched {
        result.append(.init(cluster: other, weight: sums[Int(other)]))
        sums[Int(other)] = 0
      }
      offsets.append(result.count)
    }
    return Adjacency(offsets: offsets, links: result)
  }
}
