public import SynapackSupport
internal import SynapackTensor

/// Says what each reader of NIR files makes of a file: what it refuses, what it skips, and where it
/// runs another network than the file describes.
///
/// What nir itself refuses of the file's structure is told whoever is asked for: all read with it.
///
/// The rules are those of nir 1.0.8, sinabs 3.1.3, SpikingJelly 2.0.0, snnTorch 1.0.0, norse 1.1.0
/// and Rockpool 3.1.0, read in their importers and tried with `tools/verify/exports`.
public enum NIRLint {
  /// The names of the readers, in ascending order; `nir` is NIR's own.
  public static let readers = NIRReader.allCases.map(\.rawValue)

  /// Our exports are run by their loader alone, which is why it is beside them.
  private static let cure = "; `load.py`, which lies beside this file, sets that right"

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
    // Every reader's files go through nir first.
    var findings = NIRStructure(network).remarks.map {
      Finding(.misreadNIR, .error, "nir \($0.message)", at: .node($0.node))
    }
    for reader in readers {
      for node in network.nodes {
        for (severity, message) in reader.remarks(node) {
          let cure = network.reader == reader ? NIRLint.cure : ""
          findings.append(
            Finding(
              .misreadNIR, severity, "\(reader.rawValue) \(message)" + cure,
              at: .node(node.name)))
        }
      }
      findings += reader.remarks(on: network).map {
        Finding(.misreadNIR, .error, "\(reader.rawValue) \($0.message)", at: .node($0.node))
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
    case "SumPool2d": remarks += sumPooling(node)
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
    // It takes the weights of a Conv1d for a tensor and fails on them.
    case .sinabs: return common.union(["LI", "SumPool2d"])
    // What their own tables lack is in that of nirtorch.
    case .snntorch, .spikingjelly:
      return common.union([
        "Linear", "Conv1d", "CubaLIF", "AvgPool2d", "SumPool2d",
      ])
    }
  }

  private func convolution(_ node: NIRNode) -> [Remark] {
    var remarks: [Remark] = []
    let groups = Int(exactly: node.arrays["groups"]?.floats().first ?? 1) ?? 0
    let shape = node.arrays["weight"]?.shape.dimensions ?? []
    if groups != 1 {
      switch self {
      case .spikingjelly: remarks.append((.error, "refuses grouped convolutions"))
      case .nir:
        remarks.append((.error, "infers a group's input channels; read without type_check"))
      case .norse, .rockpool, .sinabs, .snntorch:
        // torch divides what it takes for all channels by the groups, then gets the right weights.
        if groups < 1 || shape.count < 2 || !shape[1].isMultiple(of: groups) {
          remarks.append((.error, "refuses groups that do not divide a group's input channels"))
        }
      }
    }
    guard self == .nir else { return remarks }
    if node.arrays["input_shape"] == nil {
      remarks.append((.error, "needs the dataset input_shape, empty or not"))
    }
    if shape.count == 4, shape[2] != shape[3], node.texts["padding"] != "same" {
      remarks.append((.error, "infers a square kernel; read without type_check"))
    }
    let strides = node.arrays["stride"]?.floats() ?? []
    if node.texts["padding"] == "same", strides.contains(where: { $0 != 1 }) {
      remarks.append((.error, "infers the shape of `same` without the stride"))
    }
    return remarks
  }

  private func sumPooling(_ node: NIRNode) -> [Remark] {
    let padding = node.arrays["padding"]?.floats() ?? []
    guard self != .nir, padding.contains(where: { $0 != 0 }) else { return [] }
    return [(.error, "ignores padding")]
  }

  /// NIR counts axes without a batch; where a reader does too, or shifts them, a batch is left alone.
  private func flatten(_ node: NIRNode) -> [Remark] {
    // nir takes 1 and −1 for what a file leaves out.
    let start = node.arrays["start_dim"]?.floats().first ?? 1
    let end = node.arrays["end_dim"]?.floats().first ?? -1
    // One axis alone stays as it is, whichever it is.
    guard start != end else { return [] }
    switch self {
    case .norse, .snntorch:
      guard start >= 0 || end >= 0 else { return [] }
      let axis = start == 0 ? "start_dim 0 merges its samples" : "all axes are one too few"
      return [
        (.warning, "counts a batch as an axis: with one \(axis); give it samples without a batch")
      ]
    case .nir, .rockpool, .sinabs, .spikingjelly:
      guard start == 1 else { return [] }
      return [(.warning, "counts axes without the batch: start_dim 1 keeps the channels apart")]
    }
  }
}
