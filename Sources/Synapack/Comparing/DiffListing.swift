internal import SynapackBundle
internal import SynapackSupport

/// A comparison as lines for people and as a document.
enum DiffListing {
  static func words(_ change: Change) -> String {
    let parts = [change.before, change.after].filter { !$0.isEmpty }
    return parts.count == 2 ? "\(parts[0]) → \(parts[1])" : parts.joined()
  }

  static func lines(_ comparison: BundleComparison) -> [String] {
    guard comparison.level > .none else {
      return ["the same content: \(comparison.new.contentID)"]
    }
    var lines = comparison.changes.map {
      "\($0.category.rawValue.padded(to: 9))  \($0.subject): \(words($0))"
    }
    for weights in comparison.layers.weights where weights.changed > 0 {
      let distance = weights.distance.map { "\(SignificantDigits.rounded($0, 3))" } ?? "—"
      lines.append(
        "weights    \(weights.name): \(weights.changed) of \(weights.count) changed, relative "
          + "distance \(distance), zeros \(weights.zerosBefore) → \(weights.zerosAfter)")
    }
    for (name, before, after) in comparison.measures where before != after {
      func shown(_ value: Double?) -> String {
        value.map { JSON.number(SignificantDigits.rounded($0, 6)).text() } ?? "none"
      }
      lines.append("measure    \(name): \(shown(before)) → \(shown(after))")
    }
    lines.append("replay     " + replay(comparison))
    lines.append("this is a \(comparison.level.rawValue) change")
    return lines
  }

  private static func replay(_ comparison: BundleComparison) -> String {
    guard !comparison.old.bundle.conformance.isEmpty else {
      return "the old bundle has no conformance vectors"
    }
    guard let replay = comparison.replay else {
      return "the new program does not take the old conformance inputs"
    }
    return "of \(replay.vectors) old conformance vectors \(replay.sameDecision) have the same "
      + "class, \(replay.sameScores) the same scores, \(replay.identical) the same spikes and membranes"
  }

  static func document(
    _ comparison: BundleComparison, required: ChangeLevel?, _ findings: [Finding]
  ) -> JSON {
    .object([
      "schema": "synapack.diff/1", "level": .string(comparison.level.rawValue),
      "required": required.map { .string($0.rawValue) } ?? .null,
      "old": .string(comparison.old.contentID.description),
      "new": .string(comparison.new.contentID.description),
      "changes": .array(
        comparison.changes.map {
          [
            "category": .string($0.category.rawValue),
            "level": .string($0.category.level.rawValue), "subject": .string($0.subject),
            "before": .string($0.before), "after": .string($0.after),
          ]
        }),
      "weights": .array(comparison.layers.weights.map(weights)),
      "neurons": .array(comparison.layers.neurons.map(neurons)),
      "measures": .array(
        comparison.measures.map {
          [
            "measure": .string($0.name), "before": $0.before.map(JSON.number) ?? .null,
            "after": $0.after.map(JSON.number) ?? .null,
          ]
        }),
      "conformance": comparison.replay.map { replay in
        [
          "vectors": .integer(replay.vectors), "sameDecision": .integer(replay.sameDecision),
          "sameScores": .integer(replay.sameScores), "identical": .integer(replay.identical),
        ]
      } ?? .null,
      "findings": .array(findings.map(\.json)),
    ])
  }

  private static func weights(_ weights: LayerComparison.Weights) -> JSON {
    [
      "connection": .string(weights.name), "weights": .integer(weights.count),
      "changed": .integer(weights.changed),
      "relativeDistance": weights.distance.map(JSON.number) ?? .null,
      "zerosBefore": .integer(weights.zerosBefore), "zerosAfter": .integer(weights.zerosAfter),
    ]
  }

  private static func neurons(_ neurons: LayerComparison.Neurons) -> JSON {
    [
      "layer": .string(neurons.name), "thresholds": .integer(neurons.thresholds),
      "biases": .integer(neurons.biases), "initial": .integer(neurons.initial),
    ]
  }
}

extension String {
  /// With spaces behind it up to a width.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
