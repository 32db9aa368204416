public import SynapackSupport
internal import SynapackTensor

extension Graph {
  /// A digest of what the graph computes, free of every name and of the order of its nodes.
  ///
  /// Equal networks from different formats have equal digests: each wire gets the digest of its
  /// operator, the operator's weights as float32 values with their shape, and the digests of the
  /// wires it reads; an input of the graph gets that of its place and shape. The graph's digest is
  /// that of its input shapes and its outputs in order. Every node is first brought to the form
  /// that ``CanonicalRules`` say. Nodes that no output depends on do not count, and a value computed
  /// twice counts as if it were computed once.
  ///
  /// Weights are read in pieces and never copied as a whole; the pieces go over `threads` threads.
  ///
  /// - Throws: `SYN0211` for a missing weight.
  public func canonicalDigest(threads: Int = 1) throws(PackError) -> Digest {
    let weightDigests = try WeightDigests(self, threads: threads)
    var form = CanonicalGraph()
    var digests: [WireID: Digest] = [:]
    for (place, input) in inputs.enumerated() {
      var builder = DigestBuilder()
      builder.add("input")
      builder.add(place)
      builder.add(shape(of: input))
      digests[input] = builder.digest()
    }
    for node in nodes {
      guard
        let canonical = form.add(
          CanonicalNode(
            op: node.op, inputs: node.inputs, inputShapes: node.inputs.map { shape(of: $0) },
            output: node.output, shape: shape(of: node.output)))
      else {
        digests[node.output] = digests[form.source(node.output)]
        continue
      }
      digests[node.output] = CanonicalFields.digest(canonical, digests, weightDigests)
    }
    var builder = DigestBuilder()
    builder.add("synapack.graph/1")
    builder.add(inputs.count)
    for input in inputs { builder.add(shape(of: input)) }
    for output in outputs { builder.add(digests[output]?.bytes ?? []) }
    return builder.digest()
  }
}

extension DigestBuilder {
  mutating func add(_ shape: Shape) {
    add(shape.rank)
    for extent in shape.dimensions { add(extent) }
  }
}

/// The digests of the weights that a graph uses, by name.
struct WeightDigests: Sendable {
  private var digests: [String: Digest] = [:]
  private var zeros: Set<String> = []

  /// Values a piece: 4 MiB of float32.
  private static let piece = 1 << 20

  init<P: Phase>(_ graph: Graph<P>, threads: Int) throws(PackError) {
    let names = Set(graph.nodes.flatMap { $0.op.payload.weightNames }).sorted()
    var pieces: [(tensor: Tensor, range: Range<Int>)] = []
    var counts: [Int] = []
    for name in names {
      let tensor = try graph.weights.tensor(name)
      let starts = stride(from: 0, to: tensor.shape.count, by: WeightDigests.piece)
      pieces += starts.map { start in
        (tensor, start..<min(start + WeightDigests.piece, tensor.shape.count))
      }
      counts.append(starts.underestimatedCount)
    }
    let parts = pieces
    let hashed = try parallelUnits(count: parts.count, threads: threads) {
      (index) throws(PackError) -> Digest in
      WeightDigests.digest(parts[index].tensor, parts[index].range)
    }
    var next = 0
    for (name, count) in zip(names, counts) {
      let tensor = try graph.weights.tensor(name)
      var builder = DigestBuilder()
      builder.add(tensor.shape)
      for digest in hashed[next..<next + count] { builder.add(digest.bytes) }
      next += count
      digests[name] = builder.digest()
      // Of other vectors than biases of zeros the first value settles it.
      if tensor.shape.rank == 1, tensor.floats(in: 0..<1) == [0],
        tensor.floats().allSatisfy({ $0 == 0 })
      {
        zeros.insert(name)
      }
    }
  }

  private static func digest(_ tensor: Tensor, _ range: Range<Int>) -> Digest {
    var builder = DigestBuilder()
    let size = tensor.type.byteCount
    let stored = range.lowerBound * size..<range.upperBound * size
    if tensor.type == .float32, tensor.quantization == nil {
      // Stored as it is hashed: little-endian float32.
      tensor.withBytes { builder.add($0.extracting(stored)) }
    } else {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(range.count * 4)
      for value in tensor.floats(in: range) {
        let bits = value.bitPattern
        for shift in stride(from: 0, to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
        }
      }
      builder.add(bytes)
    }
    tensor.releasePages(bytes: stored)
    return builder.digest()
  }

  subscript(name: String) -> [UInt8] { digests[name]?.bytes ?? [] }

  /// Whether a vector holds nothing but zeros.
  func isZero(_ name: String) -> Bool { zeros.contains(name) }
}
