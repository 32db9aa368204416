internal import SynapackBundle
internal import SynapackPlace
internal import SynapackProgram
internal import SynapackTensor

/// What loaders and callers notice.
struct InterfaceComparison {
  let old: StoredBundle
  let new: StoredBundle

  var changes: [Change] { loader + interface }

  private func change(
    _ category: Change.Category, _ subject: String, _ text: (StoredBundle) -> String
  ) -> Change? {
    let (before, after) = (text(old), text(new))
    func shown(_ text: String) -> String { text.isEmpty ? "none" : text }
    return before == after ? nil : Change(category, subject, shown(before), shown(after))
  }

  private var loader: [Change] {
    [
      change(.loader, "format") { "\($0.formatMajor).\($0.formatMinor)" },
      change(.loader, "compensated neurons") { $0.bundle.program.hasCompensation ? "yes" : "no" },
      change(.loader, "chip") { $0.bundle.placement?.chip ?? "none" },
      change(.loader, "mesh of cores") {
        $0.bundle.placement.map { "\($0.mesh.x)×\($0.mesh.y)" } ?? "none"
      },
      change(.loader, "schedule") { $0.bundle.program.schedule.description },
      change(.loader, "widest weights") {
        "\($0.bundle.program.connections.map(\.weightBits).max() ?? 0) bits"
      },
      change(.loader, "widest membrane") { stored in
        let widest = stored.bundle.program.populations.map(\.membrane.upperBound).max() ?? 0
        return "up to \(widest)"
      },
    ].compactMap { $0 }
  }

  private var interface: [Change] {
    [
      change(.interface, "input name") { $0.bundle.program.input.name },
      change(.interface, "input shape") { $0.bundle.program.input.shape.description },
      change(.interface, "input encoding") { InterfaceComparison.words($0.bundle.program.input) },
      change(.interface, "preprocessing") { $0.bundle.preprocess },
      change(.interface, "output shape") { stored in
        let program = stored.bundle.program
        return program.populations[program.readout.population].shape.description
      },
      change(.interface, "output decoding") { $0.bundle.program.readout.decoding.rawValue },
      change(.interface, "early exit") {
        $0.bundle.program.readout.exit?.measure.rawValue ?? "none"
      },
      change(.interface, "timesteps") { "\($0.bundle.program.timesteps)" },
      change(.interface, "latency in ticks") { "\(Clock($0.bundle.program).latency)" },
    ].compactMap { $0 }
  }

  private static func words(_ input: InputPort) -> String {
    let kind =
      switch input.encoding {
      case .constantCurrent(let bits, let signed, _):
        "current of \(bits) bits\(signed ? ", signed" : "")"
      case .poisson(let signed, _, _): "poisson\(signed ? ", signed" : "")"
      case .events(let bits, let signed, _): "events of \(bits) bits\(signed ? ", signed" : "")"
      }
    return "\(kind), a unit is \(input.encoding.scale)"
  }
}
