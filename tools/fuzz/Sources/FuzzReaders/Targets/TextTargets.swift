@testable import SynapackImport
import Synapack
import SynapackGraph
import SynapackSupport
import SynapackTensor

/// A description of an architecture, then behind a zero byte the tensors that it meets, one a
/// line: a name and its extents.
let architectureTarget = FuzzTarget(
  name: "architecture",
  read: { bytes in
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let text = utf8Text(Array(first)),
      let description = try? ArchitectureDescription(yaml: text)
    else { return }
    let tensors = namedTensors(parts.count > 1 ? parts[1] : [])
    _ = description.fits(tensors)
    let origin = Origin(format: "weights", digest: nil, producer: "", version: "")
    var reader = ArchitectureReader(description, tensors, origin: origin)
    _ = try? reader.graph(scanned: true)
  })

private func namedTensors(_ text: ArraySlice<UInt8>) -> NamedTensors {
  var tensors = NamedTensors()
  var elements = 0
  for line in text.split(separator: 10).prefix(64) {
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    let extents = words.dropFirst().compactMap { Int($0) }
    guard let name = words.first, let shape = try? Shape(extents),
      shape.count <= 65536 - elements
    else { continue }
    elements += shape.count
    let bytes = [UInt8](repeating: 0, count: 4 * shape.count)
    guard let tensor = try? Tensor(shape: shape, type: .float32, bytes: bytes) else { continue }
    try? tensors.add(String(name), tensor)
  }
  return tensors
}

/// A recipe and the options that it becomes.
let recipeTarget = FuzzTarget(
  name: "recipe",
  read: { bytes in
    guard let text = utf8Text(bytes), let recipe = try? Recipe(yaml: text) else { return }
    _ = try? recipe.options()
    _ = recipe.json.text()
  })
