/// What a published format says of a document, as far as it is written here: which members each
/// object must have and may have, and what may stand in them.
indirect enum DocumentForm: Sendable {
  /// No other member is allowed.
  case object(must: [String: DocumentForm], may: [String: DocumentForm] = [:])
  case list(DocumentForm, atLeast: Int = 0)
  case text
  case oneOf([String])
  case integer(atLeast: Int)
  case flag

  /// Where the document departs from the form; nothing where it keeps it.
  func problems(_ value: Any, at place: String = "$") -> [String] {
    switch self {
    case .object(let must, let may):
      guard let members = value as? [String: Any] else { return ["\(place) is no object"] }
      let missing = must.keys.filter { members[$0] == nil }.map { "\(place).\($0) is missing" }
      return missing
        + members.flatMap { name, member in
          (must[name] ?? may[name])?.problems(member, at: "\(place).\(name)")
            ?? ["\(place).\(name) is unknown"]
        }
    case .list(let form, let least):
      guard let items = value as? [Any] else { return ["\(place) is no list"] }
      let short = items.count < least ? ["\(place) has \(items.count) items"] : []
      return short + items.enumerated().flatMap { form.problems($1, at: "\(place)[\($0)]") }
    case .text:
      return ((value as? String)?.isEmpty ?? true) ? ["\(place) is no text or empty"] : []
    case .oneOf(let names):
      return names.contains(value as? String ?? "") ? [] : ["\(place) is \(value)"]
    case .integer(let least):
      return (value as? Int).map { $0 >= least } == true ? [] : ["\(place) is \(value)"]
    case .flag: return value is Bool ? [] : ["\(place) is \(value)"]
    }
  }
}
