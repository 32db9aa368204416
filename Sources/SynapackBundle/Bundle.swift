public import SynapackPlace
public import SynapackProgram

/// Everything that one bundle file says: a program, where it sits, its proof and its history.
///
/// Equal bundles are written as equal bytes, whatever the machine or the time.
public struct Bundle: Sendable, Hashable {
  public var program: SpikingProgram
  public var placement: Placement?
  /// The resolved recipe as canonical JSON.
  public var recipe: String
  /// What the run found and measured, as canonical JSON; it holds no time, host or path.
  public var report: String
  public var conformance: [ConformanceVector]
  /// From the numbers of a data file to what the model was trained on: the text of `--preprocess`.
  public var preprocess: String
  public var origin: BundleOrigin
  /// The writer's name and version, e.g. `synapack 1.0.0`.
  public var generator: String
  /// Optional sections of a newer version, kept as they are when the bundle is written again.
  public var aside: [AsideSection]

  public init(
    program: SpikingProgram, placement: Placement? = nil, recipe: String = "{}",
    report: String = "{}", conformance: [ConformanceVector] = [], preprocess: String = "",
    origin: BundleOrigin, generator: String, aside: [AsideSection] = []
  ) {
    self.program = program
    self.placement = placement
    self.recipe = recipe
    self.report = report
    self.conformance = conformance
    self.preprocess = preprocess
    self.origin = origin
    self.generator = generator
    self.aside = aside
  }
}

/// The model that a program was made from.
public struct BundleOrigin: Sendable, Hashable {
  /// The name of the format, e.g. `onnx`.
  public var format: String
  /// The SHA-256 of the model file in lower-case hexadecimal digits.
  public var digest: String
  /// What wrote the model, e.g. `pytorch`, and its version; empty where the file does not say.
  public var producer: String
  public var version: String

  public init(format: String, digest: String, producer: String = "", version: String = "") {
    self.format = format
    self.digest = digest
    self.producer = producer
    self.version = version
  }
}

/// An optional section that this build does not know.
public struct AsideSection: Sendable, Hashable {
  /// The section's number; it is none of ``SectionType``.
  public var type: UInt32
  /// The raw bytes, decompressed.
  public var content: SectionBytes

  public init(type: UInt32, content: SectionBytes) {
    self.type = type
    self.content = content
  }

  public init(type: UInt32, bytes: [UInt8]) {
    self.init(type: type, content: SectionBytes(bytes))
  }
}
