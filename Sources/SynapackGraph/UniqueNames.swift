/// Hands out names, each once, in constant time whatever a file asks for.
public struct UniqueNames: Sendable {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]

  public init() {}

  /// The name itself where it is free, else the name with the first free number from 2 on.
  public mutating func take(_ base: String) -> String {
    if taken.insert(base).inserted { return base }
    var number = next[base] ?? 2
    while !taken.insert("\(base).\(number)").inserted { number += 1 }
    next[base] = number + 1
    return "\(base).\(number)"
  }
}
