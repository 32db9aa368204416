internal import SynapackProgram
internal import SynapackSupport

/// Other ways to fill the cores where equal blocks take more of them than there are.
///
/// Equal blocks leave a part of most cores empty. Cores filled one after another leave next to
/// nothing, at the price of ragged blocks that hear more; joining cores that exchange much finds
/// pairs that happen to fit together.
struct FewestCores {
  private let program: SpikingProgram
  private let chip: Chip

  /// The most cores that equal blocks may take for each that there is: none of the other ways was
  /// seen to halve them.
  private static let most = 2

  init(_ program: SpikingProgram, _ chip: Chip) {
    self.program = program
    self.chip = chip
  }

  /// What comes to no more cores than the chip has, else the number that came nearest to that.
  ///
  /// - Parameter packing: of equal blocks.
  /// - Throws: `SYN0501` for a demand that has no value.
  func cores(_ packing: Packing) throws(PackError) -> (cores: [[Block]]?, least: Int) {
    var least = packing.cores.count
    guard least <= FewestCores.most * chip.cores, chip.kinds.count == 1,
      chip.sharedResources.isEmpty
    else { return (nil, least) }
    var filling = SequentialFill(program, chip)
    if try filling.fill(atMost: least), let cores = try packing.settled(filling.cores) {
      guard cores.count > chip.cores else { return (cores, cores.count) }
      least = cores.count
    }
    var joined = packing
    try joined.join(program.populations.map { _ in 1 }, stop: { false })
    guard let cores = try packing.settled(joined.cores) else { return (nil, least) }
    least = min(least, cores.count)
    return (cores.count <= chip.cores ? cores : nil, least)
  }
}
