internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// MaxPool and GlobalMaxPool, opset 7 and newer; the indices are not computed.
///
///     MaxPool(x), one or two dimensions → maxPool;  three → volumePool
///     GlobalMaxPool(x)                  → reduce over the whole plane
enum MaxPoolLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "MaxPool", inputs: .init(1...1),
      attributes: ONNXWindow.attributes.union(["ceil_mode", "storage_order"]),
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        let window = try ONNXWindow(
          context, kernel: nil, input: Array(input.dimensions.dropFirst(2)),
          roundsUp: try context.flag("ceil_mode"))
        let volume = window.volume
        for (axis, kernel) in volume.kernel.enumerated() {
          let span = (kernel - 1) * volume.dilation[axis] + 1
          guard max(volume.before[axis], volume.after[axis]) < span else {
            throw context.unsupported(
              "the padding \(volume.before), \(volume.after) is as large as the windows, so that "
                + "some lie in it alone",
              hint: "export the model with less padding than the kernel has cells")
          }
        }
        let op: Op =
          window.plane.map { .maxPool(MaxPool(window: $0)) }
          ?? .volumePool(VolumePool(.maximum, window: window.volume))
        return .activation(
          try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
            try builder.add(name, op, [wire])
          })
      }),
    ONNXLowering(
      "GlobalMaxPool", inputs: .init(1...1),
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        guard input.rank >= 3 else {
          throw context.wrongShape("the input \(input.dimensions) has no plane")
        }
        return .activation(
          try ReduceLowering.reduce(
            input, .maximum, Array(2..<input.rank), keepsAxes: true, nil, context, &builder))
      }),
  ]
}
