/// Something of a bundle that has a number; the names are those of policies.
public enum Measure: Sendable, Hashable {
  case named(Name)
  /// `resource:NAME`: the most that any core takes of a resource of the chip.
  case resource(String)

  /// A measure that is not a matter of the chip's own resources.
  public enum Name: String, Sendable, CaseIterable {
    /// Bytes of the file.
    case bytes
    /// Bytes of the file that hold weights.
    case weightBytes = "weight-bytes"
    /// Bytes of all parameters at their declared widths, as NeuroBench counts a footprint.
    case footprintBytes = "footprint-bytes"
    case neurons, weights
    /// The share of weights that are zero.
    case connectionSparsity = "connection-sparsity"
    /// T
    case timesteps
    /// Ticks from the first of an inference to its answer.
    case latencyTicks = "latency-ticks"
    /// Entries of the loss ledger.
    case losses
    /// Cores in use.
    case cores
    /// Σ events × hops of one inference over all routes and destinations.
    case traffic
    /// Events of one inference that leave their core.
    case connectivity
    case energy
    case averageLatency = "average-latency"
    case maxLatency = "max-latency"
    case averageCongestion = "average-congestion"
    case maxCongestion = "max-congestion"
    /// The share of inputs that get the class of their label.
    case accuracy
    /// Points, hundredths of all inputs, below the source network.
    case accuracyDrop = "accuracy-drop"
    /// The share of inputs that get the class that the source network gives.
    case agreement
    case spikesPerNeuron = "spikes-per-neuron"
    /// Effective additions and multiplications an input, a mean over the inputs.
    case synops
    case effectiveMACs = "effective-macs"
    case effectiveACs = "effective-acs"
    /// The share of neurons and ticks without a payload.
    case activationSparsity = "activation-sparsity"
  }

  /// What has to be at hand before a measure can be taken.
  public enum Need: Sendable, Hashable {
    case bundle, placement, data, labels, model
  }

  public init?(_ text: String) {
    let prefix = "resource:"
    if text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count {
      self = .resource(String(text.dropFirst(prefix.count)))
    } else if let name = Name(rawValue: text) {
      self = .named(name)
    } else {
      return nil
    }
  }

  public var text: String {
    switch self {
    case .named(let name): name.rawValue
    case .resource(let name): "resource:" + name
    }
  }

  /// Whether fewer are better.
  public var isCost: Bool {
    switch self {
    case .resource: true
    case .named(let name):
      switch name {
      case .accuracy, .agreement, .connectionSparsity, .activationSparsity: false
      case .bytes, .weightBytes, .footprintBytes, .neurons, .weights, .timesteps, .latencyTicks,
        .losses, .cores, .traffic, .connectivity, .energy, .averageLatency, .maxLatency,
        .averageCongestion, .maxCongestion, .accuracyDrop, .spikesPerNeuron, .synops,
        .effectiveMACs, .effectiveACs:
        true
      }
    }
  }

  /// The unit of its numbers; empty for counts, fractions and what only the chip file knows.
  public var unit: String {
    switch self {
    case .named(.bytes), .named(.weightBytes), .named(.footprintBytes): "bytes"
    case .named(.timesteps), .named(.latencyTicks): "ticks"
    case .named(.accuracyDrop): "points"
    case .named, .resource: ""
    }
  }

  public var need: Need {
    switch self {
    case .resource: .placement
    case .named(let name):
      switch name {
      case .bytes, .weightBytes, .footprintBytes, .neurons, .weights, .connectionSparsity,
        .timesteps, .latencyTicks, .losses:
        .bundle
      case .cores, .traffic, .connectivity, .energy, .averageLatency, .maxLatency,
        .averageCongestion, .maxCongestion:
        .placement
      case .spikesPerNeuron, .synops, .effectiveMACs, .effectiveACs, .activationSparsity: .data
      case .accuracy: .labels
      case .accuracyDrop, .agreement: .model
      }
    }
  }
}
