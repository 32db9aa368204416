internal import SynapackProgram
internal import SynapackSupport

/// What every target for simulators of spikes begins with, and the files that all of them write.
struct AxonExport {
  let program: SpikingProgram
  let plan: AxonPlan
  let run: AxonRun

  /// - Parameter hasGates: whether the target opens windows late, as `tick` asks for where paths of
  ///   several lengths meet.
  /// - Throws: `SYN0742` and `SYN0747` for what neither axons nor spikes can say.
  init(_ source: ExportSource, target: String, hasGates: Bool = true) throws(PackError) {
    program = source.program
    try AxonReadout.check(program, target: target)
    do throws(PackError) {
      plan = try AxonPlan(program, target: target)
    } catch {
      throw hasGates ? error : error.advising("export a network without such shortcuts")
    }
    run = AxonRun(program, plan)
  }

  /// `run.json`, `load.py` and `README.md`, after the network itself.
  func files(_ network: [ExportedFile], loader: [UInt8], readme: String) -> [ExportedFile] {
    network + [
      ExportedFile("run.json", run.document.text(indent: true) + "\n"),
      ExportedFile(
        "load.py", PackageResources.axons_py_in + PackageResources.payloads_py_in + loader),
      ExportedFile("README.md", readme),
    ]
  }

  /// The network as ``AxonNetwork`` with members of the target's own.
  func network(_ own: [String: JSON] = [:]) -> [ExportedFile] {
    var document = AxonNetwork.document(program, plan)
    if case .object(let members) = document {
      document = .object(members.merging(own) { _, own in own })
    }
    return [ExportedFile("network.json", document.text(indent: true) + "\n")]
  }
}
