internal import SynapackSupport

/// The whole program and placement as JSON, for people and small scripts.
struct JSONTarget: ExportTarget {
  let id = "json"
  let summary = "the whole program and placement as readable JSON"
  let capability = Capability(reader: "any JSON reader")

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    [ExportedFile("program.json", JSONExport.text(source.program, source.placement))]
  }
}
