import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackHDF5

/// Files cut off at every byte and with every byte changed: a refusal or values, never a trap.
struct HDF5DamageTests {
  static let files = ["small-earliest", "small-v108", "small-latest"]

  /// Reads whatever can be reached; the number of values that came out.
  static func readAll(_ file: MappedFile) throws(PackError) -> Int {
    var hdf5 = try HDF5File(file)
    var count = 0
    var open = [hdf5.root]
    var visited = 0
    while let object = open.popLast() {
      visited += 1
      // Soft links and shared objects may make a small file a large tree.
      guard visited < 64 else { break }
      if hdf5.isDataset(object) {
        let dataset = try hdf5.dataset(object)
        count += try hdf5.tensor(of: dataset).floats().count
      } else {
        if let attribute = try hdf5.attribute("text", of: object) {
          count += try hdf5.texts(of: attribute).count
        }
        for link in try hdf5.links(of: object) {
          if let next = try hdf5.object(link, in: object) { open.append(next) }
        }
      }
    }
    return count
  }

  @Test(arguments: files)
  func theWholeFileIsRead(name: String) throws {
    let file = try MappedFile(path: Fixtures.path("hdf5/read/\(name).h5"))
    #expect(try Self.readAll(file) == 12 + 3 + 2)
  }

  @Test(arguments: files)
  func everyTruncationIsRefused(name: String) throws {
    let bytes = try MappedFile(path: Fixtures.path("hdf5/read/\(name).h5")).prefix(.max)
    let folder = TemporaryFolder()
    for count in 0..<bytes.count {
      folder.write(Array(bytes.prefix(count)), to: "x")
      let file = try MappedFile(path: folder.path("x"))
      #expect(throws: PackError.self, "\(count)") { try Self.readAll(file) }
    }
  }

  @Test(arguments: files)
  func everyChangedByteIsSurvived(name: String) throws {
    let original = try MappedFile(path: Fixtures.path("hdf5/read/\(name).h5")).prefix(.max)
    let folder = TemporaryFolder()
    var refused = 0
    for index in original.indices {
      var bytes = original
      // One bit, all bits, and the largest and smallest number.
      bytes[index] ^= [1, 0x80, 0xFF][index % 3]
      folder.write(bytes, to: "x")
      let file = try MappedFile(path: folder.path("x"))
      do throws(PackError) {
        _ = try Self.readAll(file)
      } catch {
        #expect(error.code.rawValue.hasPrefix("SYN02"), "byte \(index): \(error)")
        refused += 1
      }
    }
    #expect(refused > original.count / 20)
  }

  /// The newer superblock is 44 bytes with their checksum behind them.
  @Test(arguments: 44..<48) func aWrongChecksumIsNamed(byte: Int) throws {
    var bytes = try MappedFile(path: Fixtures.path("hdf5/read/small-latest.h5")).copy
    bytes[byte] ^= 1
    let error = try #require(throws: PackError.self) {
      try Self.readAll(MappedFile(bytes: unsafe bytes.span.bytes, path: "changed.h5"))
    }
    #expect(error.code == .hdf5Checksum)
  }
}
