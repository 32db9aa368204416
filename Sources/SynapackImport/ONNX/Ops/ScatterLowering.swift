internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// ScatterND of constants, opset 11 and newer, as exporters write masks that are filled in place.
///
///     y = data;  y[indices[i]] = updates[i]
enum ScatterLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "ScatterND", opsets: 11...ONNXOpsets.newest, inputs: .init(3...3), attributes: ["reduction"],
      integers: { (context, _) throws(PackError) in
        let data = try context.integers(0)
        let updates = try context.integers(2).values
        let values = try scattered(data.values, data.dimensions, updates, context)
        return .integers(try SymbolicIntegers(data.dimensions, values))
      }, constants: real)
  ]

  @Sendable private static func real(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let data = try context.constant(0)
    let shape = data.tensor.shape
    let updates = try builder.floats(context.constant(2), values: .numbers)
    let values = try scattered(
      builder.floats(data, values: .numbers), shape.dimensions, updates, context)
    let tensor = try Tensor(shape: shape, floats: values)
    return .constant(ONNXConstant(name: context.name, tensor: tensor))
  }

  private static func scattered<Value>(
    _ data: [Value], _ dimensions: [Int], _ updates: [Value], _ context: ONNXNodeContext
  ) throws(PackError) -> [Value] {
    guard try context.string("reduction", default: "none") == "none" else {
      throw context.unsupported("values are reduced", hint: "fold the constants before export")
    }
    let indices = try context.knownIntegers(1)
    let depth = try context.integers(1).dimensions.last ?? 0
    guard (1...max(1, dimensions.count)).contains(depth), depth <= dimensions.count else {
      throw context.wrongShape("indices of depth \(depth) into \(dimensions)")
    }
    let block = dimensions[depth...].reduce(1, *)
    guard indices.count / depth * block == updates.count else {
      throw context.wrongShape("\(updates.count) updates do not fit the indices")
    }
    var result = data
    for entry in 0..<indices.count / depth {
      var place = 0
      for axis in 0..<depth {
        guard let index = normalized(axis: indices[entry * depth + axis], rank: dimensions[axis])
        else { throw context.wrongShape("index \(indices[entry * depth + axis])") }
        place = place * dimensions[axis] + index
      }
      for offset in 0..<block {
        result[place * block + offset] = updates[entry * block + offset]
      }
    }
    return result
  }
}
