internal import SynapackSupport
internal import SynapackTensor

/// What nir 1.0.8 refuses of a file's structure before any reader sees it: `nir.read` constructs every
/// node from its fields, then holds the shapes at both ends of every edge against each other.
///
/// Shapes that it infers wrongly, of grouped or non-square kernels and of `same` with a stride, are taken
/// here as they are meant: ``NIRReader`` tells those.
struct NIRStructure {
  private let network: NIRNetwork
  /// What flows into each node and out of it, by its fields or by what is in front of it.
  private var inputs: [[Int]?]
  private var outputs: [[Int]?]
  private(set) var remarks: [(node: String, message: String)] = []

  init(_ network: NIRNetwork) {
    self.network = network
    inputs = network.nodes.map(NIRStructure.input)
    outputs = Array(repeating: nil, count: network.nodes.count)
    for node in network.nodes { checkFields(node) }
    infer()
    checkEdges()
  }

  /// The fields without which the node cannot be constructed (nir/ir, the dataclasses).
  private static let required: [String: [String]] = [
    "Affine": ["bias", "weight"], "AvgPool2d": ["kernel_size", "padding", "stride"],
    "Conv1d": ["bias", "dilation", "groups", "padding", "stride", "weight"],
    "Conv2d": ["bias", "dilation", "groups", "padding", "stride", "weight"],
    "CubaLI": ["r", "tau_mem", "tau_syn", "v_leak"],
    "CubaLIF": ["r", "tau_mem", "tau_syn", "v_leak", "v_threshold"], "Delay": ["delay"],
    "Flatten": [], "I": ["r"], "IF": ["r", "v_threshold"], "Input": ["shape"],
    "LI": ["r", "tau", "v_leak"], "LIF": ["r", "tau", "v_leak", "v_threshold"],
    "Linear": ["weight"], "Output": ["shape"], "Scale": ["scale"],
    "SumPool2d": ["kernel_size", "padding", "stride"], "Threshold": ["threshold"],
  ]

  /// Neurons whose parameters must have one shape, but for `w_in`.
  private static let neurons: Set = ["CubaLI", "CubaLIF", "IF", "LI", "LIF"]

  private mutating func checkFields(_ node: NIRNode) {
    let missing = (NIRStructure.required[node.type] ?? []).filter {
      node.arrays[$0] == nil && node.texts[$0] == nil
    }
    for field in missing {
      add(node, "refuses the file: the \(node.type) has no field `\(field)`")
    }
    if NIRStructure.neurons.contains(node.type) {
      let shapes = node.arrays.filter { $0.key != "w_in" }.mapValues(\.shape.dimensions)
      if let first = shapes.min(by: { $0.key < $1.key }),
        let other = shapes.filter({ $0.value != first.value }).min(by: { $0.key < $1.key })
      {
        add(
          node,
          "refuses the file: `\(first.key)` is \(first.value) and `\(other.key)` "
            + "\(other.value)")
      }
    }
    if let padding = node.texts["padding"], !["same", "valid"].contains(padding) {
      add(node, "refuses the file: there is no padding `\(padding)`")
    }
    if let weight = node.arrays["weight"], weight.shape.rank < 2 {
      add(node, "refuses the file: the weight is \(weight.shape.dimensions), not a matrix")
    }
  }

  private mutating func add(_ node: NIRNode, _ message: String) {
    remarks.append((node.name, message))
  }

  // MARK: - Shapes

  /// Takes shapes along the edges until nothing changes.
  private mutating func infer() {
    var readers: [[Int]] = network.nodes.map { _ in [] }
    for (index, list) in network.sources.enumerated() {
      for source in list { readers[source].append(index) }
    }
    var changed = Array(network.nodes.indices)
    while let index = changed.popLast() {
      guard outputs[index] == nil,
        let output = NIRStructure.output(network.nodes[index], of: inputs[index])
      else { continue }
      outputs[index] = output
      for reader in readers[index] where outputs[reader] == nil {
        if inputs[reader] == nil { inputs[reader] = output }
        changed.append(reader)
      }
    }
  }

  private mutating func checkEdges() {
    for (index, node) in network.nodes.enumerated() {
      if inputs[index] == nil, network.sources[index].isEmpty, remarks.isEmpty {
        add(node, "refuses the file: no edge leads into the node, and no field tells its shape")
      }
      for source in network.sources[index] {
        guard let sent = outputs[source], let taken = inputs[index], sent != taken else { continue }
        add(
          node,
          "refuses the file: `\(network.nodes[source].name)` gives \(sent), the node takes "
            + "\(taken)")
      }
    }
  }

