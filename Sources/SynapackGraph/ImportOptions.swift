/// What a user says about a model that its file does not.
public struct ImportOptions: Sendable, Hashable {
  /// Where the samples of a batch lie; see ``BatchAxis``.
  public var batch: BatchAxis
  /// For weights without a graph: the name of a ready description, or the path of one.
  public var architecture: String?
  /// For NIR: how its units, reset and producer are to be read, as `key=value,…`; empty for what
  /// the file says itself.
  public var dialect: String
  /// Whether the weights themselves are read and found finite; a graph that is only described
  /// need not be.
  public var readsWeights = true

  public init(batch: BatchAxis = .leading, architecture: String? = nil, dialect: String = "") {
    self.batch = batch
    self.architecture = architecture
    self.dialect = dialect
  }

  /// How the first axis of a model's inputs is read.
  public enum BatchAxis: String, Sendable, Hashable, CaseIterable {
    /// The first axis counts samples; the graph is that of one of them.
    case leading
    /// No axis counts samples: each input as a whole is one sample, all of its sizes fixed.
    case none
  }
}

/// What an importer makes of a file.
public enum ImportedModel: Sendable {
  /// A conventional network, to be converted.
  case analog(Graph<Analog>)
  /// A network that spikes already, as NIR files hold.
  case spiking(Graph<Spiking>)

  public var origin: Origin {
    switch self {
    case .analog(let graph): graph.origin
    case .spiking(let graph): graph.origin
    }
  }
}
