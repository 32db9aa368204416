import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackCompress

/// Networks with joins, concatenations, depthwise kernels and flattened planes, made smaller.
struct ChannelPruningTests {
  private let image = 2 * 6 * 6

  /// conv → relu ─┬ depthwise → relu → conv ─ add → relu → pool → flatten → linear
  ///              └───────────────────────────┘
  private func residual(seed: Int) throws -> Graph<Analog> {
    var builder = try GraphBuilder(seed: UInt64(seed), input: [2, 6, 6])
    let first = try builder.convolution(builder.input, 8, kernel: 3, name: "first")
    let one = try builder.add(.relu(Relu()), first)
    let depth = try builder.convolution(one, 8, kernel: 3, groups: 8, name: "depth")
    let two = try builder.add(.relu(Relu()), depth)
    let second = try builder.convolution(two, 8, kernel: 1, name: "second")
    let joined = try builder.add(.add(Add()), one, second)
    let three = try builder.add(.relu(Relu()), joined)
    let window = Window(kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 2))
    let pooled = try builder.add(
      .averagePool(AveragePool(window: window, countsPadding: false)), three)
    let flat = try builder.add(.reshape(Reshape(shape: Shape([8 * 9]))), pooled)
    let last = try builder.linear(flat, 3, name: "last")
    return try builder.graph(last)
  }

  /// The graph where some entries of a node's weights, and of its bias where rows go, are zero.
  private func silencing(
    _ graph: Graph<Analog>, _ node: String, rows: Set<Int> = [],
    columns: (Int) -> Bool = { _ in false }
  ) throws -> Graph<Analog> {
    var draft = graph.draft
    let names = try #require(graph.nodes.first { $0.name == node }).op.payload.weightNames
    for (place, name) in names.enumerated() {
      let tensor = try graph.weights.tensor(name)
      var values = tensor.floats()
      let row = values.count / tensor.shape[0]
      for index in values.indices
      where rows.contains(index / row) || (place == 0 && columns(index % row)) {
        values[index] = 0
      }
      draft.weights[name] = try Tensor(shape: tensor.shape, floats: values)
    }
    return try Graph(verifying: draft)
  }

  /// The graph where one row of a node's weights, and of its bias, is a copy of another.
  private func repeating(
    _ graph: Graph<Analog>, _ node: String, row: Int, in copy: Int
  ) throws -> Graph<Analog> {
    var draft = graph.draft
    for name in try #require(graph.nodes.first { $0.name == node }).op.payload.weightNames {
      let tensor = try graph.weights.tensor(name)
      var values = tensor.floats()
      let size = values.count / tensor.shape[0]
      values.replaceSubrange(
        copy * size..<(copy + 1) * size, with: values[row * size..<(row + 1) * size])
      draft.weights[name] = try Tensor(shape: tensor.shape, floats: values)
    }
    return try Graph(verifying: draft)
  }

  private func samples(_ count: Int, seed: Int) -> [Float] {
    var random = SeededGenerator(seed: UInt64(1_000 + seed))
    return (0..<count * image).map { _ in random.unitFloat() * 2 - 0.5 }
  }

  @Test func channelsOfAResidualGroupGoTogether() throws {
    let classes = ChannelClasses(try residual(seed: 1))
    // Both convolutions of the join and everything between them but the depthwise path's reader.
    #expect(classes.families.count == 1 && classes.members.count == 8)
    for members in classes.members {
      let wires = Set(members.map(\.wire))
      #expect(wires.count == 9, "\(wires)")
      // 9 places of the flattened plane and one of each other wire.
      #expect(members.count == 8 + 9)
    }
  }

  @Test(arguments: 0..<10) func deadChannelsGoFirstAndChangeNothing(seed: Int) throws {
    // The join keeps a channel alive unless what is added to it is dead too.
    var whole = try residual(seed: seed)
    for node in ["first", "depth", "second"] {
      whole = try silencing(whole, node, rows: [1, 4, 6])
    }
    let samples = samples(64, seed: seed)
    let pruned = try ChannelPruning(whole, share: 0.375, samples: samples, threads: 1)
    #expect(pruned.kept == 5 && pruned.channels == 8)
    #expect(pruned.parameters.after < pruned.parameters.before)
    let (one, two) = (
      try DenseNetwork(whole).output(samples, count: 64),
      try DenseNetwork(pruned.graph).output(samples, count: 64)
    )
    let size = one.map(abs).reduce(0, +) / Float(one.count)
    for (a, b) in zip(one, two) { #expect(abs(a - b) < 0.02 * size, "seed \(seed)") }
  }

  /// A channel that another repeats costs nothing: readers of the one hear the other instead.
  @Test(arguments: 0..<10) func duplicateChannelsGoFirstAndChangeNothing(seed: Int) throws {
    var whole = try residual(seed: seed)
    let (original, copy) = (seed % 8, (seed + 3) % 8)
    for node in ["first", "depth", "second"] {
      whole = try repeating(whole, node, row: original, in: copy)
    }
    let samples = samples(64, seed: seed)
    let classes = ChannelClasses(whole)
    let removed = try ChannelSelection(whole, samples: samples, threads: 1)
      .removed(classes, share: 0.125)
    let gone = classes.members.indices.filter { place in
      classes.members[place].allSatisfy { removed[$0.wire].contains($0.channel) }
    }
    #expect(gone == [original] || gone == [copy], "seed \(seed): \(gone)")
    let pruned = try ChannelPruning(whole, share: 0.125, samples: samples, threads: 1)
    let (one, two) = (
      try DenseNetwork(whole).output(samples, count: 64),
      try DenseNetwork(pruned.graph).output(samples, count: 64)
    )
    // What is left is the ridge under which the weights of the one take over those of the other.
    let error = zip(one, two).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let power = one.reduce(Float(0)) { $0 + $1 * $1 }
    #expect(error < 0.02 * 0.02 * power, "seed \(seed)")
  }

  @Test(arguments: 0..<10) func slicesComputeTheWholeWithoutTheChannels(seed: Int) throws {
    let whole = try residual(seed: seed)
    let classes = ChannelClasses(whole)
    var removed: [Set<Int>] = Array(repeating: [], count: whole.wires.count)
    let gone = [seed % 8, (seed + 3) % 8]
    for place in gone {
      for member in classes.members[place] { removed[member.wire].insert(member.channel) }
    }
    let sliced = try ChannelSlice(whole, without: removed).sliced()
    // The same network with the channels silenced at every reader.
    let silenced = try silencing(
      try silencing(whole, "second", columns: { gone.contains($0) }), "last",
      columns: { gone.contains($0 / 9) })
    let samples = samples(3, seed: seed)
    let (one, two) = (
      try DenseNetwork(silenced).output(samples, count: 3),
      try DenseNetwork(sliced).output(samples, count: 3)
    )
    for (a, b) in zip(one, two) { #expect(abs(a - b) <= 1e-4 * (1 + abs(a)), "seed \(seed)") }
  }

  @Test(arguments: 0..<6) func solvedWeightsAreBetterThanLeftOnes(seed: Int) throws {
    let whole = try residual(seed: seed)
    let samples = samples(96, seed: seed)
    let classes = ChannelClasses(whole)
    let removed = try ChannelSelection(whole, samples: samples, threads: 1)
      .removed(classes, share: 0.25)
    let slice = ChannelSlice(whole, without: removed)
    let sliced = try slice.sliced()
    let solved = try ChannelRefit(whole: whole, slice: slice, samples: samples, threads: 1)
      .solved(sliced)
    let wanted = try DenseNetwork(whole).output(samples, count: 96)
    func distance(_ graph: Graph<Analog>) throws -> Float {
      zip(try DenseNetwork(graph).output(samples, count: 96), wanted).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
    }
    #expect(try distance(solved) < 0.9 * (try distance(sliced)), "seed \(seed)")
  }

  @Test func threadsChangeNothing() throws {
    let whole = try residual(seed: 3)
    let samples = samples(80, seed: 3)
    let graphs = try [1, 2, 5].map {
      try ChannelPruning(whole, share: 0.5, samples: samples, threads: $0).graph
    }
    let digests = try graphs.map { try $0.canonicalDigest() }
    #expect(Set(digests.map(\.description)).count == 1)
  }

  @Test func aNetworkWithoutSuchChannelsIsRefused() throws {
    var draft = GraphDraft(
      origin: Origin(format: "test", digest: nil, producer: "", version: ""))
    let input = draft.addWire("x", try Shape([4]))
    draft.inputs = [input]
    draft.weights["w"] = try Tensor(shape: Shape([3, 4]), floats: Array(repeating: 1, count: 12))
    draft.outputs = [
      try draft.addNode("only", .linear(Linear(weight: "w", bias: nil)), [input])
    ]
    let graph = try Graph<Analog>(verifying: draft)
    #expect {
      try ChannelPruning(graph, share: 0.5, samples: [1, 2, 3, 4], threads: 1)
    } throws: {
      ($0 as? PackError)?.code == .noChannelGoes
    }
  }
}
