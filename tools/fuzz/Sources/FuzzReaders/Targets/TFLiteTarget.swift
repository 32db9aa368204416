import SynapackGraph
import SynapackImport
import SynapackSupport

/// TFLite, from bytes to the graph.
let tfliteTarget = FuzzTarget(
  name: "tflite",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "model.tflite")
    var report = Report()
    _ = try? TFLiteImporter.read(file, ImportOptions(), &report)
  },
  mutator: { mutatedFlatBuffer($0, $1, &$2) })
