import Testing

@testable import SynapackConvert

/// Every sample has one part, and what is judged was made from none of the judges.
struct SampleRolesTests {
  @Test func withoutJudgesEveryFourthSampleDecides() {
    let roles = SampleRoles.learning
    let parts = (0..<8).map { roles.role(of: $0) }
    #expect(parts == [.solves, .solves, .solves, .decides, .solves, .solves, .solves, .decides])
    #expect(roles.learners(8) == Array(0..<8) && roles.judges(8) == Array(0..<8))
  }

  @Test(arguments: [16, 17, 512]) func halfOfTheSamplesJudge(count: Int) {
    let roles = SampleRoles.judging(count)
    let (learners, judges) = (roles.learners(count), roles.judges(count))
    #expect((learners + judges).sorted() == Array(0..<count))
    #expect(abs(learners.count - judges.count) <= 1)
    // Files whose samples alternate have either kind among the judges.
    #expect(Set(judges.map { $0 % 2 }) == [0, 1] && Set(learners.map { $0 % 2 }) == [0, 1])
    let deciding = roles.samples(count) { $0 == .decides }
    #expect(Set(deciding).isSubset(of: learners))
    #expect(deciding.count == count / 8)
  }

  @Test func ofFewSamplesAllLearnAndJudge() {
    #expect(SampleRoles.judging(15).learners(15).count == 15)
    #expect(SampleRoles.judging(15).judges(15).count == 15)
    #expect(SampleRoles.judging(16).learners(16).count == 8)
  }
}
