import SynapackHDF5
import SynapackSupport
import Testing

/// What readers make of edges; what they gave is what norse 1.1.0, sinabs 3.1.3, snnTorch 1.0.0 and
/// SpikingJelly 2.0.0 computed with nirtorch 2.6.
@Suite struct NIRExecutionTests {
  /// A network of maps from one number to one; names of inputs begin with i, of outputs with o.
  private func findings(_ edges: [String], _ reader: String) throws -> [Finding] {
    let ends = edges.map { $0.split(separator: ">").map(String.init) }
    let nodes = Set(ends.joined()).sorted().map { name -> HDF5Member in
      guard name.hasPrefix("i") || name.hasPrefix("o") else {
        return HDF5Member(
          name,
          .group([
            HDF5Member("bias", .reals([0], shape: [1])),
            HDF5Member("type", .text("Affine")),
            HDF5Member("weight", .reals([1], shape: [1, 1])),
          ]))
      }
      return HDF5Member(
        name,
        .group([
          HDF5Member("shape", .integers([1], shape: [1])),
          HDF5Member("type", .text(name.hasPrefix("i") ? "Input" : "Output")),
        ]))
    }
    let graph = HDF5Value.group([
      HDF5Member("edges", .texts(ends.flatMap { $0 }, shape: [ends.count, 2])),
      HDF5Member("nodes", .group(nodes)), HDF5Member("type", .text("NIRGraph")),
    ])
    let bytes = HDF5Writer.file([
      HDF5Member("node", graph), HDF5Member("version", .text("1.0.8")),
    ])
    let file = unsafe MappedFile(bytes: bytes.span.bytes, path: "edges.nir")
    return try NIRLint.findings(file, reader: reader)
  }

  private static let executors = ["norse", "rockpool", "sinabs"]
  private static let interpreters = ["snntorch", "spikingjelly"]

  /// The input that comes too late runs last and is what norse and sinabs return.
  @Test(arguments: executors) func aNodeRunsBeforeAllThatItHears(reader: String) throws {
    let joined = try findings(["i>a", "i>b", "a>c", "b>c", "c>o"], reader)
    #expect(joined.map(\.place) == [.node("c"), .node("b")], "\(joined)")
    #expect(joined.first?.severity == .error && joined.first?.message.contains("`b`") == true)
    let output = try findings(["i>a", "i>b", "i>c", "a>o", "b>o", "c>o"], reader)
    #expect(output.first?.place == .node("o"), "\(output)")
    #expect(output.first?.message.contains("`b`, `c` send") == true, "\(output)")
  }

  /// Of one network 60 of the 120 orders of its edges are right in norse and sinabs: those in which the
  /// longer path stands first.
  @Test(arguments: executors) func theOrderOfEdgesDecides(reader: String) throws {
    var clean = 0
    for edges in permutations(["i>a", "a>b", "a>c", "b>c", "c>o"]) {
      let found = try findings(edges, reader)
      let first = edges.firstIndex(of: "a>b") ?? 0
      let second = edges.firstIndex(of: "a>c") ?? 0
      #expect(found.isEmpty == (first < second), "\(edges): \(found)")
      clean += found.isEmpty ? 1 : 0
    }
    #expect(clean == 60)
  }

  private func permutations(_ items: [String]) -> [[String]] {
    guard !items.isEmpty else { return [[]] }
    return items.flatMap { item in
      permutations(items.filter { $0 != item }).map { [item] + $0 }
    }
  }

  /// A loop is heard a tick later, as it is meant.
  @Test(arguments: executors) func loopsAreLeftAlone(reader: String) throws {
    #expect(
      try findings(["i>a", "a>b", "b>a", "a>o"], reader).allSatisfy { $0.place != .node("a") })
    #expect(try findings(["i>a", "a>a", "a>o"], reader).isEmpty)
  }

  @Test(arguments: executors) func whatRunsLastIsReturned(reader: String) throws {
    let last = try findings(["i>a", "a>o", "a>z"], reader)
    #expect(last.map(\.place) == [.node("z")], "\(last)")
    #expect(try findings(["i>a", "a>z", "a>o"], reader).isEmpty)
  }

  @Test(arguments: interpreters) func joinsAreSummedBeforeTheOutputAlone(reader: String) throws {
    #expect(try findings(["i>a", "i>b", "a>c", "b>c", "c>o"], reader).isEmpty)
    #expect(try findings(["i>a", "a>o", "a>z"], reader).isEmpty)
    let output = try findings(["i>a", "i>b", "a>o", "b>o"], reader)
    #expect(output.map(\.place) == [.node("o")] && output[0].severity == .error, "\(output)")
  }

  @Test(arguments: executors + interpreters) func oneInputIsTaken(reader: String) throws {
    let found = try findings(["i>a", "i2>b", "a>c", "b>c", "c>o"], reader)
    #expect(found.contains { $0.place == .node("i2") && $0.severity == .error }, "\(found)")
    #expect(try findings(["i>a", "i2>b", "a>c", "b>c", "c>o"], "nir").isEmpty)
  }
}
