public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// A network made smaller by whole channels.
public struct ChannelPruning: Sendable {
  public let graph: Graph<Analog>
  /// The channels that the network had where some could go, and those of them that stayed.
  public let channels: Int
  public let kept: Int
  /// The weights that the network had, and has.
  public let parameters: (before: Int, after: Int)
  private let slice: ChannelSlice

  /// Removes the share of channels that costs the least, and solves all weights again.
  ///
  ///     before: W [O, I, …] → after: W [O′, I′, …],   Σ O′ ≈ (1 − share)·Σ O
  ///
  /// Channels of joined, concatenated and depthwise layers go together, and each layer gives as many
  /// as it can spare; see ``ChannelClasses``, ``ChannelSelection`` and ``ChannelRefit``. Nothing is trained.
  ///
  /// - Parameters:
  ///   - share: of all that can go, from 0 up to but not including 1.
  ///   - samples: unlabelled inputs, one after the other.
  /// - Throws: `SYN0807` where no channel can go.
  public init(
    _ whole: Graph<Analog>, share: Double, samples: [Float], threads: Int
  ) throws(PackError) {
    let classes = ChannelClasses(whole)
    let selection = try ChannelSelection(whole, samples: samples, threads: threads)
    let removed = try selection.removed(classes, share: share)
    guard removed.contains(where: { !$0.isEmpty }) else {
      throw PackError(
        .noChannelGoes,
        "no channel of \(classes.members.count) that could go is within a share of \(share)",
        at: .option("--channel-sparsity"),
        hint: "use a larger share, or `--sparsity` alone, which takes single weights")
    }
    slice = ChannelSlice(whole, without: removed)
    let sliced = try slice.sliced()
    graph = try ChannelRefit(whole: whole, slice: slice, samples: samples, threads: threads)
      .solved(sliced)
    channels = classes.members.count
    kept =
      channels
      - classes.members.count { members in
        members.first.map { removed[$0.wire].contains($0.channel) } ?? false
      }
    parameters = (whole.parameterCount, graph.parameterCount)
  }

  /// The channels of a wire of the whole network that stayed; the wire has the same place in both.
  public func channels(of wire: WireID) -> [Int] { slice.channels(of: wire) }
}
