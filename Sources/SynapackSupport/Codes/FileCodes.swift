extension ErrorCode {
  public static let unreadableFile = ErrorCode(rawValue: "SYN0001")
  public static let notARegularFile = ErrorCode(rawValue: "SYN0002")
  public static let unknownFormat = ErrorCode(rawValue: "SYN0003")
  public static let unwritableFile = ErrorCode(rawValue: "SYN0004")
  public static let lfsPointer = ErrorCode(rawValue: "SYN0005")
  public static let malformedArrayFile = ErrorCode(rawValue: "SYN0010")
  public static let unsupportedArrayType = ErrorCode(rawValue: "SYN0011")
  public static let wrongDataShape = ErrorCode(rawValue: "SYN0012")
  public static let wrongDataType = ErrorCode(rawValue: "SYN0013")
  public static let notFinite = ErrorCode(rawValue: "SYN0014")
  public static let wrongLabels = ErrorCode(rawValue: "SYN0015")
  public static let otherModel = ErrorCode(rawValue: "SYN0016")
  public static let otherPreprocess = ErrorCode(rawValue: "SYN0017")
  public static let chanceAccuracy = ErrorCode(rawValue: "SYN0018")
}

/// Files and data arrays, SYN00xx.
let fileExplanations: [Explanation] = [
  Explanation(
    .unreadableFile, .environment, title: "file cannot be read",
    cause: "The path does not exist, or the system refused to open or map the file.",
    remedy: "Check the path, the permissions and the free memory."),
  Explanation(
    .notARegularFile, .badInput, title: "not a regular file",
    cause: "Folders, pipes and devices are refused, because their size can change while they are "
      + "read.",
    remedy: "Give the path of a regular file."),
  Explanation(
    .unknownFormat, .badInput, title: "format not recognised",
    cause: "The first bytes and the name of the file match no format that this build reads. An "
      + "empty file and a text file end here.",
    remedy: "List the formats with `synapack formats`, and check that the file is complete."),
  Explanation(
    .unwritableFile, .environment, title: "file cannot be written",
    cause:
      "The system refused to create, fill, sync or rename the output, or its name is a link to a "
      + "file of another folder, which might be any. Nothing is left of it.",
    remedy: "Check the folder, its permissions and the free space."),
  Explanation(
    .lfsPointer, .badInput, title: "pointer of git-LFS instead of a file",
    cause: "The repository keeps its large files with git-LFS, and the clone holds only the short "
      + "text that names one. Clones in CI are often made without these files.",
    remedy: "Fetch the file with `git lfs pull`, in CI with `lfs: true` of actions/checkout. What "
      + "another revision had is given by `git cat-file blob REVISION:PATH | git lfs smudge`."),
  Explanation(
    .malformedArrayFile, .badInput, title: "malformed array file",
    cause: "The .npy file breaks the rules of its format: magic, version, header, or a length that "
      + "does not fit the declared shape.",
    remedy: "Write the array again with numpy.save."),
  Explanation(
    .unsupportedArrayType, .badInput, title: "array type not supported",
    cause: "The array holds objects, structures, text or complex numbers. Objects would have to be "
      + "unpickled, which can run code, so they are never read.",
    remedy: "Store the array as integers or floating-point numbers."),
  Explanation(
    .wrongDataShape, .badInput, title: "data of the wrong shape",
    cause: "Data must have the shape [N, ...] with the model's input shape behind N; channels last "
      + "is accepted with `layout=nhwc` in `--preprocess`.",
    remedy: "Reshape the array, or name its layout in `--preprocess`."),
  Explanation(
    .wrongDataType, .badInput, title: "data of the wrong element type",
    cause: "Inputs must be uint8 or floating point, labels must be integers.",
    remedy: "Convert the array with `astype`."),
  Explanation(
    .notFinite, .badInput, title: "not a number or infinite",
    cause: "A weight or an input is NaN or infinite. It would poison every threshold behind it.",
    remedy: "Find where the value comes from; retrain or clean the data."),
  Explanation(
    .wrongLabels, .badInput, title: "labels do not fit",
    cause: "There must be one label for each input, each a class of the model's output.",
    remedy: "Give the labels that belong to the data file."),
  Explanation(
    .otherPreprocess, .finding, title: "not the bundle's own preprocessing",
    cause:
      "A bundle stores how its data is prepared, and `--preprocess` replaces that. Data that the "
      + "model was not trained on gives no accuracy of use.",
    remedy:
      "Leave `--preprocess` out, unless this file holds other numbers than those that the bundle was "
      + "made for."),
  Explanation(
    .otherModel, .finding, title: "not the bundle's own model",
    cause: "The digest of the model is not the one that the bundle stores of its source, so "
      + "agreement compares two different networks. Exports of one network differ in digest too.",
    remedy: "Give the file that the bundle was made from."),
  Explanation(
    .chanceAccuracy, .finding, title: "source network right by chance",
    cause: "The source network gets no more labels right than chance would, so that accuracies "
      + "and their differences say nothing of the conversion: labels of other inputs, counted from "
      + "another class on, or inputs that are prepared in another way than in training.",
    remedy: "Give the labels of these inputs, and the `--preprocess` of the training."),
]
