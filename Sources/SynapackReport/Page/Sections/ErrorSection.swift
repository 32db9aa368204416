internal import SynapackSupport

/// Which layers lose accuracy, why, and what would bring it back: explained on the data where it was
/// given, else as the conversion measured it on its calibration inputs.
enum ErrorSection: BundleSection {
  /// What the errors of a value add up from, where they are explained.
  private static let parts = ["clipping", "quantization", "rounding", "miscount"]
  private static let causes = ["clipping", "quantization", "unevenness"]

  static func section(_ document: JSON) -> HTMLPage.Section? {
    let explanation = document["evaluation"]["explanation"]
    let blocks =
      explanation == .null
      ? stored(document["conversion"].items, refusal(document)) : explained(explanation)
    guard !blocks.isEmpty else { return nil }
    return HTMLPage.Section(id: "errors", title: "Where accuracy goes", blocks: blocks)
  }

  /// Why the program is not explained at all, or not by the network that was given.
  private static func refusal(_ document: JSON) -> JSON {
    let own = document["notExplained"]
    return own == .null ? document["evaluation"]["notExplained"] : own
  }

  private static func explained(_ explanation: JSON) -> [PageBlock] {
    let layers = explanation["layers"].items
    guard !isWhole(explanation) else { return whole(explanation, layers) }
    let bars = picture(
      layers, parts, note: "Root mean square errors as shares of the layer's own values, by cause.")
    let table = PageTable(
      title: "Errors by layer",
      note:
        "Shares of the layer's own values; rounding is what weights give otherwise than those of the "
        + "source network, a miscount of payloads too many or too few for other reasons, and unevenness "
        + "what uneven input moves of these, with the rest of them or against it. The last three columns "
        + "are what is left after turning "
        + "that knob of that layer alone.",
      columns: [
        .init("layer"), .init("error"), .init("before quantization"), .init("clipping"),
        .init("quantization"), .init("rounding"), .init("miscount"), .init("unevenness"),
        .init("dead channels"),
        .init("saturated"), .init("thresholds"), .init("biases"), .init("weights"),
      ],
      rows: input(explanation, columns: 13)
        + layers.map { layer in
          let after = layer["errorAfter"]
          return [
            layer["name"].plain, percent(layer["error"].value),
            percent(layer["balancedError"].value),
          ] + (parts + ["unevenness"]).map { percent(layer[$0 + "Error"].value) } + [
            layer["deadChannels"].words, percent(layer["saturated"].value),
            percent(after["threshold"].value), percent(after["bias"].value),
            percent(after["weights"].value),
          ]
        })
    return [
      .answer(verdict(explanation) + earlyExit(explanation) + unexplained(explanation)),
      .bars(bars),
      .table(without("before quantization", table)),
    ]
  }

  static func isWhole(_ explanation: JSON) -> Bool {
    explanation["layers"].items.contains { $0["heardError"] != .null }
  }

  /// Of a program that was run as a whole.
  private static func whole(_ explanation: JSON, _ layers: [JSON]) -> [PageBlock] {
    let table = PageTable(
      title: "Errors by layer",
      note:
        "Shares of the layer's own values, beside the largest error among its sources. This program "
        + "computes operators on running means and was run as a whole: no change of one layer was tried.",
      columns: [
        .init("layer"), .init("error"), .init("of its sources"), .init("before quantization"),
        .init("dead channels"), .init("saturated"),
      ],
      rows: input(explanation, columns: 6)
        + layers.map { layer in
          [
            layer["name"].plain, percent(layer["error"].value), percent(layer["heardError"].value),
            percent(layer["balancedError"].value), layer["deadChannels"].words,
            percent(layer["saturated"].value),
          ]
        })
    return [
      .answer(verdict(explanation) + earlyExit(explanation) + unexplained(explanation)),
      .table(without("before quantization", table)),
    ]
  }

  /// The row of the input, whose error no layer can make up for.
  private static func input(_ explanation: JSON, columns: Int) -> [[String]] {
    guard let error = explanation["inputError"].value else { return [] }
    return [["(the input)", percent(error)] + Array(repeating: "—", count: columns - 2)]
  }

  /// The populations without a row, and why.
  private static func unexplained(_ explanation: JSON) -> String {
    explanation["unexplained"].items.map {
      " \($0["name"].plain) is not explained: \($0["reason"].plain)."
    }.joined()
  }

  private static func stored(_ layers: [JSON], _ refusal: JSON) -> [PageBlock] {
    guard !layers.isEmpty else { return [] }
    let table = PageTable(
      title: "Errors of the conversion",
      note:
        "Measured on the calibration inputs when the bundle was made; shares of the layer's own "
        + "values. " + instead(of: refusal),
      columns: [
        .init("layer"), .init("threshold"), .init("clipping"), .init("quantization"),
        .init("unevenness"), .init("spikes a neuron and tick"),
      ],
      rows: layers.map { layer in
        [layer["name"].plain, layer["threshold"].value.map { decimals($0, 4) } ?? "—"]
          + causes.map { percent(layer[$0 + "Error"].value) }
          + [layer["spikeRate"].value.map { decimals($0, 3) } ?? "—"]
      })
    return [
      .answer(largest(layers)),
      .bars(
        picture(
          layers, causes,
          note: "Root mean square errors on the calibration inputs, as shares of the layer's own "
            + "values.")),
      .table(table),
    ]
  }

  /// What this section says with data, or why it does not.
  private static func instead(of refusal: JSON) -> String {
    guard let message = refusal["message"].string, let action = refusal["action"].string else {
      return "With --model and --data this section explains the drop instead."
    }
    return "`evaluate --explain` does not take this program: \(message); \(action)."
  }

  /// The largest error of all layers and causes.
  private static func largest(_ layers: [JSON]) -> String {
    var worst: (error: Double, words: String)?
    for layer in layers {
      for cause in causes {
        guard let error = layer[cause + "Error"].value, error > worst?.error ?? 0 else { continue }
        worst = (error, "\(cause) in \(layer["name"].plain), \(percent(error)) of its values")
      }
    }
    if let worst { return "The largest error is \(worst.words)." }
    // As for neurons that forget at a spike.
    let isKnown = layers.contains { layer in
      causes.contains { layer[$0 + "Error"].value != nil }
    }
    return isKnown
      ? "No layer has an error of its own." : "The errors of the layers are not known by cause."
  }

  /// A table without a column that has no number in any row.
  private static func without(_ title: String, _ table: PageTable) -> PageTable {
    guard let index = table.columns.firstIndex(where: { $0.title == title }),
      table.rows.allSatisfy({ $0[index] == "—" })
    else { return table }
    var table = table
    table.columns.remove(at: index)
    for row in table.rows.indices { table.rows[row].remove(at: index) }
    return table
  }

  private static func picture(_ layers: [JSON], _ causes: [String], note: String) -> BarTable {
    let rows = layers.compactMap { layer -> BarTable.Row? in
      let values = causes.map { layer[$0 + "Error"].value }
      guard values.contains(where: { $0 != nil }) else { return nil }
      return BarTable.Row(
        layer["name"].plain, values.map { $0.map { BarTable.Bar($0) } },
        words: values.map { $0.map { decimals(100 * $0, 1) } ?? "—" }.joined(separator: " · ")
          + " %")
    }
    return BarTable(title: "Errors by cause", note: note, series: causes, rows: rows)
  }
}
