extension ErrorCode {
  public static let malformedHDF5 = ErrorCode(rawValue: "SYN0220")
  public static let unsupportedHDF5 = ErrorCode(rawValue: "SYN0221")
  public static let unsafeHDF5 = ErrorCode(rawValue: "SYN0222")
  public static let hdf5LinkCycle = ErrorCode(rawValue: "SYN0223")
  public static let hdf5TooLarge = ErrorCode(rawValue: "SYN0224")
  public static let hdf5Checksum = ErrorCode(rawValue: "SYN0225")
  public static let missingHDF5Object = ErrorCode(rawValue: "SYN0226")
}

/// HDF5 files, whatever model they hold, SYN0220 to SYN0226.
let hdf5Explanations: [Explanation] = [
  Explanation(
    .malformedHDF5, .badInput, title: "malformed HDF5 file",
    cause: "The bytes break the HDF5 format: a structure leaves the file, lacks its signature or "
      + "contradicts another one. The byte range in the message says where.",
    remedy: "The file looks damaged or cut off: fetch or save it again."),
  Explanation(
    .unsupportedHDF5, .badInput, title: "HDF5 feature not supported",
    cause: "The file uses a part of HDF5 that models do not need and that this build does not "
      + "read: another filter, element type, chunk index or version of a structure.",
    remedy: "Save the model again with the framework's own defaults; gzip, shuffle and fletcher32 "
      + "are the filters that are read."),
  Explanation(
    .unsafeHDF5, .badInput, title: "HDF5 feature refused for safety",
    cause: "The file points outside itself: external storage, external or user-defined links, a "
      + "virtual dataset or a driver of many files. Such files are how a model reads other "
      + "people's data.",
    remedy: "Do not trust this file; a model that was saved whole has no such parts."),
  Explanation(
    .hdf5LinkCycle, .badInput, title: "HDF5 links run in a circle",
    cause: "A group contains itself by a hard link, soft links lead back to one another, or groups "
      + "are nested more than 64 deep.",
    remedy: "Do not trust this file; save the model again."),
  Explanation(
    .hdf5TooLarge, .badInput, title: "HDF5 file would take too much memory",
    cause: "The datasets add up to far more than the file's size explains, as where many share one "
      + "chunk or a chunk inflates to gigabytes.",
    remedy: "Do not trust this file; a real model stays far below the limit."),
  Explanation(
    .hdf5Checksum, .badInput, title: "HDF5 checksum wrong",
    cause: "A structure or a chunk does not match the checksum that is stored beside it.",
    remedy: "The file is damaged: fetch or save it again."),
  Explanation(
    .missingHDF5Object, .badInput, title: "part of the model missing",
    cause: "A group, dataset or attribute that the format asks for is not in the file.",
    remedy: "Save the whole model again, with its architecture and its weights."),
]
