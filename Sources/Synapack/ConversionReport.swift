internal import SynapackConvert
internal import SynapackSupport

/// The report that a bundle stores: what was found, lost and measured; no times, no paths.
enum ConversionReport {
  static func json(
    _ report: Report, _ layers: [LayerError], _ populations: [LoweredLayer]
  ) -> JSON {
    .object([
      "schema": "synapack.report/1",
      "findings": .array(report.findings.map(\.json)),
      "losses": .array(report.losses.map(\.json)),
      "layers": .array(layers.map { brief(json($0)) }),
      "populations": .array(populations.map(worth)),
    ])
  }

  /// What payloads and membranes of a population stand for, so that others can compare it with the
  /// source network; no integer of the program depends on it.
  private static func worth(_ layer: LoweredLayer) -> JSON {
    func numbers(_ values: [Float]) -> JSON {
      .array(values.map { .number($0.isFinite ? SignificantDigits.rounded(Double($0), 5) : 0) })
    }
    return .object([
      "name": .string(layer.name), "payloadWorth": numbers(layer.amplitude),
      "membraneUnit": numbers(layer.unit),
    ])
  }

  /// The object with its numbers to five digits, as more would only make the bundle longer.
  private static func brief(_ object: JSON) -> JSON {
    guard case .object(let members) = object else { return object }
    return .object(
      members.mapValues { value in
        guard case .number(let number) = value, number.isFinite else { return value }
        return .number(SignificantDigits.rounded(number, 5))
      })
  }

  /// The populations of a stored report; `nil` where it does not tell what they stand for.
  static func populations(_ text: String) -> [LoweredLayer]? {
    guard case .array(let entries)? = JSON(parsing: text)?.member("populations") else {
      return nil
    }
    var layers: [LoweredLayer] = []
    for entry in entries {
      guard case .string(let name)? = entry.member("name"),
        let amplitude = numbers(entry.member("payloadWorth")),
        let unit = numbers(entry.member("membraneUnit"))
      else { return nil }
      layers.append(LoweredLayer(name: name, amplitude: amplitude, unit: unit))
    }
    return layers
  }

  private static func numbers(_ value: JSON?) -> [Float]? {
    guard case .array(let values)? = value else { return nil }
    var numbers: [Float] = []
    for value in values {
      switch value {
      case .number(let number): numbers.append(Float(number))
      case .integer(let number): numbers.append(Float(number))
      default: return nil
      }
    }
    return numbers.allSatisfy(\.isFinite) ? numbers : nil
  }

  static func json(_ layer: LayerError) -> JSON {
    .object([
      "name": .string(layer.name), "threshold": .number(layer.threshold),
      "clippingError": layer.clipping.map(JSON.number) ?? .null,
      "quantizationError": layer.quantization.map(JSON.number) ?? .null,
      "unevennessError": layer.unevenness.map(JSON.number) ?? .null,
      "spikeRate": .number(layer.spikeRate),
    ])
  }
}
