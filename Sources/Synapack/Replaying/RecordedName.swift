internal import SynapackProgram
internal import SynapackSupport

/// Finds the layer that a node of a NIR recording is of.
///
/// In HDF5 a slash ends a name, and `.` is the folder itself, so a node may have the name of its layer
/// percent-encoded: `%2F2%2FRelu` for `/2/Relu`, as `urllib.parse.quote(name, safe="")` writes it.
struct RecordedName {
  /// What nodes can be of: layers, and the inputs.
  private let known: Set<String>

  init(_ program: SpikingProgram) {
    known = Set(program.populations.map(\.name) + [Recording.input, program.input.name])
  }

  /// The layer, or the inputs, that a node is of; `nil` for a node that is none of the program's.
  ///
  /// - Throws: `SYN0235` where the node has the name of one layer and, decoded, that of another.
  func subject(of node: String) throws(PackError) -> String? {
    let plain = known.contains(node) ? node : nil
    let decoded = RecordedName.decoded(node).flatMap { known.contains($0) ? $0 : nil }
    guard let plain, let decoded, plain != decoded else { return plain ?? decoded }
    throw PackError(
      .unknownArray,
      "the node has the name of the layer `\(plain)` and, decoded, that of the layer `\(decoded)`",
      at: .node(node), hint: "record it as .npz, whose arrays are named letter by letter")
  }

  /// The text with each `%` and the two hexadecimal digits behind it as one byte; `nil` where they are
  /// not there or the bytes are no UTF-8.
  static func decoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count == 2 else { return nil }
      bytes.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
