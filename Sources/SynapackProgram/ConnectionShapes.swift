public import SynapackSupport
public import SynapackTensor

extension Connection {
  /// The shape of what reaches the weights: the source's shape after every relay.
  ///
  /// - Throws: `SYN0401` where a relay does not fit.
  public func relayedShape(from source: Shape) throws(PackError) -> Shape {
    var shape = source
    for relay in relays {
      guard let planes = shape.planes, relay.dilation == Extent(y: 1, x: 1),
        let extent = relay.outputExtent(of: Extent(y: planes.height, x: planes.width))
      else {
        throw PackError(
          .malformedProgram, "a relay does not fit a plane of \(shape)",
          hint: "make the bundle again from its model")
      }
      shape = try Shape([planes.channels, extent.y, extent.x])
    }
    return shape
  }

  /// The shape that the weights drive, `nil` where they do not fit `arriving`.
  public func outputShape(for arriving: Shape) -> Shape? {
    switch synapses {
    case .dense(let weights):
      guard weights.shape.rank == 2, weights.shape[1] == arriving.count else { return nil }
      return try? Shape([weights.shape[0]])
    case .convolution(let weights, let window, let groups):
      guard let planes = arriving.planes, weights.shape.rank == 4, groups > 0,
        weights.shape[0] % groups == 0, weights.shape[1].times(groups) == planes.channels,
        weights.shape[2] == window.kernel.y, weights.shape[3] == window.kernel.x,
        let extent = window.outputExtent(of: Extent(y: planes.height, x: planes.width))
      else { return nil }
      return try? Shape([weights.shape[0], extent.y, extent.x])
    }
  }
}
