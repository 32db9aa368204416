internal import SynapackSupport

/// If with a constant condition, opset 7 and newer: the nodes of the branch that it chooses.
///
/// The reader follows the branch, because only it knows the names around it; see
/// ``ONNXModelReader``.
enum BranchLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "If", inputs: .init(1...1), attributes: ["then_branch", "else_branch"],
      activations: { (context, _) throws(PackError) in
        throw context.unsupported(
          "the condition depends on the data", hint: "export the model with one branch only")
      })
  ]
}
