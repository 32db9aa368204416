internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// What a tensor's number stands for while the operators are lowered.
enum TFLiteValue {
  case activation(TFLiteActivation)
  case constant(TFLiteConstant)
  /// Integers computed from shapes, with the batch as a symbol.
  case integers(SymbolicIntegers)
}

/// An activation and how its wire lies to the file's axes.
struct TFLiteActivation {
  var wire: WireID
  /// The extents of one sample in the file's order: height, width, channels.
  var extents: [Int]
  /// How the file cuts the samples into blocks here; `nil` where it does not.
  var blocks: TFLiteBlocks?

  /// Whether the wire has its channels first: planes do, everything else is as in the file.
  var isPlane: Bool { extents.count == 3 }

  /// The axis of the wire for an axis of the file's tensor, the batch counted.
  ///
  /// - Returns: `nil` for the batch and for what is no axis.
  func axis(_ axis: Int) -> Int? {
    let rank = extents.count + 1
    let axis = axis < 0 ? axis + rank : axis
    guard (1..<rank).contains(axis) else { return nil }
    // Height, width and channels become axes 1, 2 and 0.
    return isPlane ? axis % 3 : axis - 1
  }

  /// The extents in the wire's order.
  static func wireExtents(_ extents: [Int]) -> [Int] {
    extents.count == 3 ? [extents[2], extents[0], extents[1]] : extents
  }
}

/// A tensor with data, in the file's order of axes.
struct TFLiteConstant {
  var name: String
  var tensor: Tensor
}

/// Element types by their numbers in the schema.
func tfliteElementType(_ code: Int8) -> ElementType? {
  let types: [Int8: ElementType] = [
    0: .float32, 1: .float16, 2: .int32, 3: .uint8, 4: .int64, 6: .bool, 7: .int16, 9: .int8,
    10: .float64, 12: .uint64, 15: .uint32, 16: .uint16, 18: .bfloat16,
  ]
  return types[code]
}
