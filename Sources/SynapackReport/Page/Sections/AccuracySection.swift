internal import SynapackSupport

/// What a run on data gave: accuracy stage by stage, spikes and operations.
enum AccuracySection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    let evaluation = document["evaluation"]
    guard let row = evaluation["spiking"].items.last else { return nil }
    let inputs = grouped(evaluation["samples"].number)
    var blocks: [PageBlock] = []
    let stages = self.stages(evaluation, row)
    if !stages.isEmpty {
      blocks.append(
        .bars(
          BarTable(
            title: "Accuracy after each stage",
            note:
              "Shares of \(inputs) inputs. \(meanings(evaluation["explanation"]["stages"].items))",
            series: ["accuracy"], rows: stages, end: 1)))
    }
    blocks.append(.tiles(cost(row)))
    let ticks = row["earlyExit"] == .null ? "all T ticks" : "the ticks that each took"
    blocks.append(
      .note(
        "Means of \(inputs) inputs over \(ticks); operations as NeuroBench defines them, of each event "
          + "that is sent."))
    return HTMLPage.Section(id: "accuracy", title: "Accuracy on the data", blocks: blocks)
  }

  /// What the names of the stages stand for.
  private static func meanings(_ stages: [JSON]) -> String {
    stages.compactMap { stage -> String? in
      switch stage["name"].string {
      case "folded": "Folded: the source network with its normalization in its weights."
      case "balanced": "Balanced: converted again, with wide integers."
      case "quantized": "Quantized: the bundle."
      case "early exit": "Early exit: the bundle, read before its last tick where its rule allows."
      default: nil
      }
    }.joined(separator: " ")
  }

  private static func stages(_ evaluation: JSON, _ row: JSON) -> [BarTable.Row] {
    var stages = evaluation["explanation"]["stages"].items
    if stages.isEmpty {
      guard row["accuracy"] != .null || row["agreement"] != .null else { return [] }
      if evaluation["ann"]["accuracy"] != .null {
        stages.append(["name": "source network", "accuracy": evaluation["ann"]["accuracy"]])
      }
      stages.append(["name": "bundle", "accuracy": row["accuracy"], "agreement": row["agreement"]])
    }
    return stages.map(stage)
      + evaluation["explanation"]["alternatives"].items.map { other in
        var row = stage(other)
        row.name = "instead: \(row.name)"
        return row
      }
  }

  private static func stage(_ stage: JSON) -> BarTable.Row {
    let (accuracy, agreement) = (stage["accuracy"].value, stage["agreement"].value)
    let parts = [
      accuracy.map { percent($0) }, agreement.map { "agrees in \(percent($0))" },
    ]
    return BarTable.Row(
      stage["name"].plain, [(accuracy ?? agreement).map { BarTable.Bar($0) }],
      words: parts.compactMap { $0 }.joined(separator: ", "))
  }

  private static func cost(_ row: JSON) -> [PageBlock.Tile] {
    let operations = row["synapticOperations"]
    func whole(_ value: JSON) -> String { amount(value.value ?? 0) }
    let spikes = row["spikesPerNeuron"].value ?? 0
    let payload = row["payloadPerNeuron"].value ?? spikes
    var tiles = [
      PageBlock.Tile(
        name: "Spikes a neuron", value: decimals(spikes, 3),
        detail: payload == spikes
          ? "in a whole inference" : "in a whole inference, payloads sum to \(decimals(payload, 3))"
      ),
      PageBlock.Tile(
        name: "Silent neurons and ticks", value: percent(row["activationSparsity"].value)),
      PageBlock.Tile(
        name: "Additions", value: whole(operations["effectiveACs"]), detail: "effective, an input"),
      PageBlock.Tile(
        name: "Multiplications", value: whole(operations["effectiveMACs"]),
        detail: "effective, an input"),
    ]
    if let taken = row["meanTicks"].value, taken < Double(row["timesteps"].number) {
      tiles.append(
        PageBlock.Tile(
          name: "Ticks taken", value: decimals(taken, 2),
          detail: "of \(row["timesteps"].words) of the readout; a rule stops early"))
    }
    let exit = row["earlyExit"]
    if exit != .null {
      let known = exit["agreementBound"].value.map {
        "at least \(percent($0)) of all such inputs, 95 % confidence"
      }
      let promised = exit["promisedAgreement"].value.map { "\(percent($0)) asked for" }
      tiles.append(
        PageBlock.Tile(
          name: "Keep the last tick's class", value: percent(exit["agreement"].value),
          detail: [known, promised, "\(percent(exit["leaving"].value)) leave early"].compactMap {
            $0
          }
          .joined(separator: "; ")))
    }
    return tiles
  }
}
