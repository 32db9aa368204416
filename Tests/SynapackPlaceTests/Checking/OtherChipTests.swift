import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// A placement that was made for something else says for what.
struct OtherChipTests {
  @Test func bothChipsAndProgramsAreNamed() throws {
    var programs = RandomProgram(seed: 1)
    let program = try programs.next()
    let chip = try PlacerTests.chip(neurons: 1000, axons: 10_000, bytes: 1_000_000)
    let rates = program.populations.map { _ in 1.0 }
    let placement = try Placer.place(program, on: chip, rates: rates)
    func message(_ change: (inout Placement) -> Void) -> String? {
      var other = placement
      change(&other)
      let findings = PlacementCheck.findings(program, other, chip)
      #expect(findings.count == 1 && findings.first?.code == .malformedPlacement)
      return findings.first?.message
    }
    #expect(PlacementCheck.findings(program, placement, chip).isEmpty)
    #expect(
      message { $0.chip = "large" }
        == "the placement was made for the chip `large`, not for `small`")
    #expect(
      message { $0.mesh.x += 1 }
        == "the placement was made for a mesh of 5×4 cores, and `small` has 4×4")
    #expect(
      message { $0.resources = ["neurons"] }?
        .hasPrefix(
          "the placement counts the resources `neurons`, and `small` has `neurons`, `axons`")
        == true)
    let layers = program.populations.count
    #expect(
      message { $0.rates.append(1) }
        == "the placement is of a program with \(layers + 1) layers, and this one has \(layers)")
  }
}
