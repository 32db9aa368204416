internal import SynapackProgram
internal import SynapackSupport

/// Whether the membranes of a staggered program hold all that can arrive, as its gates need.
///
/// A gate shifts a membrane, and where the membrane saturates the shifted one saturates elsewhere.
struct GatedWidths {
  private let program: SpikingProgram
  private let reaches: [DriveRange]

  private static let widest = 32

  /// - Parameter reaches: one for each population.
  init(_ program: SpikingProgram, _ reaches: [DriveRange]) {
    self.program = program
    self.reaches = reaches
  }

  /// - Throws: `SYN0315` at the layer that needs most, with the widths at which all layers hold.
  func check() throws(PackError) {
    let narrow = zip(program.populations, reaches).enumerated().filter { _, pair in
      !GatedWidths.holds(pair.0.membrane, pair.1)
    }
    let needs = narrow.map { GatedWidths.bits($0.element.1) }
    guard let most = needs.max(), let place = needs.firstIndex(of: most) else { return }
    let (population, reach) = narrow[place].element
    throw PackError(
      .cannotGate,
      "the membrane of \(population.membraneBits) bits can reach "
        + "\(reach.lowest)...\(reach.highest) and would saturate",
      at: .layer(population.name), hint: action(narrow.map { ($0.offset, $0.element.1) }))
  }

  private func action(_ narrow: [(index: Int, reach: DriveRange)]) -> String {
    func option(_ name: String, _ isMeant: (Int) -> Bool) -> String? {
      let bits = narrow.filter { isMeant($0.index) }.map { GatedWidths.bits($0.reach) }.max()
      return bits.map { "\(name) \($0)" }
    }
    let readout = program.readout.population
    let options = [
      option("--membrane-bits") { $0 != readout }, option("--readout-bits") { $0 == readout },
    ].compactMap { $0 }
    let most = narrow.map { GatedWidths.bits($0.reach) }.max() ?? 0
    return most <= GatedWidths.widest
      ? "use " + options.joined(separator: " ") : GatedWidths.tooWide.hint
  }

  /// A refusal of what no register holds.
  static var tooWide: PackError {
    PackError(
      .cannotGate, "its gates need membranes of more than \(widest) bits",
      hint: "use fewer --timesteps, a smaller D or fewer --weight-bits")
  }

  private static func holds(_ membrane: ClosedRange<Int32>, _ reach: DriveRange) -> Bool {
    reach.lowest >= Int64(membrane.lowerBound) && reach.highest <= Int64(membrane.upperBound)
  }

  /// The bits of the narrowest register that holds all of it.
  private static func bits(_ reach: DriveRange) -> Int {
    // ~x of a negative x is the largest number that takes as many bits.
    let most = max(reach.highest, ~reach.lowest)
    return Int64.bitWidth - most.leadingZeroBitCount + 1
  }
}
