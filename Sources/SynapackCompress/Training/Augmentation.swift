internal import SynapackSupport
internal import SynapackTensor

/// Views of images that their class does not depend on: mirrored, and moved by a few cells.
public struct Augmentation: Sendable {
  /// Mirrors half of the images left to right.
  public var flips = false
  /// Moves an image by up to so many cells along each axis; cells that come in are zero.
  public var shift = 0

  public init(flips: Bool = false, shift: Int = 0) {
    self.flips = flips
    self.shift = shift
  }

  /// The view of one sample that `random` draws; samples that are no images [C, H, W] stay.
  func view(_ sample: [Float], _ shape: Shape, _ random: inout SeededGenerator) -> [Float] {
    guard shape.rank == 3, flips || shift > 0 else { return sample }
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    let mirrored = flips && random.next() & 1 == 1
    let reach = UInt64(2 * max(0, shift) + 1)
    let down = Int(random.next() % reach) - max(0, shift)
    let right = Int(random.next() % reach) - max(0, shift)
    var result = Array(repeating: Float(0), count: sample.count)
    for channel in 0..<channels {
      for y in 0..<height where (0..<height).contains(y - down) {
        for x in 0..<width where (0..<width).contains(x - right) {
          let column = mirrored ? width - 1 - (x - right) : x - right
          result[(channel * height + y) * width + x] =
            sample[(channel * height + y - down) * width + column]
        }
      }
    }
    return result
  }
}
