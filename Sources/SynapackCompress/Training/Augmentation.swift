internal import SynapackSupport
internal import SynapackTensor

/// Views of samples: images mirrored and moved by a few cells, which their class does not depend on,
/// and any two mixed.
public struct Augmentation: Sendable {
  /// Mirrors half of the images left to right.
  public var flips = false
  /// Moves an image by up to so many cells along each axis; cells that come in are zero.
  public var shift = 0
  /// Mixes half of the samples with another one, see ``TrainingView``.
  public var mixes = false

  public init(flips: Bool = false, shift: Int = 0, mixes: Bool = false) {
    self.flips = flips
    self.shift = shift
    self.mixes = mixes
  }

  /// What is done to one sample.
  struct View: Sendable, Hashable {
    var isMirrored = false
    var down = 0
    var right = 0
  }

  /// The view that `random` draws for a sample; samples that are no images [C, H, W] stay.
  func view(of shape: Shape, _ random: inout SeededGenerator) -> View {
    guard shape.rank == 3, flips || shift > 0 else { return View() }
    let mirrored = flips && random.next() & 1 == 1
    let reach = UInt64(2 * max(0, shift) + 1)
    let down = Int(random.next() % reach) - max(0, shift)
    return View(
      isMirrored: mirrored, down: down, right: Int(random.next() % reach) - max(0, shift))
  }
}

extension Augmentation.View {
  /// The sample as it is seen.
  func applied(to sample: [Float], _ shape: Shape) -> [Float] {
    guard self != Augmentation.View(), shape.rank == 3 else { return sample }
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    var result = Array(repeating: Float(0), count: sample.count)
    for channel in 0..<channels {
      for y in 0..<height where (0..<height).contains(y - down) {
        for x in 0..<width where (0..<width).contains(x - right) {
          let column = isMirrored ? width - 1 - (x - right) : x - right
          result[(channel * height + y) * width + x] =
            sample[(channel * height + y - down) * width + column]
        }
      }
    }
    return result
  }
}
