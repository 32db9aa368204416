internal import SynapackConvert
internal import SynapackSupport

/// The report that a bundle stores: what was found, lost and measured; no times, no paths.
enum ConversionReport {
  static func json(_ report: Report, _ layers: [LayerError]) -> JSON {
    .object([
      "schema": "synapack.report/1",
      "findings": .array(report.findings.map(\.json)),
      "losses": .array(report.losses.map(\.json)),
      "layers": .array(layers.map(json)),
    ])
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
