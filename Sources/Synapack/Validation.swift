public import SynapackBundle
public import SynapackPlace
public import SynapackPolicy
internal import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport

/// Everything that a bundle claims, checked again.
public enum Validation {
  /// The chip whose limits a placement can be held against: the one that is given, as often as the
  /// placement joins it, else the built-in one that the placement names; `nil` where nobody knows it.
  static func chip(for placement: Placement, given chip: Chip?) throws(PackError) -> Chip? {
    // A stored name that is no name belongs to no chip that is known.
    let name = try? ChipName(placement.chip)
    if let chip {
      guard let name, name.base == chip.id else { return chip }
      return try chip.joined(name.copies)
    }
    guard let name, Chips.texts.contains(where: { $0.id == name.base }) else { return nil }
    return try ChipLibrary.chip(placement.chip)
  }

  /// Checks a bundle that the reader has accepted: container and digests have been held by then.
  ///
  /// - Parameter chip: whose limits are held; `nil` for the built-in one that the placement names.
  public static func checks(
    _ stored: StoredBundle, on chip: Chip? = nil, threads: Int, _ report: Report
  ) throws(PackError) -> [Check] {
    let bundle = stored.bundle
    let seen = try Examination.all(
      of: bundle.program, inputs: bundle.conformance.map(\.input), threads: threads)
    var checks = [
      Check(.bundle, "container and digests", findings: report.findings),
      Check(.bundle, "program invariants", findings: []),
      Check(.bundle, "conformance replay", findings: proof(bundle, seen)),
      Check(
        .bundle, "weights and thresholds", findings: ProgramSanity.findings(bundle.program, seen)),
    ]
    if let placement = stored.bundle.placement {
      let findings = try placed(placement, stored.bundle.program, chip)
      checks.append(
        Check(.bundle, "placement on \(chip?.id ?? placement.chip)", findings: findings))
    } else if let chip {
      let finding = Finding(
        .malformedPlacement, .error, "the bundle has no placement to hold against \(chip.id)")
      checks.append(Check(.bundle, "placement on \(chip.id)", findings: [finding]))
    }
    return checks
  }

  /// The findings of a replay; a bundle without vectors proves nothing.
  private static func proof(_ bundle: Bundle, _ seen: [Examination]) -> [Finding] {
    guard !bundle.conformance.isEmpty else {
      return [
        Finding(
          .missingSection, .warning,
          "the bundle has no conformance vector, so nothing shows what its program does")
      ]
    }
    return differences(bundle, seen)
  }

  /// Runs every conformance vector and names the first place where the bits differ.
  public static func replay(
    _ bundle: Bundle, threads: Int
  ) throws(PackError) -> [Finding] {
    let inputs = bundle.conformance.map(\.input)
    return differences(
      bundle, try Examination.all(of: bundle.program, inputs: inputs, threads: threads))
  }

  private static func differences(_ bundle: Bundle, _ seen: [Examination]) -> [Finding] {
    zip(bundle.conformance, seen).enumerated().compactMap { index, pair in
      difference(pair.0, pair.1.record, index, bundle.program)
    }
  }

  private static func difference(
    _ expected: ConformanceVector, _ actual: ConformanceVector, _ index: Int,
    _ program: SpikingProgram
  ) -> Finding? {
    guard expected != actual else { return nil }
    let clock = Clock(program)
    for (population, pair) in zip(expected.populations, actual.populations).enumerated() {
      guard pair.0 != pair.1 else { continue }
      let tick = zip(pair.0, pair.1).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      let place = tick.map { ", tick \($0 + clock.populations[population].begins)" } ?? ""
      return Finding(
        .conformanceMismatch, .error, "vector \(index) differs first here\(place)",
        at: .layer(program.populations[population].name))
    }
    return Finding(.conformanceMismatch, .error, "vector \(index) differs in its scores")
  }

  private static func placed(
    _ placement: Placement, _ program: SpikingProgram, _ chip: Chip?
  ) throws(PackError) -> [Finding] {
    guard let chip = try self.chip(for: placement, given: chip) else {
      return [
        Finding(
          .unknownChip, .warning,
          "the limits of `\(placement.chip)` are not built in, so they were not checked; give its "
            + "file with --chip")
      ]
    }
    guard chip.id == placement.chip else {
      return [
        Finding(
          .malformedPlacement, .error,
          "the program is placed on `\(placement.chip)`, not on `\(chip.id)`")
      ]
    }
    return PlacementCheck.findings(program, placement, chip)
  }
}
