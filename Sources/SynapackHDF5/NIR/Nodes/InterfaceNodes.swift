internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Input and Output: names for the ends of a graph, and the shapes that stand there.
///
///     Input, Output(x) → x
enum InterfaceNodes: NIRNodeFamily {
  static let lowerings = ["Input", "Output"].map { type in
    NIRLowering(type, fields: ["shape"]) { (context, builder) throws(PackError) in
      let stated = try shape(context.node)
      let found = builder.shape(context.input)
      guard stated == found else {
        throw context.wrongShape("the shape is \(stated), \(found) arrives")
      }
      return context.input
    }
  }

  /// The shape that a node states: no batch, no time.
  static func shape(_ node: NIRNode) throws(PackError) -> Shape {
    guard let stated = node.arrays["shape"], stated.shape.rank <= 1, stated.shape.count <= 8 else {
      throw NIRFileReader.malformed("\(node.type) states no shape of at most 8 axes")
    }
    let shape = try Shape(stated.integers().map { Int($0) })
    guard shape.count > 0 else { throw NIRFileReader.malformed("the shape \(shape) is empty") }
    return shape
  }
}
