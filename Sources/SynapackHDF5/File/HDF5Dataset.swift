internal import SynapackSupport

/// An array that an object of the file holds.
struct HDF5Dataset: Sendable {
  let path: String
  let type: HDF5Datatype
  /// Where the file describes the elements.
  let typePlace: Range<Int>
  let space: HDF5Dataspace
  let layout: HDF5Layout
  let filters: HDF5Filters
  /// One element as it is where nothing was written; empty for zeros.
  let fill: [UInt8]

  /// - Throws: `SYN0222` where its values stand in other files; `SYN0220` and `SYN0221` for what is
  ///   malformed or not read.
  init(_ object: HDF5Object, _ source: HDF5Source) throws(PackError) {
    path = object.path
    if let external = try object.message(HDF5MessageType.externalFiles) {
      throw HDF5.unsafe("external storage", external.body)
    }
    typePlace = try object.required(HDF5MessageType.datatype, "datatype").body
    var typeCursor = try source.cursor(typePlace, "datatype")
    type = try HDF5Datatype(&typeCursor)
    var spaceCursor = try source.cursor(
      object.required(HDF5MessageType.dataspace, "dataspace").body, "dataspace")
    space = try HDF5Dataspace(&spaceCursor)
    let message = try object.required(HDF5MessageType.layout, "data layout")
    layout = try HDF5Layout(message, source)
    if let message = try object.message(HDF5MessageType.filters) {
      filters = try HDF5Filters(message, source, elementSize: type.byteCount)
    } else {
      filters = HDF5Filters()
    }
    fill = try HDF5FillValue.bytes(object, elementSize: type.byteCount, source)
    guard byteCount != nil else {
      throw HDF5.malformed("the size of the dataset overflows", message.body)
    }
    if case .chunked(let chunks) = layout {
      guard chunks.dimensions.count == space.dimensions.count,
        chunks.elementSize == type.byteCount
      else { throw HDF5.malformed("the chunks do not fit the dataset", message.body) }
    }
  }

  /// Bytes of all elements; known to fit once the dataset is made.
  var byteCount: Int? { space.count.times(type.byteCount) }

  /// Where the elements stand in one piece of the file, unfiltered.
  func mappedRange(_ source: HDF5Source) throws(PackError) -> Range<Int>? {
    let bytes = byteCount ?? 0
    switch layout {
    case .compact(let range):
      guard range.count >= bytes else {
        throw HDF5.malformed("\(range.count) bytes of data for \(bytes)", range)
      }
      return range.prefix(bytes)
    case .contiguous(let address?, let size):
      guard size >= bytes else {
        throw HDF5.malformed(
          "\(size) bytes of data for \(bytes)", address..<(address.adding(size) ?? address))
      }
      return try source.cursor(at: address, count: bytes, "data").span
    case .contiguous(nil, _), .chunked: return nil
    }
  }
}
