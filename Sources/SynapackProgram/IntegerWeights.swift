public import SynapackTensor

/// Integer weights of at most 16 bits, row-major: in memory, or left where a file has them.
///
/// A program may hold more weights than memory. What looks at one connection after another takes
/// ``values`` once for each of them and lets them go.
public struct IntegerWeights: Sendable {
  public var shape: Shape
  private var storage: Storage

  private enum Storage: Sendable {
    case memory([Int16])
    case source(any WeightSource)
  }

  public init(shape: Shape, values: [Int16]) {
    self.shape = shape
    storage = .memory(values)
  }

  /// Weights that are read whenever they are asked for.
  public init(shape: Shape, source: any WeightSource) {
    self.shape = shape
    storage = .source(source)
  }

  /// All weights; those of a source are read anew at every access.
  public var values: [Int16] {
    get {
      switch storage {
      case .memory(let values): values
      case .source(let source): source.values()
      }
    }
    set { storage = .memory(newValue) }
  }

  /// How many there are, without reading them.
  public var count: Int {
    switch storage {
    case .memory(let values): values.count
    case .source(let source): source.count
    }
  }

  /// The number of weights that are not zero.
  public var nonzeroCount: Int {
    switch storage {
    case .memory(let values): values.count { $0 != 0 }
    case .source(let source): source.summary.nonzero
    }
  }

  /// What all weights come to, by output channel; a source has it from its first reading.
  public var summary: WeightSummary {
    switch storage {
    case .memory(let values): WeightSummary(values, channels: shape.rank > 0 ? shape[0] : 1)
    case .source(let source): source.summary
    }
  }

  /// Whether every reading so far gave the weights that were there at first.
  public var isIntact: Bool {
    switch storage {
    case .memory: true
    case .source(let source): source.isIntact
    }
  }
}

extension IntegerWeights: Hashable {
  public static func == (left: IntegerWeights, right: IntegerWeights) -> Bool {
    guard left.shape == right.shape, left.count == right.count else { return false }
    if case .source(let one) = left.storage, case .source(let other) = right.storage,
      one === other
    {
      return true
    }
    return left.values == right.values
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(values)
  }
}

/// A place outside memory that holds the weights of one connection.
public protocol WeightSource: AnyObject, Sendable {
  var count: Int { get }

  /// Of the weights that were there at first.
  var summary: WeightSummary { get }

  /// All weights. What cannot be read any more comes as zeros, and ``isIntact`` is false from then on.
  func values() -> [Int16]

  /// Whether every reading so far gave the weights that were there at first.
  var isIntact: Bool { get }
}
