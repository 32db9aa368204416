public import SynapackSupport

/// From a file's numbers to what the model was trained on.
///
///     y[c] = (x[c] · scale − mean[c]) / std[c]
///
/// written as `scale=1/255,mean=0.49:0.48:0.45,std=0.25:0.24:0.26,layout=nhwc`; every part may be
/// left out. One number for mean or std holds for all channels.
public struct Preprocess: Sendable, Hashable {
  /// How the file lays its planes.
  public enum Layout: String, Sendable, CaseIterable {
    /// Channels first, as the model takes them.
    case nchw
    /// Channels last, as most image libraries write them.
    case nhwc
  }

  public private(set) var scale: Float = 1
  public private(set) var mean: [Float] = [0]
  public private(set) var deviation: [Float] = [1]
  public private(set) var layout: Layout = .nchw
  /// The text as it was given; stored in the bundle.
  public let text: String

  /// - Throws: `SYN0704` for an unknown part or a number that cannot be read.
  public init(_ text: String) throws(PackError) {
    self.text = text
    var given: Set<String> = []
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { throw Preprocess.malformed("`\(part)` has no value") }
      guard given.insert(pair[0]).inserted else {
        throw Preprocess.malformed("`\(pair[0])` is given twice")
      }
      switch pair[0] {
      case "scale": scale = try Preprocess.number(pair[1])
      case "mean": mean = try Preprocess.numbers(pair[1])
      case "std": deviation = try Preprocess.numbers(pair[1])
      case "layout":
        guard let layout = Layout(rawValue: pair[1]) else {
          throw Preprocess.malformed("the layout `\(pair[1])` is neither nchw nor nhwc")
        }
        self.layout = layout
      default: throw Preprocess.malformed("there is no part `\(pair[0])`")
      }
    }
    guard scale != 0 else {
      throw Preprocess.malformed("the scale is zero, which leaves nothing of the data")
    }
    guard deviation.allSatisfy({ $0 != 0 }) else {
      throw Preprocess.malformed("a standard deviation is zero")
    }
  }

  /// Applies the map to one sample of `channels` planes, channels first.
  func apply(_ values: inout [Float], channels: Int) {
    let plane = max(1, values.count / max(1, channels))
    for index in values.indices {
      let channel = index / plane
      let centre = mean[mean.count == 1 ? 0 : channel]
      let spread = deviation[deviation.count == 1 ? 0 : channel]
      values[index] = (values[index] * scale - centre) / spread
    }
  }

  /// Whether the numbers a channel are one or as many as the channels.
  func fits(channels: Int) -> Bool {
    [mean.count, deviation.count].allSatisfy { $0 == 1 || $0 == channels }
  }

  private static func numbers(_ text: String) throws(PackError) -> [Float] {
    var numbers: [Float] = []
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      numbers.append(try number(String(part)))
    }
    return numbers
  }

  /// A number or a fraction of two.
  private static func number(_ text: String) throws(PackError) -> Float {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Float($0) }
    guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
      first.isFinite, last.isFinite, parts.count == 1 || last != 0
    else { throw malformed("`\(text)` is not a number") }
    return parts.count == 1 ? first : first / last
  }

  private static func malformed(_ message: String) -> PackError {
    PackError(
      .malformedPreprocess, message, at: .option("--preprocess"),
      hint: "for example scale=1/255,mean=0.5,std=0.25,layout=nhwc")
  }
}
