internal import SynapackImport
public import SynapackSupport
public import SynapackTensor

/// Inputs read from a data file, ready for a model's input shape.
public struct Samples: Sendable {
  private let tensor: Tensor
  /// What messages call the data: its path.
  let name: String
  private let preprocess: Preprocess
  /// The shape of one sample as the model takes it.
  public let shape: Shape
  public private(set) var count: Int
  /// The number of samples in the file, whatever part of them is used.
  public let total: Int
  /// The frames of a sample that are used; `nil` for samples that are values, not events in time.
  public private(set) var frames: Int?
  /// The frames of a sample in the file.
  private let recorded: Int
  private let channelsLast: Bool

  /// Opens the data at `path` for a model that takes `shape`.
  ///
  /// - Throws: `SYN0010` and `SYN0011` for the file, `SYN0012` for its shape, `SYN0013` for its
  ///   type, `SYN0014` where a value is not finite,
  ///   `SYN0235` where `key` decides nothing among the arrays of a .npz archive; its hint names
  ///   `keyOption`.
  public init(
    path: String, key: String? = nil, keyOption: String? = nil, shape: Shape,
    preprocess: Preprocess, frames: Int? = nil
  ) throws(PackError) {
    let tensor = try NumPyData.read(path: path, key: key, option: keyOption)
    try self.init(
      tensor: tensor, shape: shape, preprocess: preprocess, name: path, frames: frames)
  }

  init(
    tensor: Tensor, shape: Shape, preprocess: Preprocess, name: String, frames: Int? = nil
  ) throws(PackError) {
    self.tensor = tensor
    self.name = name
    self.preprocess = preprocess
    self.shape = shape
    self.frames = frames
    recorded = frames == nil ? 1 : tensor.shape.rank > 1 ? tensor.shape[1] : 0
    guard tensor.type == .uint8 || tensor.type.isFloatingPoint else {
      throw PackError(
        .wrongDataType, "the elements are \(tensor.type.rawValue), inputs are uint8 or float",
        at: .file(name), hint: "convert the array with astype")
    }
    let given = Array(tensor.shape.dimensions.dropFirst(frames == nil ? 1 : 2))
    let channels = shape.planes?.channels ?? 1
    channelsLast = preprocess.layout == .nhwc && shape.rank == 3
    guard preprocess.fits(channels: channels) else {
      throw PackError(
        .malformedPreprocess,
        "mean and std have one number or one for each of \(channels) channels",
        at: .option("--preprocess"),
        hint: channels == 1
          ? "give 1 number" : "give 1 number, or \(channels) separated by colons")
    }
    guard tensor.shape.rank >= 1,
      Samples.accepts(
        given, shape, channelsLast: channelsLast, flattens: preprocess.layout != .nhwc)
    else {
      let expected = channelsLast ? [shape[1], shape[2], shape[0]] : shape.dimensions
      throw PackError(
        .wrongDataShape,
        "the data is \(tensor.shape), the model takes [N, "
          + (frames == nil ? "" : "T, ") + expected.map(String.init).joined(separator: ", ") + "]",
        at: .file(name),
        hint: channelsLast && given == shape.dimensions
          ? "the channels stand first: leave layout=nhwc out of --preprocess"
          : "reshape the data or name its layout in --preprocess")
    }
    if let frames, recorded < frames {
      throw PackError(
        .wrongDataShape, "the data has \(recorded) frames a sample for \(frames) ticks",
        at: .file(name), hint: "record a frame for each tick, or use fewer --timesteps")
    }
    total = tensor.shape[0]
    count = total
  }

  /// The first `limit` samples only.
  func limited(to limit: Int?) -> Samples {
    var copy = self
    if let limit { copy.count = min(max(limit, 0), total) }
    return copy
  }

  /// Equal shapes, or equal but for extents of one, as with gray images without a channel axis; a
  /// model of one axis takes any shape of as many values, row-major. A layout that was named holds
  /// for extents of one too, where the data has all axes.
  private static func accepts(
    _ given: [Int], _ shape: Shape, channelsLast: Bool, flattens: Bool
  ) -> Bool {
    let expected = channelsLast ? [shape[1], shape[2], shape[0]] : shape.dimensions
    if shape.rank == 1, flattens, given.checkedProduct() == shape.count { return true }
    if channelsLast, given.count == expected.count { return given == expected }
    return given == expected || given.filter { $0 != 1 } == expected.filter { $0 != 1 }
  }

