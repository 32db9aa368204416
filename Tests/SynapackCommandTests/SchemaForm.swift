import Foundation
import Yams

/// The part of JSON Schema 2020-12 that `schemas/policy.schema.json` uses; a keyword that is not
/// known here is a problem of its own, so that none is passed over.
struct SchemaForm {
  let root: [String: Any]

  private static let silent: Set<String> = ["$schema", "$defs", "title", "description", "format"]

  /// Where a value departs from the schema; nothing where it keeps it.
  func problems(_ value: Any, _ schema: [String: Any]? = nil, at place: String = "$") -> [String] {
    let schema = schema ?? root
    return schema.sorted { $0.key < $1.key }.flatMap { keyword, rule -> [String] in
      if SchemaForm.silent.contains(keyword) { return [] }
      return problem(value, keyword, rule, schema, place)
    }
  }

  private func problem(
    _ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ place: String
  ) -> [String] {
    func fails(_ words: String) -> [String] { ["\(place) \(words)"] }
    func counts(_ rules: Any) -> Int {
      (rules as? [[String: Any]] ?? []).count { problems(value, $0, at: place).isEmpty }
    }
    let members = value as? [String: Any]
    switch (keyword, rule) {
    case ("$ref", let path as String):
      let name = String(path.dropFirst("#/$defs/".count))
      guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
        return fails("refers to \(path)")
      }
      return problems(value, target, at: place)
    case ("type", let type as String):
      return SchemaForm.isOf(type, value) ? [] : fails("is no \(type)")
    case ("const", _): return SchemaForm.isEqual(value, rule) ? [] : fails("is not \(rule)")
    case ("enum", let values as [Any]):
      return values.contains { SchemaForm.isEqual(value, $0) } ? [] : fails("is none of \(values)")
    case ("pattern", let pattern as String):
      guard let text = value as? String, let regex = try? Regex(pattern) else { return [] }
      return text.firstMatch(of: regex) != nil ? [] : fails("does not match \(pattern)")
    case ("minimum", let least as Double):
      return (value as? NSNumber).map { $0.doubleValue >= least } ?? true ? [] : fails("< \(least)")
    case ("required", let names as [String]):
      guard let members else { return [] }
      return names.filter { members[$0] == nil }.map { "\(place) has no \($0)" }
    case ("properties", let known as [String: [String: Any]]):
      return (members ?? [:]).flatMap { name, member in
        known[name].map { problems(member, $0, at: "\(place).\(name)") } ?? []
      }
    case ("additionalProperties", _):
      let known = Set((schema["properties"] as? [String: Any] ?? [:]).keys)
      return (members ?? [:]).filter { !known.contains($0.key) }.flatMap { name, member in
        (rule as? [String: Any]).map { problems(member, $0, at: "\(place).\(name)") }
          ?? fails("has \(name)")
      }
    case ("minProperties", let least as Int):
      return (members?.count ?? least) >= least ? [] : fails("has fewer than \(least) members")
    case ("maxProperties", let most as Int):
      return (members?.count ?? most) <= most ? [] : fails("has more than \(most) members")
    case ("items", let item as [String: Any]):
      return (value as? [Any] ?? []).enumerated().flatMap {
        problems($1, item, at: "\(place)[\($0)]")
      }
    case ("oneOf", _): return counts(rule) == 1 ? [] : fails("is \(counts(rule)) of the choices")
    case ("anyOf", _): return counts(rule) > 0 ? [] : fails("is none of the choices")
    default: return fails("has a schema with the unknown keyword \(keyword)")
    }
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "integer": value is Int
    case "number": value is Int || value is Double
    default: false
    }
  }

  private static func isEqual(_ value: Any, _ other: Any) -> Bool {
    switch (value, other) {
    case (let left as String, let right as String): left == right
    case (let left as Int, let right as Int): left == right
    default: false
    }
  }

  /// A YAML text as the values that JSON would give; dates stay texts.
  static func values(yaml text: String) throws -> Any {
    func value(_ node: Node) -> Any {
      switch node {
      case .mapping(let mapping):
        return Dictionary(
          mapping.map { ($0.key.string ?? "", value($0.value)) as (String, Any) },
          uniquingKeysWith: { $1 })
      case .sequence(let items): return items.map(value)
      case .scalar(let scalar):
        guard scalar.style == .plain || scalar.style == .any else { return scalar.string }
        if let whole = Int(scalar.string) { return whole }
        if let number = Double(scalar.string) { return number }
        return scalar.string
      case .alias: return "an alias"
      }
    }
    return value(try Yams.compose(yaml: text) ?? Node(""))
  }
}
