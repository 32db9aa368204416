/// The eight bytes that an HDF5 file begins with, at 0 or at a power of two from 512 on.
///
/// Source: HDF5 File Format Specification 3.0, II.A.
enum HDF5Signature {
  static let bytes: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
}
