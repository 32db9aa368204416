/// The limits of the format: a reader refuses what passes them, a writer never writes it.
enum BundleLimits {
  static let sections = 4096
  /// Raw bytes of each section of text or messages: manifest, recipe and report.
  static let metadataBytes = 16 << 20
  /// Raw bytes of all sections together.
  static let totalRawBytes: UInt64 = 64 << 30
  /// UTF-8 bytes of a name.
  static let nameBytes = 1024
  static let populations = 4096
  static let connections = 16_384
  static let relays = 16
  /// Neurons of all populations, the input, and the cells behind every relay: what a simulator has
  /// to hold.
  static let neurons = 1 << 28
  /// The product of the kernel areas of one connection's relays.
  static let relayPaths = 1 << 24
  /// Weights of all connections together, 2 bytes each once decoded.
  static let weights = 1 << 30
  /// An index map may stand for at most this many weights a byte; it is the amplification that a
  /// reader has to bear.
  static let weightsPerIndexByte = 64
  /// Values of a modelled section, which cost a reader far more time a value than others do.
  static let modelledValues = 1 << 24
  /// Levels of objects and arrays in a recipe or report.
  static let jsonDepth = 64
  /// Heap that libprotobuf-c may take for the manifest.
  static let manifestHeapBytes = 256 << 20
}
