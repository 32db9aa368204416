public import SynapackPlace
public import SynapackProgram
public import SynapackSupport

/// One vendor's tool or exchange format: what it carries, and how a program becomes its files.
///
/// A target rewrites a program only where the result is the same machine: the same payloads in the
/// same ticks. What it cannot carry it refuses; what it leaves out on purpose it enters in the
/// report's ledger. Equal sources give equal bytes.
public protocol ExportTarget: Sendable {
  /// The name for `--target`.
  var id: String { get }
  /// One line for `synapack formats`.
  var summary: String { get }
  /// What the target carries; ``ExportTargets/export(_:to:_:)`` holds every program to it first.
  var capability: Capability { get }
  /// Holds a program to what no option of a conversion changes and ``capability`` does not say: sizes,
  /// and kinds of layers. It is asked first, so that nobody follows advice to the end of a dead end.
  ///
  /// - Throws: `SYN0745`.
  func checkStructure(_ program: SpikingProgram) throws(PackError)
  /// The files of a program that keeps to ``capability``.
  ///
  /// - Throws: a code from SYN0741 to SYN0747 for what the capability alone cannot rule out.
  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile]
}

extension ExportTarget {
  public func checkStructure(_ program: SpikingProgram) throws(PackError) {}
}

/// What is exported: a program, where it sits, and the samples that prove what it does.
public struct ExportSource: Sendable {
  public var program: SpikingProgram
  public var placement: Placement?
  public var conformance: [ConformanceVector]
  /// From the numbers of a data file to those that the input encodes: the text of `--preprocess`.
  public var preprocess: String

  public init(
    program: SpikingProgram, placement: Placement? = nil, conformance: [ConformanceVector] = [],
    preprocess: String = ""
  ) {
    self.program = program
    self.placement = placement
    self.conformance = conformance
    self.preprocess = preprocess
  }
}

/// One file of an export.
public struct ExportedFile: Sendable, Hashable {
  /// Its name in the folder; a target of a single file leaves the name to the user.
  public var name: String
  public var bytes: [UInt8]

  public init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  public init(_ name: String, _ text: String) {
    self.init(name, Array(text.utf8))
  }
}
