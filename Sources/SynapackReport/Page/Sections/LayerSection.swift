internal import SynapackSupport

/// The layers, with what each takes and how much it sends.
enum LayerSection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    let layers = document["layers"].items
    guard !layers.isEmpty else { return nil }
    var blocks: [PageBlock] = [.table(table(layers)), .bars(bytes(layers))]
    let spikes = self.spikes(layers, vectors: document["conformance"]["vectors"].number)
    if !spikes.rows.isEmpty { blocks.append(.bars(spikes)) }
    return HTMLPage.Section(id: "layers", title: "Layers", blocks: blocks)
  }

  private static func table(_ layers: [JSON]) -> PageTable {
    PageTable(
      title: "Layers of the program",
      note:
        "Thresholds are integers in units of the layer's weights; the fan-in is the most that one "
        + "neuron hears.",
      columns: [
        .init("layer"), .init("shape"), .init("neurons"), .init("neuron", isWords: true),
        .init("weights"), .init("zero"), .init("bits"), .init("bytes"), .init("thresholds"),
        .init("fan-in"),
      ],
      rows: layers.map { layer in
        [
          layer["name"].plain, layer["shape"].words, grouped(layer["neurons"].number),
          layer["model"].plain, grouped(layer["weights"].number), zeros(layer),
          layer["weightBits"].items.map(\.words).joined(separator: ", "),
          grouped(layer["weightBytes"].number), range(layer["thresholds"]),
          grouped(layer["fanIn"].number),
        ]
      })
  }

  private static func zeros(_ layer: JSON) -> String {
    let weights = layer["weights"].number
    guard weights > 0 else { return "—" }
    return decimals(100 * Double(layer["zeroWeights"].number) / Double(weights), 1) + " %"
  }

  private static func range(_ range: JSON) -> String {
    let ends = range.items.map { grouped($0.number) }
    guard let first = ends.first, let last = ends.last else { return "—" }
    return first == last ? first : "\(first) – \(last)"
  }

  /// What the weights take at their width, and what a code of their levels takes at least.
  private static func bytes(_ layers: [JSON]) -> BarTable {
    BarTable(
      title: "Bytes of weights by layer",
      note: "At their declared width, before the file is compressed.",
      series: ["bytes"], marks: "entropy of the levels: no code of them alone takes less",
      rows: layers.map { layer in
        let (width, entropy) = (layer["weightBytes"].number, layer["weightEntropyBytes"].number)
        return BarTable.Row(
          layer["name"].plain, [BarTable.Bar(Double(width))],
          mark: width > 0 ? Double(entropy) : nil,
          words: "\(grouped(width)), entropy \(grouped(entropy))")
      })
  }

  private static func spikes(_ layers: [JSON], vectors: Int) -> BarTable {
    let rows = layers.compactMap { layer -> BarTable.Row? in
      guard let spikes = layer["spikesPerNeuron"].value else { return nil }
      let payload = layer["payloadPerNeuron"].value ?? spikes
      let sum = payload == spikes ? "" : ", payload \(decimals(payload, 3))"
      return BarTable.Row(
        layer["name"].plain, [BarTable.Bar(spikes)], words: decimals(spikes, 3) + sum)
    }
    return BarTable(
      title: "Spikes a neuron by layer",
      note: "In one inference, a mean of the \(vectors) conformance vectors.",
      series: ["spikes"], rows: rows)
  }
}
