import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

/// Reads a model from bytes, through a file as always.
func readModel(
  _ bytes: [UInt8], folder: TemporaryFolder = TemporaryFolder()
) throws(PackError) -> Graph<Analog> {
  let path = folder.path("model.onnx")
  folder.write(bytes, to: "model.onnx")
  var report = Report()
  return try ONNXImporter.graph(MappedFile(path: path), &report)
}

/// The code of the error that `body` throws, `nil` where it throws none.
func code(_ body: () throws(PackError) -> Void) -> ErrorCode? {
  do {
    try body()
    return nil
  } catch {
    return error.code
  }
}

func fixtureBytes(_ name: String) throws(PackError) -> [UInt8] {
  try MappedFile(path: Fixtures.path(name)).withBytes { $0.copy(0..<$0.byteCount) }
}
