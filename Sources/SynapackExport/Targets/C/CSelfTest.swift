internal import SynapackProgram

/// The conformance vectors as tables of the self-test, tick after tick as the machine runs.
enum CSelfTest {
  static func tables(_ source: ExportSource, _ layout: CLayout) -> String {
    let vectors = source.conformance
    var records: [String] = []
    for vector in vectors {
      for tick in 0..<layout.life {
        for (times, layer) in zip(layout.clock.populations, vector.populations) {
          guard layer.indices.contains(tick - times.begins) else { continue }
          let record = layer[tick - times.begins]
          records.append("{\(record.spikes), \(record.payload), \(record.membraneChecksum)u},")
        }
      }
    }
    return """
      #define VECTORS \(vectors.count)u

      static const synapack_input inputs[] = {
      \(CText.list(vectors.flatMap(\.input)))};
      static const int64_t expected_scores[] = {
      \(CText.list(vectors.flatMap(\.scores), suffix: "LL"))};
      static const struct record records[] = {
      \(records.joined(separator: "\n"))
      };
      """
  }
}
