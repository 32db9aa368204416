public import SynapackProgram
public import SynapackSupport

/// The targets that this build exports to.
public enum ExportTargets {
  /// In ascending order of their ids.
  public static let all: [any ExportTarget] = [
    AkidaTarget(chip: .akd1000),
    AkidaTarget(chip: .akd1500),
    Akida2Target(),
    CTarget(),
    JSONTarget(),
    LavaTarget(),
    LoihiTarget(),
    NIRTarget(profile: .strict),
    NIRTarget(profile: .norse),
    NIRTarget(profile: .rockpool),
    NIRTarget(profile: .sinabs),
    NIRTarget(profile: .snntorch),
    NIRTarget(profile: .spikingjelly),
    PAICORETarget(),
    RANCTarget(),
    SANAFETarget(),
    SpeckTarget(id: "speck2e"),
    SpeckTarget(id: "speck2f"),
    SpiNNakerTarget(),
    TinyODINTarget(),
    XyloTarget(),
  ]

  /// - Throws: `SYN0703` where there is no target of that id.
  public static func named(_ id: String) throws(PackError) -> any ExportTarget {
    guard let target = all.first(where: { $0.id == id }) else {
      let known = all.map(\.id).joined(separator: ", ")
      throw PackError(
        .unknownName, "there is no export target `\(id)`; there are \(known)",
        at: .option("--target"), hint: "list the targets with `synapack export --list`")
    }
    return target
  }

  /// An exported program as a chip of the target's kind holds it, for counts of its cores: widths
  /// no larger than values, and every edge a tick where the target runs a wavefront so.
  public static func held(_ program: SpikingProgram, by target: any ExportTarget) -> SpikingProgram
  {
    guard !target.capability.carries(.saturation) else { return program }
    var program = MembraneReach.narrowed(MembraneReach.reachable(program))
    if program.schedule == .wavefront, target.capability.schedules.contains(.tick) {
      program.schedule = .tick
    }
    return program
  }

  /// The files of a program that the target carries, its ledger in the report. Every README ends with
  /// how a sample's numbers become payloads.
  ///
  /// - Throws: the code of what the target cannot carry, SYN0741 to SYN0747.
  public static func export(
    _ source: ExportSource, to target: any ExportTarget, _ report: inout Report
  ) throws(PackError) -> [ExportedFile] {
    var source = source
    if !target.capability.carries(.saturation) {
      // Where membranes are proved to stay inside, so is what they never reach.
      source.program = MembraneReach.reachable(
        source.program, above: target.capability.thresholds.upperBound)
    }
    let files: [ExportedFile]
    do throws(PackError) {
      try target.capability.checkStructure(source.program, target: target.id)
      try target.checkStructure(source.program)
      try target.capability.check(source.program, target: target.id)
      files = try target.files(source, &report)
    } catch {
      guard source.program.hasClocks else { throw error }
      throw error.advising(RefusalAdvice.gates(target.capability))
    }
    let input = InputWords(program: source.program, preprocess: source.preprocess)
    return files.map { file in
      guard file.name == "README.md" else { return file }
      return ExportedFile(file.name, file.bytes + Array(input.section.utf8))
    }
  }
}
