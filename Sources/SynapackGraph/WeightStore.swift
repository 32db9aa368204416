public import SynapackSupport
public import SynapackTensor

/// The named tensors of a graph; copied on write, and a tensor may stay in its mapped file.
public struct WeightStore: Sendable {
  private var tensors: [String: Tensor]

  public init(_ tensors: [String: Tensor] = [:]) {
    self.tensors = tensors
  }

  /// All names in ascending order.
  public var names: [String] { tensors.keys.sorted() }

  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set { tensors[name] = newValue }
  }

  /// The tensor of that name.
  ///
  /// - Throws: `SYN0211` where there is none.
  public func tensor(_ name: String) throws(PackError) -> Tensor {
    guard let tensor = tensors[name] else {
      throw PackError(
        .missingWeight, "there is no weight of that name", at: .tensor(name),
        hint: "export the model with its weights")
    }
    return tensor
  }

  /// The values of the tensor of that name as float32.
  public func floats(_ name: String) throws(PackError) -> [Float] {
    try tensor(name).floats()
  }

  /// A name that is not taken yet, made from `base`.
  public func freshName(_ base: String) -> String {
    guard tensors[base] != nil else { return base }
    var number = 2
    while tensors["\(base).\(number)"] != nil { number += 1 }
    return "\(base).\(number)"
  }

  public mutating func keepOnly(_ names: Set<String>) {
    tensors = tensors.filter { names.contains($0.key) }
  }
}
