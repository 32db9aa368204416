extension ErrorCode {
  public static let notABundle = ErrorCode(rawValue: "SYN0601")
  public static let truncatedBundle = ErrorCode(rawValue: "SYN0602")
  public static let newerBundle = ErrorCode(rawValue: "SYN0603")
  public static let malformedBundle = ErrorCode(rawValue: "SYN0604")
  public static let digestMismatch = ErrorCode(rawValue: "SYN0605")
  public static let malformedManifest = ErrorCode(rawValue: "SYN0606")
  public static let malformedSection = ErrorCode(rawValue: "SYN0607")
  public static let missingSection = ErrorCode(rawValue: "SYN0608")
  public static let conformanceMismatch = ErrorCode(rawValue: "SYN0609")
  public static let notCanonical = ErrorCode(rawValue: "SYN0610")
  public static let optionalSectionSkipped = ErrorCode(rawValue: "SYN0611")
  public static let newerMinorVersion = ErrorCode(rawValue: "SYN0612")
  public static let recordingDiffers = ErrorCode(rawValue: "SYN0613")
  public static let silentChannels = ErrorCode(rawValue: "SYN0614")
  public static let saturatingMembranes = ErrorCode(rawValue: "SYN0615")
}

/// Bundles, SYN06xx.
let bundleExplanations: [Explanation] = [
  Explanation(
    .notABundle, .badInput, title: "not a bundle",
    cause: "The file does not begin with the eight magic bytes of a bundle. A transfer in text "
      + "mode changes them on purpose, so that it is noticed.",
    remedy: "Check the path, and transfer the file in binary mode."),
  Explanation(
    .truncatedBundle, .badInput, title: "bundle of the wrong length",
    cause: "The header states another length than the file has.",
    remedy: "Fetch the file again."),
  Explanation(
    .newerBundle, .badInput, title: "bundle from a newer version",
    cause: "The bundle has a newer major version or requires a feature that this build does not "
      + "know.",
    remedy: "Update Synapack."),
  Explanation(
    .malformedBundle, .badInput, title: "malformed bundle",
    cause: "The container breaks one of its rules: a section outside the file, overlapping "
      + "sections, a hole, padding that is not zero, a reserved field that is set.",
    remedy: "Make the bundle again from its model."),
  Explanation(
    .digestMismatch, .trust, title: "digest does not match",
    cause: "Bytes of the bundle are not those that were written: it was damaged or changed.",
    remedy: "Do not deploy it; fetch it again from its source."),
  Explanation(
    .malformedManifest, .badInput, title: "malformed manifest",
    cause: "The manifest cannot be read as its schema says, or refers to something that is not "
      + "there.",
    remedy: "Make the bundle again from its model."),
  Explanation(
    .malformedSection, .badInput, title: "malformed section",
    cause: "A section cannot be decoded: its compressed data is damaged, is longer or shorter "
      + "than declared, or its encoding breaks a rule.",
    remedy: "Make the bundle again from its model."),
  Explanation(
    .missingSection, .badInput, title: "section missing",
    cause: "The bundle lacks a section that this command needs.",
    remedy: "Make the bundle again with the stage that writes it."),
  Explanation(
    .conformanceMismatch, .finding, title: "conformance vectors not reproduced",
    cause: "Running the program on the stored inputs gave other spike counts or membranes than "
      + "those stored in the bundle.",
    remedy: "Do not deploy it; report the bundle if it was written by this version."),
  Explanation(
    .notCanonical, .badInput, title: "not in canonical form",
    cause: "The content can be read but is not written in the one form that its meaning has, so "
      + "equal contents would have unequal digests.",
    remedy: "Make the bundle again with `synapack convert`."),
  Explanation(
    .optionalSectionSkipped, .finding, title: "optional section not known",
    cause: "The bundle holds an optional section of a newer version; it was checked against its "
      + "digest and left alone.",
    remedy: "Update Synapack to use it."),
  Explanation(
    .newerMinorVersion, .finding, title: "bundle of a newer minor version",
    cause: "The bundle was written by a newer version that adds things a reader may ignore. It "
      + "was read, but cannot be written again without losing them.",
    remedy: "Update Synapack to use them."),
  Explanation(
    .recordingDiffers, .finding, title: "recording not reproduced",
    cause: "`synapack replay --against` ran the program on the inputs of a recording and got other "
      + "spikes or counts. The finding names the first sample, tick, layer and neuron that differ, "
      + "in the order in which spikes travel.",
    remedy: "Check that the recording is of this bundle, its inputs and its clock; otherwise the "
      + "device does not do what the bundle says."),
  Explanation(
    .silentChannels, .finding, title: "neurons that can never spike",
    cause: "Whatever the input, the membranes of these channels cannot reach the threshold within "
      + "an inference: their bias and positive drive are too small. They cost memory and do nothing.",
    remedy: "Prune them with `synapack compress`, or convert with more calibration inputs."),
  Explanation(
    .saturatingMembranes, .finding, title: "membranes that hit their limit",
    cause: "On the bundle's own conformance inputs membranes reach the floor or ceiling of their "
      + "register, where charge is lost. It is part of the program's meaning, but seldom wanted. `validate` "
      + "finds it in any bundle, and the conversion enters it in the ledger where it changes what is sent.",
    remedy: "Convert with more `--membrane-bits`, or fewer `--weight-bits`."),
]
