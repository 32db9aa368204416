import SynapackPlace
import SynapackSupport
import SynapackTensor
import Testing

@testable import Synapack

struct ResourceUseTests {
  private func placement(_ amounts: [[Int]]) -> Placement {
    Placement(
      chip: "generic-mesh", mesh: Extent(y: 1, x: amounts.count), slices: [], routes: [],
      resources: ["neurons", "unheard-of"],
      usage: amounts.enumerated().map { CoreUsage(core: $0, amounts: $1) }, rates: [],
      cost: PlacementCost(
        energy: nil, averageLatency: nil, maxLatency: nil, averageCongestion: 0, maxCongestion: 0,
        connectivity: 0, lowerBound: nil))
  }

  /// Of each resource the core that takes most, the first of two that take the same.
  @Test func theCoreThatTakesMostIsNamed() throws {
    let chip = try ChipLibrary.chip("generic-mesh")
    let uses = ResourceUse.all(placement([[7, 1], [512, 9], [512, 3]]), on: chip)
    #expect(uses.map(\.name) == ["neurons", "unheard-of"])
    #expect(uses.map(\.core) == [1, 1] && uses.map(\.amount) == [512, 9])
    #expect(uses[0].share == 0.5 && uses[1].share == nil)
  }

  /// Without the chip there are amounts alone; a core whose amounts are missing counts nothing.
  @Test func withoutTheChipThereAreNoShares() {
    let uses = ResourceUse.all(placement([[7], [3, 9]]), on: nil)
    #expect(uses.map(\.amount) == [7, 9] && uses.allSatisfy { $0.share == nil })
    #expect(ResourceUse.all(placement([]), on: nil).isEmpty)
  }
}
