internal import SynapackSupport

/// What reading one file may cost, whatever its structures say.
///
/// Structures may be reached along many ways and chunks may be shared by many datasets, so the
/// sizes of single parts bound nothing: these sums over the whole file do.
struct HDF5Budget: Sendable {
  /// Bytes of structures that may still be read.
  private var structureBytes: Int
  /// Bytes of values that may still be made.
  private var valueBytes: Int
  private let fileBytes: Int

  init(fileBytes: Int) {
    self.fileBytes = fileBytes
    structureBytes = (fileBytes.times(16) ?? .max).adding(1 << 20) ?? .max
    // Inflated weights are seldom over twice their stored size; equal thresholds of many neurons
    // are up to a thousand times, but few.
    valueBytes = (fileBytes.times(64) ?? .max).adding(64 << 20) ?? .max
  }

  mutating func spend(structure count: Int) throws(PackError) {
    guard count <= structureBytes else { throw exceeded("its structures are read over and over") }
    structureBytes -= count
  }

  /// - Throws: `SYN0224` before anything of that size is allocated.
  mutating func spend(values count: Int) throws(PackError) {
    guard count <= valueBytes else { throw exceeded("its values take far more memory") }
    valueBytes -= count
  }

  private func exceeded(_ reason: String) -> PackError {
    PackError(
      .hdf5TooLarge, "the file of \(fileBytes) bytes cannot explain what it asks for: \(reason)",
      hint: "do not trust this file")
  }
}
