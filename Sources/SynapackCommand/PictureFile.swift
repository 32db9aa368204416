import Synapack
import SynapackSupport

/// A picture that a command writes besides: it replaces nothing that the command reads or writes, and
/// no file but an empty one or another picture.
enum PictureFile {
  /// - Parameter output: what the command writes besides the picture.
  /// - Throws: `SYN0701` where the picture would replace one of the inputs or the output, `SYN0004` where it
  ///   would replace a file that is no SVG.
  static func check(
    _ picture: String, against inputs: [String?], beside output: String? = nil
  ) throws(PackError) {
    try Terminal.checkIsFile(picture, option: "--picture")
    try Terminal.check(output: picture, against: inputs, option: "--picture")
    if let output, output == picture || AtomicFile.isSame(output, as: picture) {
      throw PackError(
        .badOption, "two outputs go to \(picture)", at: .option("--picture"),
        hint: "write each to a file of its own")
    }
    try ForeignFile.refuse(
      picture, unless: isPicture, hint: "name another file with `--picture`")
  }

  /// Whether the first element of the file is an SVG: pages hold some further on.
  private static func isPicture(_ file: MappedFile) -> Bool {
    var text = Substring(String(decoding: file.copy.prefix(1 << 12), as: UTF8.self))
    while true {
      text = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      guard text.hasPrefix("<?") || text.hasPrefix("<!") else { break }
      let end = text.hasPrefix("<!--") ? "-->" : ">"
      guard let found = text.firstRange(of: end) else { return false }
      text = text[found.upperBound...]
    }
    guard text.hasPrefix("<svg") else { return false }
    return text.dropFirst(4).first.map { $0.isWhitespace || $0 == ">" || $0 == "/" } ?? false
  }
}
