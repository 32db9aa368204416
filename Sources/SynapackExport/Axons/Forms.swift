internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

extension Window {
  /// Whether as much padding behind as in front gives the same plane.
  func isEven(over extent: Extent) -> Bool {
    var even = self
    even.padding = Edges(
      top: padding.top, left: padding.left, bottom: padding.top, right: padding.left)
    even.overhang = Extent(y: 0, x: 0)
    return even.outputExtent(of: extent) == outputExtent(of: extent)
  }
}

extension Parameter {
  /// One value a channel.
  ///
  /// - Throws: `SYN0743` where the neurons of a channel have several.
  func perChannel(
    _ population: Population, _ channels: Int, _ target: String
  ) throws(PackError) -> [Int32] {
    let values = expanded(to: population.shape)
    let each = max(1, values.count / max(1, channels))
    guard values.indices.allSatisfy({ values[$0] == values[$0 / each * each] }) else {
      throw PackError(
        .valueNotCarried, "\(target) has one value a channel, the layer one a neuron",
        hint: "convert again with another `--method`, such as `mmse`")
    }
    return (0..<channels).map { values[$0 * each] }
  }
}
