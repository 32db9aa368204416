internal import SynapackSupport
internal import SynapackTensor

/// Refuses weights that are NaN or infinite, or would be so as float32.
///
/// - Throws: `SYN0014` with the first such element.
func checkFiniteElements(_ tensor: Tensor, _ name: String) throws(PackError) {
  guard let index = tensor.firstNonFinite() else { return }
  let value = tensor.floats(in: index..<index + 1).first ?? .nan
  let form = tensor.type == .float64 ? " as float32" : ""
  throw PackError(
    .notFinite, "element \(index) of \(tensor.shape) is \(value)\(form)", at: .tensor(name),
    hint: "find where the value comes from; retrain or clean the data")
}

/// Refuses values that are NaN.
///
/// - Throws: `SYN0014` with the first such element.
func checkNumbers(_ tensor: Tensor, _ name: String) throws(PackError) {
  // Most tensors are finite, and that is told without converting them.
  guard let first = tensor.firstNonFinite() else { return }
  let rest = tensor.floats(in: first..<tensor.shape.count)
  guard let index = rest.firstIndex(where: \.isNaN) else { return }
  throw PackError(
    .notFinite, "element \(first + index) of \(tensor.shape) is not a number", at: .tensor(name),
    hint: "find where the value comes from; retrain or clean the data")
}
