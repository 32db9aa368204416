public import SynapackSupport

/// An inspection as people read it.
public enum InspectionText {
  public static func text(_ json: JSON) -> String {
    json["kind"] == .string("bundle") ? bundle(json) : model(json)
  }

  private static func model(_ json: JSON) -> String {
    // Formats without a graph seldom say what wrote them.
    let producer = json["producer"].words
    var lines = [
      "model" + "  \(json["format"].words), \(json["version"].words)"
        + (producer.isEmpty ? "" : ", made by \(producer)"),
      "parameters  \(grouped(json["parameters"].number))",
      "input       " + json["inputs"].items.map(wire).joined(separator: ", "),
      "output      " + json["outputs"].items.map(wire).joined(separator: ", "),
    ]
    if json["graphDigest"] != .null { lines.append("digest      \(json["graphDigest"].words)") }
    lines.append("")
    var table = Table(["node", "operator", "output", "parameters", "spiking"])
    for node in json["nodes"].items {
      table.add([
        node["name"].words, node["op"].words, node["outputShape"].words,
        grouped(node["parameters"].number),
        node["convertible"] != .bool(true)
          ? "no" : node["compensated"] == .bool(true) ? "by multiplying" : "yes",
      ])
    }
    lines.append(table.text)
    lines.append("")
    let refused = json["refused"].items
    if refused.isEmpty, json["convertible"] != .bool(true) {
      lines.append("does not convert: a program has one input and one output")
    } else if refused.isEmpty {
      let verb = json["phase"] == "spiking" ? "spikes already and is carried" : "converts"
      lines.append("\(verb) whole, with \(json["populations"].words) layers of neurons")
    } else {
      lines += refused.map {
        "does not convert: `\($0["node"].words)` (\($0["op"].words)): \($0["advice"].words)"
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func wire(_ json: JSON) -> String {
    "\(json["name"].words) \(json["shape"].words)"
  }

  private static func bundle(_ json: JSON) -> String {
    var lines = [
      "bundle" + "     format \(json["formatVersion"].words), "
        + "\(grouped(json["bytes"].number)) bytes, by \(json["generator"].words)",
      "content    \(json["contentID"].words)",
      "from       \(json["origin"]["format"].words), \(json["origin"]["version"].words), "
        + "\(json["origin"]["producer"].words)",
      "program    \(clock(json)), latency "
        + "\(json["latencyTicks"].words) ticks, \(grouped(json["neurons"].number)) neurons, "
        + "\(grouped(json["weights"].number)) weights",
      "readout    \(ReadoutWords(json["readout"]).line)",
      weights(json),
      "chip       \(json["chip"] == .null ? "none" : json["chip"].words)",
      "proof      \(json["conformanceVectors"].words) conformance vectors", "",
    ]
    var layers = Table(["population", "shape", "payloads", "connections"])
    for population in json["populations"].items {
      layers.add([
        population["name"].words, population["shape"].words, population["payloads"].words,
        population["connections"].words,
      ])
    }
    var sections = Table(["section", "stored", "raw", "codec", "SHA-256 of the raw bytes"])
    for section in json["sections"].items {
      sections.add([
        section["name"].words, grouped(section["stored"].number), grouped(section["raw"].number),
        section["codec"].words, String(section["digest"].words.prefix(16)) + "…",
      ])
    }
    sections.add(["container", grouped(json["containerBytes"].number), "", "", ""])
    lines += [layers.text, "", sections.text]
    for loss in json["losses"].items {
      lines.append(
        "loss \(loss["code"].words) \(loss["severity"].words): `\(loss["subject"].words)`: "
          + loss["message"].words
          + (loss["measured"].value.map { ", measured \(figure($0))" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }
}

extension InspectionText {
  /// T and the schedule; of a gated program T is that of its windows.
  private static func clock(_ json: JSON) -> String {
    let (ticks, window) = (json["timesteps"].words, json["windowTicks"])
    guard window != .null, window.words != ticks else {
      return "T=\(ticks), \(json["schedule"].words)"
    }
    return "T=\(window.words), gated in a \(json["schedule"].words) of \(ticks) ticks"
  }

  /// What the weights take in the file, beside what a code of their levels alone takes at least.
  static func weights(_ json: JSON) -> String {
    "weights    \(grouped(json["weightBytes"].number)) bytes; the entropy of their levels is "
      + "\(grouped(json["weightEntropyBytes"].number))"
  }
}

extension JSON {
  /// The member of an object; `null` where there is none.
  subscript(key: String) -> JSON {
    guard case .object(let members) = self else { return .null }
    return members[key] ?? .null
  }

  var items: [JSON] {
    guard case .array(let items) = self else { return [] }
    return items
  }

  var number: Int {
    guard case .integer(let number) = self else { return 0 }
    return number
  }

  /// A number of either kind; `nil` for anything else.
  var value: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The value without quotes, safe for a terminal; a list with `×` between its numbers.
  var words: String {
    switch self {
    case .null: "—"
    case .string(let text): TerminalText.plain(text)
    case .array(let items): items.isEmpty ? "scalar" : items.map(\.words).joined(separator: "×")
    case .bool, .integer, .number, .object: text()
    }
  }
}
