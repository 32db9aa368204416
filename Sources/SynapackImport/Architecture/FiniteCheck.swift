internal import SynapackSupport
internal import SynapackTensor

/// Refuses weights that are NaN or infinite.
///
/// - Throws: `SYN0014` with the first such element.
func checkFiniteElements(_ tensor: Tensor, _ name: String) throws(PackError) {
  guard let index = tensor.firstNonFinite() else { return }
  let value = tensor.floats(in: index..<index + 1).first ?? .nan
  throw PackError(
    .notFinite, "element \(index) of \(tensor.shape) is \(value)", at: .tensor(name),
    hint: "find where the value comes from; retrain or clean the data")
}
