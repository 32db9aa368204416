import SynapackSupport
@testable import SynapackTrust
import Testing

/// What a test result says is what is read of it, and half a statement is refused.
struct TestResultTests {
  private let digest = Digest(of: [1])

  private func statement(_ members: [String: JSON]) -> JSON {
    [
      "_type": "https://in-toto.io/Statement/v1",
      "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
      "subject": .array([["name": "x", "digest": ["sha256": .string(digest.description)]]]),
      "predicate": .object(members.merging(["result": "PASSED"]) { first, _ in first }),
    ]
  }

  @Test func theDayAndTheWaiversAreSigned() throws {
    let key = SigningKey()
    let waivers = ["a", "b"].map {
      UsedWaiver(rule: $0, note: WaiverNote(reason: "r", owner: "o", expires: "2027-01-31"))
    }
    let result = TestResult(
      outcome: .warned, passed: ["p"], failOn: "error", day: "2026-11-01", waivers: waivers)
    let text = try result.text(name: "x", digest: digest, key: key)
    #expect(try TestResult.verified(text, digest: digest, key: key.verifyingKey) == result)
  }

  @Test func aStatementOfAnotherToolHasNeither() throws {
    let result = try TestResult.read(statement([:]), digest: digest)
    #expect(result.day == nil && result.waivers.isEmpty)
  }

  @Test(arguments: ["rule", "reason", "owner", "expires"])
  func aWaiverThatLacksAWordIsRefused(missing: String) throws {
    var members: [String: JSON] = ["rule": "a", "reason": "r", "owner": "o", "expires": "e"]
    let whole = statement(["synapackWaivers": .array([.object(members)])])
    #expect(try TestResult.read(whole, digest: digest).waivers.count == 1)
    members[missing] = nil
    let part = statement(["synapackWaivers": .array([.object(members)])])
    let error = #expect(throws: PackError.self) { try TestResult.read(part, digest: digest) }
    #expect(error?.code == .malformedSignature)
  }
}
