internal import SynapackSupport
internal import SynapackTensor

extension EditSearch {
  /// More of the chip, side by side, where they can be joined and nothing else is missed: twice as
  /// many again and again.
  mutating func tryMoreChips(_ remaining: [Certificate.Miss]) throws(PackError) {
    let shared = chip.resources(.chip).map(\.name)
    guard remaining.allSatisfy({ $0.code == .doesNotFit || shared.contains($0.resource) }) else {
      return
    }
    let before = chip.copies.x * chip.copies.y
    var (number, last): (Int, (name: String, number: Int, fitting: Fitting)?) = (before, nil)
    while number < before * EditSearch.mostChips, last?.fitting.misses.isEmpty != true {
      number *= 2
      guard let name = try? ChipName("\(chip.alone.id):\(number)"),
        let more = try? chip.alone.joined(name.copies)
      else { break }
      let fitting = try Fitting(base, more, weightValues: facts, accepted: accepted)
      last = (more.id, number, fitting)
    }
    guard let last else { return }
    add(
      .chips, nil, "\(last.number) chips (--chip \(last.name))", ["--chip", last.name], last.fitting
    )
  }

  private static let mostChips = 64
}
