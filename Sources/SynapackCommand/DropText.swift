import Synapack
import SynapackConvert
import SynapackReport

/// The explanation of a drop as a terminal shows it.
enum DropText {
  static func text(_ drop: DropReport) -> String {
    var parts = [stages(drop), layers(drop)]
    parts.append(verdict(drop))
    return parts.joined(separator: "\n\n")
  }

  private static func stages(_ drop: DropReport) -> String {
    var table = Table(["stage", "accuracy", "agreement"])
    for stage in drop.stages + [drop.remedied].compactMap({ $0 }) {
      table.add([stage.name, percent(stage.accuracy), percent(stage.agreement)])
    }
    return table.text
  }

  private static func layers(_ drop: DropReport) -> String {
    var table = Table([
      "layer", "error", "clipping", "quantization", "unevenness", "dead", "saturated",
      "threshold", "bias", "weights",
    ])
    for layer in drop.layers {
      func after(_ knob: LayerExplanation.Knob) -> String {
        layer.remedies.first { $0.knob == knob }.map { percent($0.error) } ?? "–"
      }
      table.add([
        TerminalText.plain(layer.name), percent(layer.error), percent(layer.causes?.clipping),
        percent(layer.causes?.quantization), percent(layer.causes?.unevenness),
        String(layer.deadChannels), percent(layer.saturated), after(.threshold), after(.bias),
        after(.weights),
      ])
    }
    return table.text
      + "\nErrors are shares of the layer's own values; the last three columns are what is left "
      + "after that knob of that layer alone."
  }

  private static func verdict(_ drop: DropReport) -> String {
    guard let first = drop.first, let knob = first.knob else {
      let text = "No single layer stands out: changing one layer alone would hardly help."
      guard !drop.alternatives.isEmpty else {
        return text + " More ticks, `--schedule staggered:D` or wider payloads would."
      }
      var table = Table(["instead", "accuracy", "agreement"])
      for other in drop.alternatives {
        table.add([other.name, percent(other.accuracy), percent(other.agreement)])
      }
      return text + "\n\n" + table.text
    }
    let name = TerminalText.plain(first.name)
    let left = first.remedies.first { $0.knob == knob }?.error
    var text =
      "First layer that hurts: \(name). Its \(words(knob)) would take its error from "
      + "\(percent(first.error)) to \(percent(left))"
    if let remedied = drop.remedied, let last = drop.stages.last {
      text += "; measured on all inputs: "
      if let before = last.accuracy, let after = remedied.accuracy {
        text += "accuracy \(percent(before)) to \(percent(after))."
      } else {
        text += "agreement \(percent(last.agreement)) to \(percent(remedied.agreement))."
      }
    }
    return text
  }

  private static func words(_ knob: LayerExplanation.Knob) -> String {
    switch knob {
    case .threshold: "thresholds, scaled channel by channel,"
    case .bias: "biases, moved channel by channel,"
    case .weights: "weights, solved for what its inputs really send,"
    }
  }
}
