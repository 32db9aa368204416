import Synapack
import SynapackSupport
import TestSupport
import Testing

@Suite struct PlaceJobTests {
  private func document(_ job: PlaceJob) throws -> JSON {
    var report = Report()
    let outcome = try job.run(Fixtures.path("bundles/v1/full.synapack"), &report)
    guard case .placed(let bytes, _, let document) = outcome else {
      Issue.record("the bundle was not placed")
      return .null
    }
    #expect(!bytes.isEmpty)
    return document
  }

  /// A search that ends at once, by time or by the user, still gives a placement that is valid.
  @Test func anEndedSearchStillPlaces() throws {
    let ended = [
      PlaceJob(
        chip: "generic-mesh", allowed: [], search: PlacementSearch(maxSeconds: 0),
        instruments: .still),
      PlaceJob(
        chip: "generic-mesh", allowed: [], search: PlacementSearch(isInterrupted: { true }),
        instruments: .still),
      PlaceJob(chip: "generic-mesh", allowed: [], instruments: .still),
    ]
    for job in ended {
      let document = try document(job)
      guard case .object(let fields) = document else {
        Issue.record("the document is no object")
        continue
      }
      #expect(fields["status"] == .string("placed"))
      #expect(fields["coresUsed"] == .integer(1))
    }
  }
}
