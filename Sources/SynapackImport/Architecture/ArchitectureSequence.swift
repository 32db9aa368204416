internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

extension ArchitectureReader {
  /// `- sequence: features.{n}`: numbered members, as in PyTorch's Sequential.
  ///
  /// A member with tensors is told by them: weights of rank 2 are linear, of rank 3 and 4 a
  /// convolution, a running mean is a batch normalization. Numbers without tensors in between are
  /// the first so many of `between` (`between-linear` behind a linear layer), those before the
  /// first member the first of `start`; `end` follows the last.
  mutating func runSequence(
    _ item: ArchitectureItem, from inputs: [WireID], _ scope: inout Scope
  ) throws(PackError) {
    guard let pattern = item.value.text, pattern.contains("{n}") else {
      throw architectureRefusal("`sequence` takes a name with an {n}", line: item.line)
    }
    guard let input = inputs.first, inputs.count == 1 else {
      throw architectureRefusal("`sequence` takes one input", line: item.line)
    }
    scope.current = input
    var gap = 0
    var gapKey = "start"
    var count = 0
    // Numbers of real models lie close together; the gap's own limit ends the search.
    for number in 0..<10_000 where gap <= 16 {
      let name = pattern.filling("n", with: String(number))
      guard let kind = memberKind(name) else {
        gap += 1
        continue
      }
      try runGap(item, gapKey, gap, &scope)
      count += 1
      gap = 0
      gapKey = kind == "linear" ? "between-linear" : "between"
      var members: [(key: String, value: ArchitectureNode)] = [
        (kind, ArchitectureNode(name, line: item.line))
      ]
      if case .mapping(let options)? = item.options[kind]?.content { members += options }
      var node = item.value
      node.content = .mapping(members)
      try run([node], &scope)
    }
    guard count > 0 else {
      throw PackError(
        .missingTensor, "the file holds no numbered members of it", at: .tensor(pattern),
        hint: "check the architecture")
    }
    try run(item.options["end"]?.items() ?? [], &scope)
  }

  private mutating func runGap(
    _ item: ArchitectureItem, _ key: String, _ gap: Int, _ scope: inout Scope
  ) throws(PackError) {
    let layers = item.options[key]?.items() ?? []
    guard gap <= layers.count else {
      throw architectureRefusal(
        "`\(item.value.text ?? "")` leaves out \(gap) numbers, `\(key)` has \(layers.count) layers",
        line: item.line)
    }
    try run(Array(layers.prefix(gap)), &scope)
  }
}
