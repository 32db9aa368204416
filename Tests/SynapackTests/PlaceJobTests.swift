import Synapack
import SynapackBundle
import SynapackPlace
import SynapackPolicy
import SynapackSupport
import TestSupport
import Testing

@Suite struct PlaceJobTests {
  private func document(_ job: PlaceJob, codes: [ErrorCode] = []) throws -> JSON {
    var report = Report()
    defer { #expect(report.findings.map(\.code) == codes) }
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
    for (number, job) in ended.enumerated() {
      let isComplete = number == 2
      let document = try document(job, codes: isComplete ? [] : [.searchEnded])
      guard case .object(let fields) = document else {
        Issue.record("the document is no object")
        continue
      }
      #expect(fields["status"] == .string("placed"))
      #expect(fields["coresUsed"] == .integer(1))
      #expect(fields["isComplete"] == .bool(isComplete))
    }
  }

  /// The name with the number of chips is stored, and every reader finds the chip by it.
  @Test func severalChipsAreStoredByNameAndValidated() throws {
    var report = Report()
    let job = PlaceJob(chip: "generic-mesh:2", allowed: [], instruments: .still)
    let outcome = try job.run(Fixtures.path("bundles/v1/full.synapack"), &report)
    guard case .placed(let bytes, let lines, let document) = outcome else {
      Issue.record("the bundle was not placed")
      return
    }
    #expect(document.member("chip") == .string("generic-mesh:2x1"))
    #expect(document.member("coresInAll") == .integer(512))
    #expect(
      document.member("chips")
        == ["across": 2, "down": 1, "used": 1, "eventsBetween": .number(0)])
    #expect(lines.contains { $0.contains("1 of 2 chips; 0") })
    let stored = try BundleReader.read(bytes, &report)
    #expect(stored.bundle.placement?.chip == "generic-mesh:2x1")
    let one = try Chips.named("generic-mesh")
    let many = try Chips.named("generic-mesh:2x1")
    // None given, the one chip, and as many.
    for chip in [nil, one, many] {
      let checks = try Validation.checks(stored, on: chip, threads: 1, report)
      #expect(checks.allSatisfy { $0.findings.isEmpty }, "\(chip?.id ?? "none")")
    }
    let other = try Chips.named("generic-mesh:3x1")
    let checks = try Validation.checks(stored, on: other, threads: 1, report)
    #expect(!checks.allSatisfy { $0.findings.isEmpty })
  }

  @Test func chipsThatAreNotJoinedAreRefusedAtTheOption() throws {
    for code in ["SYN0506", "SYN0001"] {
      var report = Report()
      let job = PlaceJob(chip: "generic-mesh", allowed: [code], instruments: .still)
      let error = #expect(throws: PackError.self) {
        try job.run(Fixtures.path("bundles/v1/full.synapack"), &report)
      }
      #expect(error?.code == .badOption && error?.message.contains(code) == true)
    }
    for chip in ["speck2f:2", "generic-mesh:0", "generic-mesh:2x", "no-such:2"] {
      let job = PlaceJob(chip: chip, allowed: [], instruments: .still)
      var report = Report()
      let error = #expect(throws: PackError.self) {
        try job.run(Fixtures.path("bundles/v1/full.synapack"), &report)
      }
      #expect(error?.code == .unknownChip, "\(chip)")
    }
    var report = Report()
    let near = #expect(throws: PackError.self) {
      try PlaceJob(chip: "loihi", allowed: [], instruments: .still).run(
        Fixtures.path("bundles/v1/full.synapack"), &report)
    }
    #expect(near?.hint.hasPrefix("did you mean `loihi1`?") == true, "\(near?.hint ?? "")")
  }
}
