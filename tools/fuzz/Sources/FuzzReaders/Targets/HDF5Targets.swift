@testable import SynapackHDF5
import SynapackSupport

/// An HDF5 file, every group, attribute and dataset of it.
let hdf5Target = FuzzTarget(
  name: "hdf5",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "weights.h5")
    _ = KerasImporter.recognises(file)
    guard var hdf5 = try? HDF5File(file) else { return }
    var open = [hdf5.root]
    var visited = 0
    while let object = open.popLast(), visited < 64 {
      visited += 1
      readValues(of: object, &hdf5)
      guard let links = try? hdf5.links(of: object) else { continue }
      for link in links.prefix(16) {
        if let next = try? hdf5.object(link, in: object) { open.append(next) }
      }
    }
  },
  mutator: { mutatedHDF5($0, $1, &$2) })

private func readValues(of object: HDF5Object, _ hdf5: inout HDF5File) {
  for name in ["keras_version", "weight_names", "model_config", "a", "number", "text"] {
    guard let attribute = try? hdf5.attribute(name, of: object) else { continue }
    _ = try? hdf5.texts(of: attribute)
    _ = try? hdf5.tensor(of: attribute)
  }
  guard hdf5.isDataset(object), let dataset = try? hdf5.dataset(object) else { return }
  if let tensor = try? hdf5.tensor(of: dataset) {
    _ = tensor.firstNonFinite()
  } else {
    _ = try? hdf5.texts(of: dataset)
  }
}

/// A Keras model in either form, from bytes to the graph.
let kerasTarget = FuzzTarget(
  name: "keras",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "model.keras")
    var report = Report()
    guard KerasImporter.recognises(file) else { return }
    _ = try? KerasImporter.graph(file, &report)
  },
  mutator: { bytes, largest, random in
    if bytes.starts(with: HDF5Signature.bytes) {
      return random.oneIn(2)
        ? mutatedEmbeddedJSON(bytes, &random) : mutatedHDF5(bytes, largest, &random)
    }
    return mutatedZip(bytes, largest, &random) { content, random in
      content.first == UInt8(ascii: "{")
        ? mutatedJSON(content, &random) : mutatedHDF5(content, content.count + 16, &random)
    }
  })

/// Changes a JSON text inside a file and keeps its length, with spaces where it became shorter.
private func mutatedEmbeddedJSON(_ bytes: [UInt8], _ random: inout MutationRandom) -> [UInt8] {
  let starts = bytes.indices.dropLast().filter {
    bytes[$0] == UInt8(ascii: "{") && bytes[$0 + 1] == UInt8(ascii: "\"")
  }
  guard let start = starts.first else { return [] }
  let text = Array(bytes[start...].prefix { $0 != 0 })
  // The configuration itself ends before what may follow it in the file.
  var depth = 0
  var count = 0
  for byte in text {
    count += 1
    if byte == UInt8(ascii: "{") { depth += 1 }
    if byte == UInt8(ascii: "}") { depth -= 1 }
    if depth == 0 { break }
  }
  var made = mutatedJSON(Array(text.prefix(count)), &random)
  guard made.count <= count else { return [] }
  made += [UInt8](repeating: 0x20, count: count - made.count)
  var changed = bytes
  changed.replaceSubrange(start..<start + count, with: made)
  if random.oneIn(2) { mendHDF5Checksums(&changed) }
  return changed
}
