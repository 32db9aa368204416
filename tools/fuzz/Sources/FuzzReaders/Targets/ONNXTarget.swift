import SynapackGraph
import SynapackImport
import SynapackSupport

/// ONNX, from bytes to the graph.
let onnxTarget = FuzzTarget(
  name: "onnx",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "model.onnx")
    var report = Report()
    _ = ONNXImporter.recognises(file)
    _ = try? ONNXImporter.graph(file, &report)
  },
  mutator: { mutatedProtobuf($0, $1, &$2) })
