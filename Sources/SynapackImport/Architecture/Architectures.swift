internal import SynapackSupport
internal import SynapackTensor

/// The descriptions that this build carries, and the choice among them.
public enum Architectures {
  /// Every file in Ready/, in the order in which they are asked whether tensors fit them.
  static let texts: [(id: String, text: String)] = [
    ("lenet", leNetText), ("resnet-cifar", resNetCIFARText), ("resnet", resNetText),
    ("mobilenet-v2", mobileNetV2Text), ("vgg", vggText), ("vgg-cifar", vggCIFARText),
    ("vgg-sequential", vggSequentialText), ("mlp", multilayerPerceptronText),
  ]

  /// The names of the ready descriptions.
  public static let names = texts.map(\.id)

  /// The description that a user asks for, or the ready one that the tensors' names fit.
  ///
  /// - Parameter choice: `NAME` or the path of a YAML file, either with `:key=value,…` behind it.
  /// - Throws: `SYN0250` for a malformed description, `SYN0251` where there is none.
  static func description(
    _ choice: String?, for tensors: NamedTensors, _ report: inout Report
  ) throws(PackError) -> ArchitectureDescription {
    guard let choice else { return try detected(tensors, &report) }
    let (name, values) = try split(choice)
    if let entry = texts.first(where: { $0.id == name }) {
      return try ArchitectureDescription(yaml: entry.text).setting(values)
    }
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      let near = nearestName(to: name, among: names).map { "did you mean `\($0)`? " } ?? ""
      throw PackError(
        .unknownArchitecture,
        "there is no architecture `\(name)`; ready ones: \(names.joined(separator: ", "))",
        at: .option("--architecture"), hint: near + "or give the path of a .yaml file")
    }
    return try within(.file(name)) { () throws(PackError) in
      var description = try ArchitectureDescription(yaml: text(of: name)).setting(values)
      description.place = .file(name)
      return description
    }
  }

  private static func text(of path: String) throws(PackError) -> String {
    let file = try MappedFile(path: path)
    guard file.count <= 1 << 18, let text = utf8Text(file.prefix(file.count)) else {
      throw architectureRefusal("\(file.count) bytes are too many or no UTF-8 text", line: nil)
    }
    return text
  }

  /// `NAME:key=value,…` taken apart.
  private static func split(
    _ choice: String
  ) throws(PackError) -> (name: String, values: [(key: String, value: String)]) {
    // A path may hold colons of its own, so a file's parameters begin behind its ending.
    let marks = [".yaml:", ".yml:"].compactMap { choice.firstRange(of: $0) }
    let isFile = choice.hasSuffix(".yaml") || choice.hasSuffix(".yml")
    let colon =
      marks.first.map { choice.index(before: $0.upperBound) }
      ?? (isFile ? nil : choice.firstIndex(of: ":"))
    guard let colon else { return (choice, []) }
    var values: [(key: String, value: String)] = []
    for part in choice[choice.index(after: colon)...].split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else {
        throw PackError(
          .malformedArchitecture, "`\(part)` is no key=value", at: .option("--architecture"),
          hint: "write NAME:key=value,key=value")
      }
      values.append((pair[0], pair[1]))
    }
    return (String(choice[..<colon]), values)
  }

  /// The first ready description whose tensors are all there.
  private static func detected(
    _ tensors: NamedTensors, _ report: inout Report
  ) throws(PackError) -> ArchitectureDescription {
    for (_, text) in texts {
      let description = try ArchitectureDescription(yaml: text)
      guard description.fits(tensors) else { continue }
      let parameters = description.parameters.sorted { $0.key < $1.key }
      let values = parameters.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      // What the tensors cannot tell is assumed, and that has to be seen.
      let assumes = parameters.contains { ["activation", "pool"].contains($0.key) }
      report.add(
        Finding(
          .chosenArchitecture, assumes ? .warning : .note,
          "the tensors' names fit the architecture `\(description.name):\(values)`, which is "
            + "taken" + (assumes ? "; its pooling and activations are assumed" : "")))
      return description
    }
    throw PackError(
      .unknownArchitecture,
      "the tensors' names fit none of the ready architectures: \(names.joined(separator: ", "))",
      at: .option("--architecture"),
      hint: "name one, or give a description of your own; see schemas/architecture.md")
  }
}

extension ArchitectureDescription {
  /// Whether the tensors that tell this network are there, and those that tell another are not.
  func fits(_ tensors: NamedTensors) -> Bool {
    guard !present.isEmpty || sequencePattern != nil else { return false }
    return present.allSatisfy { tensors[$0] != nil } && absent.allSatisfy { tensors[$0] == nil }
      && fitsSequence(tensors)
  }

  /// Whether all weights are those of numbered members, of the stated ranks and no others.
  private func fitsSequence(_ tensors: NamedTensors) -> Bool {
    guard let sequencePattern else { return true }
    let parts = sequencePattern.split(separator: "{n}", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    var ranks: Set<String> = []
    for name in tensors.names {
      guard name.hasPrefix(parts[0]), let dot = name.lastIndex(of: ".") else { return false }
      let number = name[..<dot].dropFirst(parts[0].count)
      guard !number.isEmpty, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return false
      }
      if name.hasSuffix(".weight"), let rank = tensors[name]?.shape.rank {
        ranks.insert(String(rank))
      }
    }
    return !ranks.isEmpty && ranks == Set(sequenceRanks)
  }
}
