internal import SynapackSupport

/// A group or a dataset: the messages of its header, and the way that led to it.
struct HDF5Object: Sendable {
  let address: Int
  let path: String
  /// The addresses of the groups above it, from the root on.
  let ancestors: [Int]
  let messages: [HDF5Message]

  /// Where errors about the object as a whole arise.
  var place: Range<Int> { address..<address + 1 }

  /// The message of that type; `nil` where there is none.
  ///
  /// - Throws: `SYN0220` where there are two, of which readers take either; `SYN0221` where its body stands elsewhere, as that of a named datatype does.
  func message(_ type: Int) throws(PackError) -> HDF5Message? {
    let found = messages.filter { $0.type == type }
    guard let message = found.first else { return nil }
    guard found.count == 1 else {
      throw HDF5.malformed("the object \(path) has two messages of the type \(type)", found[1].body)
    }
    guard !message.isShared else {
      throw HDF5.unsupported("a shared message, such as a named datatype", message.body)
    }
    return message
  }

  func required(_ type: Int, _ what: String) throws(PackError) -> HDF5Message {
    guard let message = try message(type) else {
      throw HDF5.malformed("the dataset \(path) has no \(what)", place)
    }
    return message
  }
}
