internal import SynapackSupport

/// The refusals of the reader; each says at which bytes it arose.
enum HDF5 {
  static func malformed(_ message: String, _ range: Range<Int>) -> PackError {
    PackError(
      .malformedHDF5, message, at: .bytes(range),
      hint: "the file looks damaged; fetch or save it again")
  }

  static func unsupported(_ feature: String, _ range: Range<Int>) -> PackError {
    PackError(
      .unsupportedHDF5, "the file uses \(feature)", at: .bytes(range),
      hint: "save the model again with the framework's own defaults")
  }

  static func unsafe(_ feature: String, _ range: Range<Int>) -> PackError {
    PackError(
      .unsafeHDF5, "the file uses \(feature), which points outside of it", at: .bytes(range),
      hint: "do not trust this file; save the model whole")
  }

  static func wrongChecksum(_ what: String, _ range: Range<Int>) -> PackError {
    PackError(
      .hdf5Checksum, "the checksum of the \(what) does not match", at: .bytes(range),
      hint: "the file is damaged; fetch or save it again")
  }

  static func cycle(_ message: String) -> PackError {
    PackError(.hdf5LinkCycle, message, hint: "do not trust this file")
  }

  static func missing(_ what: String) -> PackError {
    PackError(
      .missingHDF5Object, "the file has no \(what)",
      hint: "save the whole model again, with its architecture and its weights")
  }
}
