public import SynapackSupport
internal import SynapackTensor

/// Says what each reader of NIR files makes of a file: what it refuses, what it skips, and where it
/// runs another network than the file describes.
///
/// The rules are those of nir 1.0.8, sinabs 3.1.3, SpikingJelly 2.0.0, snnTorch 1.0.0, norse 1.1.0
/// and Rockpool 3.1.0, read in their importers and tried with `tools/verify/exports`.
public enum NIRLint {
  /// The names of the readers, in ascending order; `nir` is NIR's own.
  public static let readers = NIRReader.allCases.map(\.rawValue)

  /// What a reader, or every one where none is named, would get wrong, node by node.
  ///
  /// - Throws: `SYN0703` for an unknown reader, `SYN0220` to `SYN0225` and `SYN0274` for a file that
  ///   cannot be read.
  public static func findings(
    _ file: MappedFile, reader name: String?
  ) throws(PackError) -> [Finding] {
    var readers = NIRReader.allCases
    if let name {
      guard let reader = NIRReader(rawValue: name) else {
        throw PackError(
          .unknownName,
          "there is no reader `\(name)`; there are \(Self.readers.joined(separator: ", "))",
          at: .option("--lint"), hint: "name one of them, or `all`")
      }
      readers = [reader]
    }
    let network: NIRNetwork
    do throws(PackError) { network = try NIRFileReader.read(file) } catch {
      throw error.isInFile ? error : error.at(.file(file.path))
    }
    var findings: [Finding] = []
    for reader in readers {
      for node in network.nodes {
        for (severity, message) in reader.remarks(node) {
          findings.append(
            Finding(.misreadNIR, severity, "\(reader.rawValue) \(message)", at: .node(node.name)))
        }
      }
    }
    return findings
  }
}

/// A reader of NIR files.
enum NIRReader: String, CaseIterable {
  case nir, norse, rockpool, sinabs, snntorch, spikingjelly

  typealias Remark = (Severity, String)

  /// What the reader gets wrong with one node: errors change the network, warnings may.
  func remarks(_ node: NIRNode) -> [Remark] {
    guard reads.contains(node.type) else { return [(.error, "does not read \(node.type)")] }
    var remarks: [Remark] = []
    switch node.type {
    case "IF": remarks += integrateAndFire(node)
    case "LIF": remarks += leaky(node)
    case "CubaLIF": remarks += currentBased(node)
    case "LI": remarks += leakyIntegrator(node)
    case "Conv1d", "Conv2d": remarks += convolution(node)
    case "Flatten": remarks += flatten(node)
    default: break
    }
    return remarks
  }

  /// The types of nodes that the reader takes.
  private var reads: Set<String> {
    let common: Set = ["Input", "Output", "Affine", "Conv2d", "Flatten", "IF", "LIF"]
    switch self {
    case .nir: return Set(nirLowerings.keys)
    // Its importer knows LIF by a field that nir 1.0.8 does not have.
    case .rockpool: return ["Input", "Output", "Affine", "Linear", "LI", "CubaLIF"]
    case .norse: return common.union(["Linear", "CubaLIF", "SumPool2d"])
    case .sinabs: return common.union(["Conv1d", "LI", "SumPool2d"])
    case .snntorch: return common.union(["Linear", "CubaLIF", "AvgPool2d"])
    case .spikingjelly: return common.union(["Linear", "Conv1d", "CubaLIF", "AvgPool2d"])
    }
  }

  private func integrateAndFire(_ node: NIRNode) -> [Remark] {
    let thresholds = node.arrays["v_threshold"]?.floats() ?? []
    let resets = node.arrays["v_reset"]?.floats() ?? []
    let resistance = node.arrays["r"]?.floats() ?? []
    let isUniform = Set(thresholds).count <= 1
    var remarks: [Remark] = []
    switch self {
    case .nir, .rockpool: return []
    case .norse:
      remarks.append((.warning, "fires above the threshold, not at it, and resets to 0"))
      if resets.contains(where: { $0 != 0 }) { remarks.append((.error, "ignores v_reset")) }
      if resistance.contains(where: { $0 != 1 }) { remarks.append((.error, "ignores r")) }
    case .sinabs:
      remarks.append(
        (.error, "resets by subtraction, sends several spikes a tick and clips v at −threshold"))
      if resistance.contains(where: { $0 != 1 }) { remarks.append((.error, "ignores r")) }
    case .snntorch:
      remarks.append((.error, "makes IF a leaky neuron with beta 0.9; write LIF with a long tau"))
      if !isUniform { remarks.append((.error, "refuses thresholds that differ in a layer")) }
    case .spikingjelly:
      if !isUniform { remarks.append((.error, "refuses thresholds that differ in a layer")) }
      if Set(resets).count > 1 {
        remarks.append((.error, "refuses v_reset that differ in a layer"))
      }
      if resistance.contains(where: { abs($0 - 1e4) > 0.01 }) {
        remarks.append((.error, "refuses r other than 1/dt, which is 10000 by default"))
      }
    }
    return remarks
  }

