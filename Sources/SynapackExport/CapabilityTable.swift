internal import SynapackProgram
public import SynapackSupport

/// The table target × capability, as text and as JSON; schema `synapack.targets/1`.
public enum CapabilityTable {
  public static let schema = "synapack.targets/1"

  /// One row a target, after one of headings.
  public static var rows: [[String]] {
    let heading = [
      "target", "read by", "reset", "payload", "input", "schedule", "weight", "threshold",
      "carries",
      "exact after",
    ]
    return [heading]
      + ExportTargets.all.map { target in
        let capability = target.capability
        return [
          target.id, capability.reader, capability.resets.map(\.rawValue).joined(separator: " "),
          text(capability.payloads), text(capability.inputs),
          capability.schedules.map(\.rawValue).joined(separator: " "), text(capability.weights),
          capability.thresholdSharing.rawValue,
          capability.features.map(\.rawValue).joined(separator: " "),
          capability.transformations.joined(separator: "; "),
        ]
      }
  }

  /// The table in columns, one line a target; columns that are the same for all are kept.
  public static var lines: [String] {
    let rows = rows
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  public static var json: JSON {
    .object([
      "schema": .string(schema),
      "targets": .array(
        ExportTargets.all.map { target in
          let capability = target.capability
          return .object([
            "id": .string(target.id), "summary": .string(target.summary),
            "reader": .string(capability.reader),
            "resets": strings(capability.resets.map(\.rawValue)),
            "payloads": range(capability.payloads), "inputs": range(capability.inputs),
            "schedules": strings(capability.schedules.map(\.rawValue)),
            "weights": range(capability.weights),
            "thresholds": .string(capability.thresholdSharing.rawValue),
            "features": strings(capability.features.map(\.rawValue)),
            "transformations": strings(capability.transformations),
          ])
        }),
    ])
  }

  private static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }

  private static func range(_ range: ClosedRange<Int>) -> JSON { JSONExport.range(range) }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.lowerBound < -32_766 ? "any" : "\(range.lowerBound)…\(range.upperBound)"
  }
}
