/// Neurons without a structure: whom each sends to, and how often.
public struct NeuronNetwork: Sendable {
  /// For each neuron the distinct neurons that hear it.
  let targets: IndexRows
  /// For each neuron the events that it sends in one inference.
  public let rates: [Float]

  public var count: Int { rates.count }

  /// Builds the rows one after another.
  ///
  /// - Parameters:
  ///   - count: the number of neurons.
  ///   - row: appends the neurons that hear one, in any order, and returns the events that it sends
  ///     in one inference. Targets outside `0 ..< count` and repeated ones are left out; a rate that
  ///     is not finite and positive is none.
  public init(count: Int, row: (Int, inout [Int32]) -> Float) {
    var targets = IndexRows()
    var rates: [Float] = []
    rates.reserveCapacity(count)
    var buffer: [Int32] = []
    for neuron in 0..<max(0, count) {
      buffer.removeAll(keepingCapacity: true)
      let rate = row(neuron, &buffer)
      rates.append(rate.isFinite && rate > 0 ? rate : 0)
      buffer.sort()
      var last: Int32 = -1
      for target in buffer where target > last && Int(target) < count {
        targets.values.append(target)
        last = target
      }
      targets.close()
    }
    self.targets = targets
    self.rates = rates
  }

  /// The neurons that hear one, ascending.
  public func targets(of neuron: Int) -> ArraySlice<Int32> { targets.values[targets.row(neuron)] }

  /// The traffic between parts: an event goes once to each part with a neuron that hears it.
  public func graph(_ partition: NeuronPartition) -> ClusterGraph {
    let part = partition.part
    var members = [[Int32]](repeating: [], count: partition.parts)
    for (neuron, part) in part.enumerated() { members[Int(part)].append(Int32(neuron)) }
    var stamp = [Int32](repeating: -1, count: partition.parts)
    return ClusterGraph(count: partition.parts) { own, row in
      for neuron in members[own] {
        for target in targets.values[targets.row(Int(neuron))] {
          let other = part[Int(target)]
          guard stamp[Int(other)] != neuron else { continue }
          stamp[Int(other)] = neuron
          row.append(.init(cluster: other, weight: rates[Int(neuron)]))
        }
      }
    }
  }
}

/// Lists of indices one after another: compressed sparse rows.
struct IndexRows: Sendable {
  /// Row r is `values[offsets[r] ..< offsets[r + 1]]`.
  private(set) var offsets: [Int] = [0]
  var values: [Int32] = []

  var count: Int { offsets.count - 1 }

  @inline(__always)
  func row(_ index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }

  /// Ends a row: what was appended to `values` since the last is in it.
  mutating func close() { offsets.append(values.count) }

  /// For each value below `count` the rows that hold it, ascending.
  func transposed(count: Int) -> IndexRows {
    var result = IndexRows()
    var starts = [Int](repeating: 0, count: count + 1)
    for value in values { starts[Int(value) + 1] += 1 }
    for index in 0..<count { starts[index + 1] += starts[index] }
    result.offsets = starts
    result.values = Array(repeating: 0, count: values.count)
    for index in 0..<self.count {
      for value in values[row(index)] {
        result.values[starts[Int(value)]] = Int32(truncatingIfNeeded: index)
        starts[Int(value)] += 1
      }
    }
    return result
  }
}
