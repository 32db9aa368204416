internal import SynapackGraph
internal import SynapackSupport

/// From named tensors to a graph, whatever file they come from.
enum WeightImport {
  /// - Throws: `SYN0250` to `SYN0254` as ``ArchitectureReader`` says, `SYN0014`.
  static func model(
    _ tensors: NamedTensors, format: String, digest: Digest?, _ options: ImportOptions,
    _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    let description = try Architectures.description(options.architecture, for: tensors, &report)
    let origin = Origin(
      format: format, digest: digest, producer: tensors.producer, version: description.name)
    var reader = ArchitectureReader(description, tensors, origin: origin)
    do throws(PackError) {
      let graph = try reader.graph(scanned: options.readsWeights)
      for finding in reader.findings(graph) { report.add(finding) }
      return .analog(graph)
    } catch {
      throw description.located(error)
    }
  }
}
