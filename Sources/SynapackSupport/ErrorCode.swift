/// The stable name of one way to go wrong, such as `SYN0207`. A code is never given a new meaning.
///
/// The hundreds name the part of the work: 00 files and data, 02 model import, 03 conversion,
/// 04 spiking program, 05 chips and placement, 06 bundles and their signatures, 07 recipes, options,
/// policies and exports, 08 compression, 09 defects.
public struct ErrorCode: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  public var description: String { rawValue }

  public static func < (left: ErrorCode, right: ErrorCode) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Who has to act, and with it the exit status of the command.
public enum ErrorKind: Int32, Sendable, CaseIterable {
  /// A finding at or above the level that fails a run.
  case finding = 1
  /// The command was called wrongly.
  case usage = 2
  /// The file or data is malformed or not supported.
  case badInput = 3
  /// The file system or the machine's resources failed.
  case environment = 4
  /// A digest or signature does not match.
  case trust = 5
  /// A defect of Synapack itself.
  case defect = 70
}

/// What `synapack explain CODE` says: one entry for every code.
public struct Explanation: Sendable, Hashable {
  public let code: ErrorCode
  public let kind: ErrorKind
  /// A short noun phrase, e.g. "truncated file".
  public let title: String
  /// Why it happens and why it is refused.
  public let cause: String
  /// What to do.
  public let remedy: String

  public init(
    _ code: ErrorCode, _ kind: ErrorKind, title: String, cause: String, remedy: String
  ) {
    self.code = code
    self.kind = kind
    self.title = title
    self.cause = cause
    self.remedy = remedy
  }
}

/// Every code of this build, in ascending order.
public enum ErrorCatalog {
  public static let all: [Explanation] =
    [
      fileExplanations, importExplanations, hdf5Explanations, kerasExplanations, nirExplanations,
      archiveExplanations, weightExplanations, tfliteExplanations, conversionExplanations,
      compressionExplanations,
      programExplanations, placementExplanations, bundleExplanations, recipeExplanations,
      policyExplanations, trustExplanations, exportExplanations,
    ].flatMap { $0 }
    .sorted { $0.code < $1.code }

  public static func explanation(of code: ErrorCode) -> Explanation? {
    all.first { $0.code == code }
  }

  /// The kind of a code; one that no entry explains counts as a defect.
  public static func kind(of code: ErrorCode) -> ErrorKind {
    explanation(of: code)?.kind ?? .defect
  }
}
