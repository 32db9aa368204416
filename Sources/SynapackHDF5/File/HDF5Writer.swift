internal import SynapackSupport

/// A part of an HDF5 file to be written.
public indirect enum HDF5Value: Sendable, Hashable {
  /// Links in the order in which they are stored.
  case group([HDF5Member])
  /// A text of fixed length in UTF-8.
  case text(String)
  /// Texts of one fixed length, row-major in `shape`.
  case texts([String], shape: [Int])
  /// 64-bit integers, row-major; an empty shape is a scalar.
  case integers([Int], shape: [Int])
  /// 32-bit floating-point numbers, row-major; an empty shape is a scalar.
  case reals([Float], shape: [Int])
}

/// A named part of a group.
public struct HDF5Member: Sendable, Hashable {
  public var name: String
  public var value: HDF5Value

  public init(_ name: String, _ value: HDF5Value) {
    self.name = name
    self.value = value
  }
}

/// Writes files that the HDF5 library reads from version 1.8 on: superblock 2, object headers 2,
/// compact links, contiguous data. No times are stored, so equal values give equal bytes.
///
/// Source: HDF5 File Format Specification 3.0, II.A, IV.A.
public enum HDF5Writer {
  /// The bytes of a file with this root group.
  public static func file(_ root: [HDF5Member]) -> [UInt8] {
    var file = Output()
    file.bytes = Array(repeating: 0, count: superblockBytes)
    let address = file.append(.group(root))
    var superblock: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]
    superblock.append(number: 0)
    superblock.append(number: undefined)
    superblock.append(number: UInt64(file.bytes.count))
    superblock.append(number: UInt64(address))
    superblock.appendChecksum(from: 0)
    file.bytes.replaceSubrange(0..<superblockBytes, with: superblock)
    return file.bytes
  }

  private static let superblockBytes = 48
  private static let undefined = UInt64.max

  /// The file so far; parts stand before what links to them.
  private struct Output {
    var bytes: [UInt8] = []

    /// Writes a part and returns the address of its object header.
    mutating func append(_ value: HDF5Value) -> Int {
      switch value {
      case .group(let members):
        let links = members.map { HDF5Writer.link($0.name, to: append($0.value)) }
        // Links are compact: the addresses of a heap and an index are undefined.
        var info: [UInt8] = [0, 0]
        info.append(number: undefined)
        info.append(number: undefined)
        return header([(0x02, info), (0x0A, [0, 0])] + links.map { (0x06, $0) })
      case .text(let text):
        return texts([text], shape: [])
      case .texts(let texts, let shape):
        return self.texts(texts, shape: shape)
      case .integers(let values, let shape):
        var data: [UInt8] = []
        for value in values { data.append(number: UInt64(bitPattern: Int64(value))) }
        // Class 0, signed, little-endian, 64 bits from bit 0.
        return dataset(data, shape, [0x10, 0x08, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0])
      case .reals(let values, let shape):
        var data: [UInt8] = []
        for value in values { data.append(number: value.bitPattern) }
        // Class 1: sign at bit 31, 8 bits of exponent from bit 23, 23 of mantissa, bias 127.
        return dataset(
          data, shape,
          [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0])
      }
    }

    private mutating func texts(_ texts: [String], shape: [Int]) -> Int {
      let width = max(1, texts.map(\.utf8.count).max() ?? 1)
      var data: [UInt8] = []
      for text in texts {
        data += text.utf8
        data += Array(repeating: 0, count: width - text.utf8.count)
      }
      // Class 3, padded with zeros, UTF-8.
      var type: [UInt8] = [0x13, 0x11, 0, 0]
      type.append(number: UInt32(truncatingIfNeeded: width))
      return dataset(data, shape, type)
    }

    private mutating func dataset(_ data: [UInt8], _ shape: [Int], _ type: [UInt8]) -> Int {
      align()
      let address = bytes.count
      bytes += data
      var space: [UInt8] = [2, UInt8(truncatingIfNeeded: shape.count), 0, shape.isEmpty ? 0 : 1]
      for extent in shape { space.append(number: UInt64(extent)) }
      var layout: [UInt8] = [3, 1]
      layout.append(number: UInt64(address))
      layout.append(number: UInt64(data.count))
      // The fill value is the default one, space is allocated late.
      return header([(0x01, space), (0x03, type), (0x05, [3, 0x0A]), (0x08, layout)])
    }

    private mutating func header(_ messages: [(type: UInt8, data: [UInt8])]) -> Int {
      align()
      let address = bytes.count
      // Version 2; flags: the size of the first chunk has four bytes.
      bytes += Array("OHDR".utf8) + [2, 2]
      let size = messages.reduce(0) { $0 + 4 + $1.data.count }
      bytes.append(number: UInt32(truncatingIfNeeded: size))
      for (type, data) in messages {
        bytes.append(type)
        bytes.append(number: UInt16(truncatingIfNeeded: data.count))
        bytes.append(0)
        bytes += data
      }
      bytes.appendChecksum(from: address)
      return address
    }

    private mutating func align() {
      bytes += Array(repeating: 0, count: (8 - bytes.count % 8) % 8)
    }
  }

  /// A hard link in UTF-8 whose name has up to 2³² bytes.
  private static func link(_ name: String, to address: Int) -> [UInt8] {
    var data: [UInt8] = [1, 0b1_0010, 1]
    data.append(number: UInt32(truncatingIfNeeded: name.utf8.count))
    data += name.utf8
    data.append(number: UInt64(address))
    return data
  }
}

extension [UInt8] {
  fileprivate mutating func append(number: some FixedWidthInteger) {
    var rest = number
    for _ in 0..<number.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  fileprivate mutating func appendChecksum(from start: Int) {
    let part = Array(self[start...])
    append(number: unsafe HDF5Checksum.lookup3(part.span.bytes))
  }
}
