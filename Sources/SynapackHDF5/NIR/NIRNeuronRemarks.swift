internal import SynapackSupport
internal import SynapackTensor

/// What each reader makes of neurons.
extension NIRReader {
  func integrateAndFire(_ node: NIRNode) -> [Remark] {
    switch self {
    case .nir, .rockpool: return []
    case .norse:
      return [(.warning, "fires above the threshold, not at it, and resets to 0")] + ignored(node)
    case .sinabs:
      let own: Remark = (
        .error, "resets by subtraction, sends several spikes a tick and clips v at −threshold"
      )
      return [own] + (isOther(node, "r", than: 1) ? [(.error, "ignores r")] : [])
    case .snntorch:
      return [(.error, "makes IF a leaky neuron with beta 0.9; write LIF with a long tau")]
        + varying(node, ["v_threshold"])
    case .spikingjelly:
      var remarks = varying(node, ["v_threshold", "v_reset"])
      let resistance = node.arrays["r"]?.floats() ?? []
      if resistance.contains(where: { abs($0 - 1 / NIRReader.tick) > 0.01 }) {
        remarks.append((.error, "refuses r other than 1/dt, which is 10000 by default"))
      }
      return remarks
    }
  }

  func leaky(_ node: NIRNode) -> [Remark] {
    let leaks = isOther(node, "v_leak", than: 0)
    switch self {
    case .nir, .rockpool: return []
    case .norse:
      return [(.warning, "fires above the threshold and resets to 0")] + ignored(node)
    case .sinabs:
      var remarks: [Remark] =
        leaks ? [(.error, "refuses v_leak other than 0")] : [(.error, "resets by subtraction")]
      if isOther(node, "r", than: 1) { remarks.append((.error, "ignores r")) }
      return remarks + inTicks(node)
    case .snntorch:
      var remarks: [Remark] = [(.warning, "fires above the threshold and resets to 0")]
      if leaks { remarks.append((.error, "refuses v_leak other than 0")) }
      if isOther(node, "v_reset", than: 0) { remarks.append((.error, "ignores v_reset")) }
      return remarks + varying(node, ["v_threshold"])
    case .spikingjelly:
      var remarks = varying(node, ["tau", "r", "v_leak", "v_reset", "v_threshold"])
      let tau = (value(node, "tau") ?? 1) / NIRReader.tick
      if tau <= 1 { remarks.append((.error, "refuses tau up to dt, which is 0.0001 by default")) }
      if let r = value(node, "r"), !isClose(r, 1), !isClose(r, tau) {
        remarks.append((.error, "refuses r other than 1 or tau/dt, where dt is 0.0001 by default"))
      }
      if !isClose(value(node, "v_leak") ?? 0, value(node, "v_reset") ?? 0) {
        remarks.append((.error, "refuses v_leak other than v_reset"))
      }
      return remarks
    }
  }

  func currentBased(_ node: NIRNode) -> [Remark] {
    switch self {
    case .nir, .sinabs: return []
    case .rockpool: return rockpoolCurrentBased(node)
    case .norse:
      let resets = isOther(node, "v_reset", than: 0)
      return [(.warning, "fires above the threshold and resets to 0")]
        + (resets ? [(.error, "ignores v_reset")] : [])
    case .snntorch: return scaled(node, ["r": "tau_mem"])
    case .spikingjelly:
      let fields = ["r", "tau_mem", "tau_syn", "v_leak", "v_reset", "v_threshold", "w_in"]
      let times = ["tau_mem", "tau_syn"].flatMap { node.arrays[$0]?.floats() ?? [] }
      let isFast = times.contains { $0 < NIRReader.tick }
      return varying(node, fields) + scaled(node, ["r": "tau_mem", "w_in": "tau_syn"])
        + (isFast ? [(.error, "refuses time constants below dt, which is 0.0001 by default")] : [])
    }
  }

