public import SynapackSupport

/// Why a program does not fit a chip, and what would make it fit.
public struct Certificate: Sendable, Hashable {
  public var chip: String
  /// What the chip lacks; at least one entry.
  public var misses: [Miss]
  /// Changes of the program that were held against the chip as the program was, those that fit
  /// first.
  public var edits: [Edit]

  /// One thing that the chip lacks.
  public struct Miss: Sendable, Hashable {
    /// `SYN0503`, `SYN0506`, `SYN0507`, `SYN0508` or `SYN0509`.
    public var code: ErrorCode
    /// The layer that misses it; `nil` for the whole program.
    public var layer: String?
    /// The kind of core with the most of it; `nil` where all are alike.
    public var coreKind: String?
    /// The resource, limit or capability.
    public var resource: String
    /// What is asked for; `nil` for a capability.
    public var demand: Int?
    /// What there is; `nil` where nobody published it.
    public var capacity: Int?
    /// One sentence without a full stop.
    public var text: String
    /// Whether neurons would have to compute an operator, which no chip's do.
    public var isOperator: Bool { resource.hasSuffix(Miss.operators) }
    static let operators = "on running means"
    /// For a matching: the layers, the kinds of cores that take any of them, and their cores.
    public var hall: Hall?
  }

  /// More layers than there are cores that take any of them.
  public struct Hall: Sendable, Hashable {
    public var layers: [String]
    public var coreKinds: [String]
    public var cores: Int
  }

  /// A change that was tried.
  public struct Edit: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
      case options, chips, ungrouped, unpooled, depth, weightBits, timesteps, channels, stride,
        split
      case width, combined
    }

    public var kind: Kind
    /// The layer that is changed; `nil` for all of them.
    public var layer: String?
    /// What to do, in words.
    public var text: String
    /// Each part of the change in full, where the words name only some.
    public var parts: [String] = []
    /// Options of `synapack convert` that do it, where some do.
    public var options: [String]
    /// Whether these options are all of the change: the network stays as it is.
    public var optionsSuffice: Bool
    /// Whether the whole program fits with this change.
    public var fits: Bool
    /// The cores that it then takes.
    public var cores: Int?
    /// What would still be missing, in words.
    public var remaining: String?
  }

  /// The error that says so.
  public var error: PackError {
    let first = misses.first
    let groups = grouped
    let shown = groups.prefix(8).joined(separator: "\n")
    let more = groups.count > 8 ? "\nand \(groups.count - 8) more" : ""
    let fitting = edits.filter(\.fits)
    let hint =
      misses.contains(where: \.isOperator)
      ? "no chip computes operators; use a network without normalizations, softmax and attention, or "
        + "`synapack evaluate` the program on a processor"
      : fitting.isEmpty
        ? (edits.isEmpty
          ? "use a smaller network or a larger chip"
          : "none of \(edits.count) changes that were tried would do (\(nearest)); use a smaller "
            + "network or a larger chip")
        : "it would fit with: " + fitting.prefix(4).map(\.text).joined(separator: "; or ")
          + otherwise
    return PackError(
      first?.code ?? .doesNotFit, "`\(chip)` does not take the program: \(shown)\(more)",
      at: first?.layer.map(Place.layer), hint: hint)
  }

  /// How a change speaks of options that it needs beside it.
  static let theseOptions = "these options"

  /// What "these options" are, where the changes that fit speak of them.
  private var otherwise: String {
    guard edits.contains(where: { $0.fits && $0.text.contains(Certificate.theseOptions) }),
      let last = edits.last(where: { $0.kind == .options })
    else { return "" }
    return "; \(Certificate.theseOptions) are \(last.options.joined(separator: " "))"
  }

  /// The first changes that were tried and would not do.
  private var nearest: String {
    let shown = edits.prefix(3).map(\.text).joined(separator: "; ")
    return edits.count > 3 ? shown + "; …" : shown
  }

  /// The first text of each resource, with how many layers miss it as well.
  public var grouped: [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    var texts: [String: String] = [:]
    for miss in misses {
      let key = miss.code.rawValue + miss.resource
      if texts[key] == nil {
        texts[key] = miss.text
        order.append(key)
      }
      counts[key, default: 0] += 1
    }
    return order.map { key in
      let others = (counts[key] ?? 1) - 1
      let more =
        others == 0 ? "" : others == 1 ? " (and 1 layer more)" : " (and \(others) layers more)"
      return (texts[key] ?? "") + more
    }
  }
}
