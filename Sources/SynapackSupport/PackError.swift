/// A refusal: what is wrong, where, with which values, and the one thing to do about it.
///
/// Every public function of the library throws this type and nothing else. An error stops the
/// work; what merely informs is a ``Finding``.
public struct PackError: Error, Sendable, Hashable {
  /// The stable code, explained at length by `synapack explain CODE`.
  public let code: ErrorCode
  /// What is wrong, with the offending values; lower case, no full stop.
  public let message: String
  /// One action that the user can take.
  public private(set) var hint: String
  /// Where it happened, innermost place first: byte range, tensor, node, file.
  public private(set) var trail: [Place]

  public init(_ code: ErrorCode, _ message: String, at place: Place? = nil, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
    self.trail = place.map { [$0] } ?? []
  }

  /// Whether the trail already names a file.
  public var isInFile: Bool {
    trail.contains { if case .file = $0 { true } else { false } }
  }

  /// The same error with another action.
  public func advising(_ hint: String) -> PackError {
    var copy = self
    copy.hint = hint
    return copy
  }

  /// The same error with one more enclosing place at the outer end of its trail; a place that is
  /// told there already is not told again.
  public func at(_ place: Place) -> PackError {
    guard trail.last != place else { return self }
    var copy = self
    copy.trail.append(place)
    return copy
  }
}

/// One step on the way from a byte to a file.
public enum Place: Sendable, Hashable, CustomStringConvertible {
  case bytes(Range<Int>)
  case tensor(String)
  case node(String)
  case layer(String)
  case section(String)
  case line(Int)
  case option(String)
  case file(String)

  public var description: String {
    switch self {
    case .bytes(let range): "bytes \(range.lowerBound)..<\(range.upperBound)"
    case .tensor(let name): "tensor `\(name)`"
    case .node(let name): "node `\(name)`"
    case .layer(let name): "layer `\(name)`"
    case .section(let name): "section `\(name)`"
    case .line(let number): "line \(number)"
    case .option(let name): "option \(name)"
    case .file(let path): path
    }
  }
}

/// Runs `body` and adds `place` to the trail of any error that it throws.
@inlinable
public func within<Result>(
  _ place: @autoclosure () -> Place, _ body: () throws(PackError) -> Result
) throws(PackError) -> Result {
  do {
    return try body()
  } catch {
    throw error.at(place())
  }
}