  /// Rockpool has LIFTorch for it: I ← (I + x)·exp(−dt/τ_syn), v ← v·exp(−dt/τ_mem) + I + bias.
  private func rockpoolCurrentBased(_ node: NIRNode) -> [Remark] {
    var remarks: [Remark] = [
      (.error, "resets by subtraction and sends several spikes a tick"),
      (.warning, "lets what arrives decay with tau_syn before it acts"),
    ]
    if isOther(node, "v_reset", than: 0) { remarks.append((.error, "ignores v_reset")) }
    if isOther(node, "v_leak", than: 0) {
      remarks.append((.error, "adds v_leak in every tick"))
    }
    if isOther(node, "w_in", than: 1) { remarks.append((.error, "ignores w_in")) }
    let (times, gains) = (
      node.arrays["tau_mem"]?.floats() ?? [], node.arrays["r"]?.floats() ?? []
    )
    if Set(zip(times, gains).map { $0 / (1 + $1) }).count > 1 {
      remarks.append((.error, "takes the least of tau_mem / (1 + r) for the tick of all neurons"))
    }
    return remarks
  }

  func leakyIntegrator(_ node: NIRNode) -> [Remark] {
    switch self {
    case .nir, .norse, .snntorch, .spikingjelly: return []
    case .rockpool:
      let times = node.arrays["tau"]?.floats() ?? []
      let isWhole = times.allSatisfy { $0 == $0.rounded(.down) }
      return isWhole ? [] : [(.error, "rounds tau down to a whole number")]
    case .sinabs:
      return [("v_leak", 0), ("r", 1)].filter { isOther(node, $0, than: $1) }
        .map { (.error, "refuses \($0) other than \(Int($1))") } + inTicks(node)
    }
  }
}

extension NIRReader {
  /// dt in seconds, where a reader has one and nobody says another.
  private static let tick: Float = 1e-4

  /// sinabs has v ← v·exp(−1/τ): a τ below one tick can be meant in seconds alone.
  private func inTicks(_ node: NIRNode) -> [Remark] {
    (node.arrays["tau"]?.floats() ?? []).contains { $0 < 1 }
      ? [(.error, "takes tau for ticks, not for seconds")] : []
  }

  private func isOther(_ node: NIRNode, _ field: String, than value: Float) -> Bool {
    (node.arrays[field]?.floats() ?? []).contains { $0 != value }
  }

  /// The first value of a field.
  private func value(_ node: NIRNode, _ field: String) -> Float? {
    node.arrays[field]?.floats().first
  }

  /// As `numpy.isclose` has it.
  private func isClose(_ left: Float, _ right: Float) -> Bool {
    abs(left - right) <= 1e-8 + 1e-5 * abs(right)
  }

  /// What a reader with one reset and one resistance does not look at.
  private func ignored(_ node: NIRNode) -> [Remark] {
    [("v_reset", 0), ("r", 1)].filter { isOther(node, $0, than: $1) }
      .map { field, _ in (.error, "ignores \(field)") }
  }

  private func varying(_ node: NIRNode, _ fields: [String]) -> [Remark] {
    fields.filter { Set(node.arrays[$0]?.floats() ?? []).count > 1 }
      .map { (.error, "refuses \($0 == "v_threshold" ? "thresholds" : $0) that differ in a layer") }
  }

  /// Gains that must be the time constant in ticks, and no leak.
  private func scaled(_ node: NIRNode, _ gains: [String: String]) -> [Remark] {
    var remarks: [Remark] = []
    if isOther(node, "v_leak", than: 0) { remarks.append((.error, "refuses v_leak other than 0")) }
    for (gain, time) in gains.sorted(by: { $0.key < $1.key }) {
      let pairs = zip(node.arrays[gain]?.floats() ?? [], node.arrays[time]?.floats() ?? [])
      if pairs.contains(where: { !isClose($0, $1 / NIRReader.tick) }) {
        remarks.append(
          (.error, "refuses \(gain) other than \(time)/dt, where dt is 0.0001 by default"))
      }
    }
    return remarks
  }
}
