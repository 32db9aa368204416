public import SynapackSupport
public import SynapackTensor

/// The tensors of a file of weights, in the file's order, each under one name.
public struct NamedTensors: Sendable {
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]
  /// What the file says of the library that wrote it.
  public var producer = ""

  public init() {}

  public subscript(name: String) -> Tensor? { tensors[name] }

  /// Adds a tensor.
  ///
  /// - Throws: `SYN0240` where the name is taken; names that differ only in how a character is
  ///   composed count as one.
  public mutating func add(
    _ name: String, _ tensor: Tensor, at place: Range<Int>? = nil
  ) throws(PackError) {
    guard tensors.updateValue(tensor, forKey: name) == nil else {
      throw PackError(
        .malformedSafetensors, "the name `\(name)` stands twice", at: place.map { .bytes($0) },
        hint: "write the file again with the safetensors library")
    }
    names.append(name)
  }
}
