internal import SynapackConvert
internal import SynapackProgram
internal import SynapackSupport

extension Recipe {
  /// Refuses gates for neurons that have no windows, or that a gate spike cannot hold shut.
  ///
  /// - Throws: `SYN0701` with every option that has to be another one.
  func checkGates(_ reset: Reset, _ start: MembraneStart) throws(PackError) {
    guard gated else { return }
    var others: [String] = []
    if !schedule.hasPrefix("staggered") {
      others.append("`--schedule staggered:1` instead of `\(schedule)`, which has no windows")
    }
    if neuron == "signed" {
      others.append("`--neuron if`, `burst:N`, `multi:N` or `graded:BITS` instead of `signed`")
    }
    if reset != .subtract { others.append("`--reset subtract`") }
    if start == .zero {
      others.append(
        "`--start balanced`, as its neurons start far below zero until their window opens")
    }
    guard !others.isEmpty else { return }
    throw PackError(
      .badOption, "a gate needs \(others.joined(separator: ", and "))", at: .option("--gated"),
      hint: "change these options, or leave out `--gated`")
  }
}
