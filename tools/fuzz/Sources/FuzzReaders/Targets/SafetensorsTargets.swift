@testable import SynapackImport
import SynapackGraph
import SynapackSupport
import SynapackTensor

/// Tensors, and the network that their names fit.
let safetensorsTarget = FuzzTarget(
  name: "safetensors",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "model.safetensors")
    _ = SafetensorsImporter.recognises(file)
    guard let tensors = try? SafetensorsFile.read(file) else { return }
    for name in tensors.names { _ = tensors[name]?.firstNonFinite() }
    readNetworks(of: tensors)
  },
  mutator: { mutatedSafetensors($0, $1, &$2) })

/// The ready descriptions, parsed once: parsing them is another target's subject.
private let ready: [ArchitectureDescription] = Architectures.texts.compactMap {
  try? ArchitectureDescription(yaml: $0.text)
}

/// Builds every ready network that the names fit.
func readNetworks(of tensors: NamedTensors) {
  for description in ready where description.fits(tensors) {
    let origin = Origin(format: "weights", digest: nil, producer: "", version: "")
    var reader = ArchitectureReader(description, tensors, origin: origin)
    _ = try? reader.graph(scanned: true)
  }
}

/// The index of a model in several files; `a.safetensors` and `b.safetensors` lie beside it.
let indexTarget = FuzzTarget(
  name: "safetensors-index",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "model.safetensors.index.json")
    guard SafetensorsShards.isIndex(file) else { return }
    _ = try? SafetensorsShards.read(file)
  },
  mutator: { mutatedJSON($0, &$2) })
