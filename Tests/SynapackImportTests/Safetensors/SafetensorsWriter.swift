import SynapackSupport
import SynapackTensor
import TestSupport

@testable import SynapackImport

/// Puts safetensors files together, sound ones and others.
enum SafetensorsWriter {
  /// A file of this header's text, with any length in front of it.
  static func file(_ header: String, _ data: [UInt8], length: UInt64? = nil) -> [UInt8] {
    let text = Array(header.utf8)
    let length = length ?? UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + text + data
  }

  /// A sound file of float32 tensors.
  static func file(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> [UInt8] {
    var data: [UInt8] = []
    var entries: [String] = []
    for (name, shape, values) in tensors {
      let start = data.count
      for value in values {
        for shift in stride(from: 0, to: 32, by: 8) {
          data.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
        }
      }
      entries.append(
        "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(start),\(data.count)]}"
      )
    }
    return file("{" + entries.joined(separator: ",") + "}", data)
  }

  /// Named tensors of the given shapes, filled with small numbers from a seed.
  static func tensors(_ shapes: [(String, [Int])], seed: UInt64 = 1) throws -> NamedTensors {
    var random = SeededGenerator(seed: seed)
    var tensors = NamedTensors()
    for (name, dimensions) in shapes {
      let shape = try Shape(dimensions)
      let isVariance = name.hasSuffix("running_var")
      let values = (0..<shape.count).map { _ in
        Float.random(in: isVariance ? 0.5...1.5 : -0.5...0.5, using: &random)
      }
      try tensors.add(name, try Tensor(shape: shape, floats: values))
    }
    return tensors
  }
}