  /// The shape that a node takes by its own fields.
  private static func input(_ node: NIRNode) -> [Int]? {
    switch node.type {
    case "Affine", "Linear":
      guard let weight = node.arrays["weight"]?.shape.dimensions, weight.count >= 2 else {
        return nil
      }
      return weight.dropLast(2) + weight.suffix(1)
    case "Conv1d", "Conv2d":
      guard let weight = node.arrays["weight"]?.shape.dimensions, weight.count > 2,
        let spatial = sizes(node, "input_shape"), !spatial.isEmpty
      else { return nil }
      let groups = sizes(node, "groups")?.first ?? 1
      return [weight[1].times(groups) ?? 0] + spatial
    case "CubaLI", "LI": return node.arrays["v_leak"]?.shape.dimensions
    case "CubaLIF", "IF", "LIF": return node.arrays["v_threshold"]?.shape.dimensions
    case "Delay": return node.arrays["delay"]?.shape.dimensions
    case "Flatten": return sizes(node, "input_type")
    case "I": return node.arrays["r"]?.shape.dimensions
    case "Input", "Output": return sizes(node, "shape")
    case "Scale": return node.arrays["scale"]?.shape.dimensions
    case "Threshold": return node.arrays["threshold"]?.shape.dimensions
    default: return nil
    }
  }

  /// What it gives where `input` flows in.
  private static func output(_ node: NIRNode, of input: [Int]?) -> [Int]? {
    guard let input else { return nil }
    switch node.type {
    case "Affine", "Linear": return node.arrays["weight"]?.shape.dimensions.dropLast()
    case "Conv1d", "Conv2d":
      guard let weight = node.arrays["weight"]?.shape.dimensions, weight.count > 2,
        let sides = sides(node, input, kernel: Array(weight.dropFirst(2)))
      else { return nil }
      return [weight[0]] + sides
    case "AvgPool2d", "SumPool2d":
      guard let kernel = sizes(node, "kernel_size"),
        let sides = sides(node, input, kernel: kernel)
      else { return nil }
      return input.prefix(1) + sides
    case "Flatten": return flattened(node, input)
    default: return input
    }
  }

  /// ⌊(n + 2p − d·(k − 1) − 1) / s⌋ + 1 of every axis but the first.
  private static func sides(_ node: NIRNode, _ input: [Int], kernel: [Int]) -> [Int]? {
    let spatial = Array(input.dropFirst())
    guard let strides = sizes(node, "stride"), let first = strides.first else { return nil }
    let paddings = sizes(node, "padding") ?? [0]
    let dilations = sizes(node, "dilation") ?? [1]
    var result: [Int] = []
    for (axis, size) in spatial.enumerated() {
      let stride = strides[axis, default: first]
      guard stride > 0, let side = kernel.indices.contains(axis) ? kernel[axis] : kernel.first
      else { return nil }
      if node.texts["padding"] == "same" {
        result.append((size - 1) / stride + 1)
        continue
      }
      let padding = paddings[axis, default: paddings.first ?? 0]
      let dilation = dilations[axis, default: dilations.first ?? 1]
      guard size + 2 * padding > dilation * (side - 1) else { return nil }
      result.append((size + 2 * padding - dilation * (side - 1) - 1) / stride + 1)
    }
    return result
  }

  /// The axes from `start_dim` to `end_dim`, counted without a batch, become one.
  private static func flattened(_ node: NIRNode, _ input: [Int]) -> [Int]? {
    func axis(_ field: String, _ standard: Int) -> Int? {
      let value = (try? node.arrays[field]?.integers())?.first.map(Int.init) ?? standard
      let counted = value < 0 ? input.count + value : value
      return input.indices.contains(counted) ? counted : nil
    }
    guard let start = axis("start_dim", 1), let end = axis("end_dim", -1), start <= end,
      let product = input[start...end].checkedProduct()
    else { return nil }
    return input[..<start] + [product] + input[(end + 1)...]
  }

  /// Whole numbers of a field that a shape can hold; `nil` for others.
  private static func sizes(_ node: NIRNode, _ field: String) -> [Int]? {
    guard let values = try? node.arrays[field]?.integers(),
      values.allSatisfy({ (0...Int64(Int32.max)).contains($0) })
    else { return nil }
    return values.map(Int.init)
  }
}

extension Array<Int> {
  fileprivate subscript(index: Int, default value: Int) -> Int {
    indices.contains(index) ? self[index] : value
  }
}
