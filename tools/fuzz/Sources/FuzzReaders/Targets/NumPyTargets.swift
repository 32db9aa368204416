@testable import SynapackImport
import SynapackSupport
import SynapackTensor

/// One array.
let npyTarget = FuzzTarget(
  name: "npy",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "array.npy")
    guard let tensor = try? NumPyArrayFile.read(file) else { return }
    _ = tensor.firstNonFinite()
  })

/// An archive of arrays, and the network that its names fit.
let npzTarget = FuzzTarget(
  name: "npz",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "weights.npz")
    _ = NumPyArchive.recognises(file)
    guard let archive = try? NumPyArchive(file) else { return }
    var tensors = NamedTensors()
    for name in archive.names {
      guard let tensor = try? archive.array(name) else { continue }
      _ = tensor.firstNonFinite()
      try? tensors.add(name, tensor)
    }
    readNetworks(of: tensors)
  },
  mutator: { mutatedZip($0, $1, &$2) { $1.changed($0, atMost: $0.count + 32) } })
