import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

@Suite struct MatchingTests {
  /// Whether any assignment of the items takes no kind more often than it has places.
  private func exists(_ allowed: ArraySlice<[Int]>, _ places: [Int]) -> Bool {
    guard let first = allowed.first else { return true }
    return first.contains { kind in
      guard places[kind] > 0 else { return false }
      var rest = places
      rest[kind] -= 1
      return exists(allowed.dropFirst(), rest)
    }
  }

  @Test(arguments: [UInt64](1...300))
  func theMatchingIsExactAndItsRefusalAProof(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let places = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      Int.random(in: 0...3, using: &random)
    }
    let allowed = (0..<Int.random(in: 0...7, using: &random)).map { _ in
      places.indices.filter { _ in Bool.random(using: &random) }
    }
    let matching = Matching(allowed: allowed, places: places)
    #expect((matching.kinds != nil) == exists(allowed[...], places), "seed \(seed)")
    if let kinds = matching.kinds {
      #expect(zip(kinds, allowed).allSatisfy { $1.contains($0) })
      for kind in places.indices { #expect(kinds.count { $0 == kind } <= places[kind]) }
    } else if let violation = matching.violation {
      // Hall: the items may take these kinds alone, and there are fewer places.
      let reached = Set(violation.items.flatMap { allowed[$0] })
      #expect(reached.isSubset(of: violation.kinds))
      #expect(violation.places == violation.kinds.reduce(0) { $0 + places[$1] })
      #expect(violation.items.count > violation.places, "seed \(seed)")
    } else {
      Issue.record("seed \(seed): neither a matching nor a proof")
    }
  }
}
