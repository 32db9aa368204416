internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// MaxPool, opset 7 and newer, over one or two dimensions; the indices are not computed.
///
///     MaxPool(x) → maxPool
enum MaxPoolLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "MaxPool", inputs: .init(1...1),
      attributes: ONNXWindow.attributes.union(["ceil_mode", "storage_order"]),
      activations: { (context, builder) throws(PackError) in
        let wire = try context.wire(0)
        let window = try ONNXWindow(
          context, kernel: nil, input: builder.shape(wire),
          roundsUp: try context.flag("ceil_mode"))
        let op = MaxPool(window: window.window)
        return .wire(try builder.add(context.name, .maxPool(op), [wire]))
      })
  ]
}