  private func leaky(_ node: NIRNode) -> [Remark] {
    let isUniform = Set(node.arrays["v_threshold"]?.floats() ?? []).count <= 1
    let leaks = (node.arrays["v_leak"]?.floats() ?? []).contains { $0 != 0 }
    switch self {
    case .nir, .rockpool: return []
    case .norse: return [(.warning, "fires above the threshold and resets to 0")]
    case .sinabs:
      return leaks
        ? [(.error, "refuses v_leak other than 0")] : [(.error, "resets by subtraction")]
    case .snntorch:
      var remarks: [Remark] = [(.warning, "fires above the threshold and resets to 0")]
      if leaks { remarks.append((.error, "refuses v_leak other than 0")) }
      if !isUniform { remarks.append((.error, "refuses thresholds that differ in a layer")) }
      return remarks
    case .spikingjelly:
      return isUniform ? [] : [(.error, "refuses thresholds that differ in a layer")]
    }
  }

  /// Rockpool has LIFTorch for it: I ← (I + x)·exp(−dt/τ_syn), v ← v·exp(−dt/τ_mem) + I + bias.
  private func currentBased(_ node: NIRNode) -> [Remark] {
    guard self == .rockpool else { return [] }
    func values(_ field: String) -> [Float] { node.arrays[field]?.floats() ?? [] }
    var remarks: [Remark] = [
      (.error, "resets by subtraction and sends several spikes a tick"),
      (.warning, "lets what arrives decay with tau_syn before it acts"),
    ]
    if values("v_reset").contains(where: { $0 != 0 }) {
      remarks.append((.error, "ignores v_reset"))
    }
    if values("v_leak").contains(where: { $0 != 0 }) {
      remarks.append((.error, "adds v_leak in every tick"))
    }
    if values("w_in").contains(where: { $0 != 1 }) { remarks.append((.error, "ignores w_in")) }
    if Set(zip(values("tau_mem"), values("r")).map { $0 / (1 + $1) }).count > 1 {
      remarks.append((.error, "takes the least of tau_mem / (1 + r) for the tick of all neurons"))
    }
    return remarks
  }

  private func leakyIntegrator(_ node: NIRNode) -> [Remark] {
    let times = node.arrays["tau"]?.floats() ?? []
    guard self == .rockpool, times.contains(where: { $0 != $0.rounded(.down) }) else { return [] }
    return [(.error, "rounds tau down to a whole number")]
  }

  private func convolution(_ node: NIRNode) -> [Remark] {
    var remarks: [Remark] = []
    let groups = node.arrays["groups"]?.floats().first ?? 1
    let shape = node.arrays["weight"]?.shape.dimensions ?? []
    if groups != 1 {
      switch self {
      case .spikingjelly: remarks.append((.error, "refuses grouped convolutions"))
      case .sinabs: remarks.append((.error, "takes a group's input channels for all of them"))
      case .nir:
        remarks.append((.error, "infers a group's input channels; read without type_check"))
      case .norse, .rockpool, .snntorch:
        remarks.append((.error, "takes a group's input channels for all of them"))
      }
    }
    guard self == .nir else { return remarks }
    if node.arrays["input_shape"] == nil {
      remarks.append((.error, "needs the dataset input_shape, empty or not"))
    }
    if shape.count == 4, shape[2] != shape[3] {
      remarks.append((.error, "infers a square kernel; read without type_check"))
    }
    let strides = node.arrays["stride"]?.floats() ?? []
    if node.texts["padding"] == "same", strides.contains(where: { $0 != 1 }) {
      remarks.append((.error, "infers the shape of `same` without the stride"))
    }
    return remarks
  }

  private func flatten(_ node: NIRNode) -> [Remark] {
    let start = node.arrays["start_dim"]?.floats().first ?? 0
    guard start == 1 else { return [] }
    return [(.warning, "counts axes without the batch: start_dim 1 keeps the channels apart")]
  }
}
