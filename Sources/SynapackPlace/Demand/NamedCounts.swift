public import SynapackSupport

/// Counts that are given by their names, as `c=3,f=16,axons=12:40;9:2,thresholds=4`.
public struct NamedCounts: Sendable, Hashable {
  private var numbers: [DemandVariable: Int] = [:]
  private var sets: [DemandSet: Int] = [:]
  private var axons: [CoreCounts.AxonGroup] = []

  /// - Throws: `SYN0701` for a word that no demand knows, or a value that is no count.
  public init(_ text: String) throws(PackError) {
    for part in text.split(separator: ",") {
      let words = part.split(separator: "=", omittingEmptySubsequences: false)
      guard words.count == 2 else { throw NamedCounts.refusal(part, "is not NAME=COUNT") }
      let name = String(words[0])
      if name == DemandList.axons.rawValue {
        axons = try NamedCounts.groups(words[1])
        continue
      }
      guard let number = Int(words[1]), (0...1 << 53).contains(number) else {
        throw NamedCounts.refusal(words[1], "is no count")
      }
      if let variable = DemandVariable(rawValue: name) {
        numbers[variable] = number
      } else if let set = DemandSet(rawValue: name) {
        sets[set] = number
      } else {
        let known = DemandVariable.allCases.map(\.rawValue) + DemandSet.allCases.map(\.rawValue)
        let nearest = nearestName(to: name, among: known) ?? ""
        throw NamedCounts.refusal(Substring(name), "is no count; did you mean `\(nearest)`?")
      }
    }
  }

  /// `SYNAPSES:COUNT;…`
  private static func groups(_ text: Substring) throws(PackError) -> [CoreCounts.AxonGroup] {
    var groups: [CoreCounts.AxonGroup] = []
    for part in text.split(separator: ";") {
      let words = part.split(separator: ":").map { Int($0) }
      guard words.count == 2, let synapses = words[0], let count = words[1],
        (0...1 << 53).contains(synapses), (0...1 << 53).contains(count)
      else { throw refusal(part, "is not SYNAPSES:COUNT") }
      groups.append(CoreCounts.AxonGroup(synapses: synapses, count: count))
    }
    return groups
  }

  private static func refusal(_ part: Substring, _ what: String) -> PackError {
    PackError(
      .badOption, "`\(part)` \(what)", at: .option("--counts"),
      hint: "for example --counts c=3,f=16,kx=3,ky=3")
  }
}

extension NamedCounts: DemandValues {
  public func value(_ variable: DemandVariable) -> Double { Double(numbers[variable] ?? 0) }
  public func distinct(_ set: DemandSet) -> Double { Double(sets[set] ?? 0) }

  public func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] {
    switch list {
    case .connections: [(self, 1)]
    case .axons:
      axons.map { group in
        var one = self
        one.axons = []
        one.numbers[.axonSynapses] = group.synapses
        return (one, Double(group.count))
      }
    }
  }
}
