/// The sections of version 1. A number is never given a new meaning.
public enum SectionType: UInt32, Sendable, CaseIterable {
  case manifest = 1
  case weights = 2
  case neurons = 3
  case placement = 4
  case recipe = 5
  case conformance = 6
  case report = 7

  /// The name that commands show.
  public var name: String {
    switch self {
    case .manifest: "manifest"
    case .weights: "weights"
    case .neurons: "neurons"
    case .placement: "placement"
    case .recipe: "recipe"
    case .conformance: "conformance"
    case .report: "report"
    }
  }

  /// Whether a reader that does not know the section must refuse the bundle: it decides what runs.
  var isCritical: Bool {
    switch self {
    case .manifest, .weights, .neurons, .placement, .conformance: true
    case .recipe, .report: false
    }
  }

  /// Text and messages, which stay small.
  var isMetadata: Bool {
    switch self {
    case .manifest, .recipe, .report: true
    case .weights, .neurons, .placement, .conformance: false
    }
  }

  /// Every bundle holds these.
  var isRequired: Bool { self != .placement }
}

/// How a section's bytes lie in the file. The numbers are those of the format.
public enum SectionCoding: UInt32, Sendable, CaseIterable {
  case raw = 0
  case zlib = 1
  /// Each value with the probability that a model gives it; see `schemas/bundle.md`.
  case modelled = 2

  /// The name that commands show.
  public var name: String {
    switch self {
    case .raw: "raw"
    case .zlib: "zlib"
    case .modelled: "modelled"
    }
  }
}

/// One section as a bundle stores it.
public struct SectionInfo: Sendable, Hashable {
  public let type: UInt32
  /// `section 9` for a type that this build does not know.
  public let name: String
  public let isCritical: Bool
  public let coding: SectionCoding
  public var isCompressed: Bool { coding != .raw }
  /// Bytes from the start of the file.
  public let offset: Int
  public let storedBytes: Int
  public let rawBytes: Int
  /// SHA-256 of the stored and of the raw bytes, in hexadecimal digits.
  public let storedDigest: String
  public let rawDigest: String
}