  /// Fewer of the frames.
  func running(_ ticks: Int) -> Samples {
    var copy = self
    if let frames { copy.frames = min(frames, ticks) }
    return copy
  }

  /// What the source network makes of the samples of `range`: the mean of the frames of each.
  ///
  /// - Throws: `SYN0014` where a value is not finite.
  public func means(_ range: Range<Int>) throws(PackError) -> [Float] {
    let values = try values(range)
    guard let frames else { return values }
    var means = Array(repeating: Float(0), count: range.count * shape.count)
    for sample in 0..<range.count {
      for place in 0..<frames * shape.count {
        means[sample * shape.count + place % shape.count] +=
          values[sample * frames * shape.count + place] / Float(frames)
      }
    }
    return means
  }

  /// The samples of `range`, preprocessed, channels first, one after the other, and each frame
  /// after frame.
  ///
  /// - Throws: `SYN0014` where a value is not finite.
  public func values(_ range: Range<Int>) throws(PackError) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(range.count * shape.count)
    for sample in range {
      for frame in 0..<(frames ?? 1) {
        result += try values(sample * recorded + frame, of: sample)
      }
    }
    return result
  }

  /// One frame of all that the file holds.
  private func values(_ place: Int, of sample: Int) throws(PackError) -> [Float] {
    let channels = shape.planes?.channels ?? 1
    var values = tensor.floats(in: place * shape.count..<(place + 1) * shape.count)
    if channelsLast, channels > 1 {
      let cells = shape.count / channels
      values = (0..<shape.count).map { values[$0 % cells * channels + $0 / cells] }
    }
    preprocess.apply(&values, channels: channels)
    guard values.allSatisfy(\.isFinite) else {
      throw PackError(
        .notFinite, "sample \(sample) holds NaN or an infinite value", at: .file(name),
        hint: "clean the data")
    }
    return values
  }
}

/// The classes that belong to a data file.
public enum Labels {
  /// The first `count` of `total` labels.
  ///
  /// - Throws: `SYN0013` and `SYN0015` where the file does not hold `total` classes; `SYN0235` as
  ///   for data.
  public static func read(
    path: String, key: String? = nil, count: Int, of total: Int, classes: Int
  ) throws(PackError) -> [Int] {
    let tensor = try NumPyData.read(path: path, key: key, option: "--labels-key")
    guard tensor.type != .bool else {
      throw PackError(
        .wrongLabels, "the labels are true and false, not classes", at: .file(path),
        hint: "give one class, counted from 0, for each sample")
    }
    if isOneHot(tensor, total: total, classes: classes) {
      throw PackError(
        .wrongLabels, "the labels are \(tensor.shape), a row of 0 and 1 for each sample",
        at: .file(path), hint: "store the class of each row: labels.argmax(axis=1)")
    }
    let values = try within(.file(path)) { () throws(PackError) in try tensor.integers() }
    guard values.count == total else {
      throw PackError(
        .wrongLabels, "\(values.count) labels for \(total) samples", at: .file(path),
        hint: "give one class, counted from 0, for each sample")
    }
    if let index = values.firstIndex(where: { !(0..<Int64(classes)).contains($0) }) {
      throw PackError(
        .wrongLabels,
        "label \(index), counted from 0, is \(values[index]), and the \(classes) classes of the "
          + "model are 0 to \(classes - 1)", at: .file(path),
        hint: "give one class, counted from 0, for each sample")
    }
    return values.prefix(count).map(Int.init)
  }

  /// Whether each sample has a row with one number for each class, all zero but a single 1.
  private static func isOneHot(_ tensor: Tensor, total: Int, classes: Int) -> Bool {
    guard classes > 1, total > 0, tensor.shape.dimensions == [total, classes] else { return false }
    let values = tensor.floats(in: 0..<total * classes)
    return (0..<total).allSatisfy { row in
      let part = values[row * classes..<(row + 1) * classes]
      return part.allSatisfy { $0 == 0 || $0 == 1 } && part.count { $0 == 1 } == 1
    }
  }
}
