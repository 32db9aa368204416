import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport

/// The images of digits among the fixtures.
enum DigitImages {
  /// The first images of an array as the networks take them, [count][64] in 0...1.
  static func pixels(_ name: String, count: Int) throws(PackError) -> [Float] {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/\(name).npy"))
    return images.floats(in: 0..<count * 64).map { $0 / 16 }
  }
}
