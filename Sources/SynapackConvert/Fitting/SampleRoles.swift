/// What a fit does with each of its samples.
///
/// Weights are solved on most of them, and the strength of their ridge is decided on the others. Where
/// what was solved is to be judged too, every second sample is kept from all of that.
struct SampleRoles: Sendable {
  /// The part that a sample has.
  enum Role { case solves, decides, judges }

  /// Whether every second sample judges.
  let keepsJudges: Bool

  /// Fewer samples than this are too few to keep half of them for judging.
  static let fewest = 16

  /// Every sample solves or decides.
  static let learning = SampleRoles(keepsJudges: false)

  /// Half of `count` samples judge, where these are enough.
  static func judging(_ count: Int) -> SampleRoles { SampleRoles(keepsJudges: count >= fewest) }

  func role(of sample: Int) -> Role {
    guard keepsJudges else { return sample % 4 == 3 ? .decides : .solves }
    guard sample.isMultiple(of: 2) else { return .judges }
    return sample / 2 % 4 == 3 ? .decides : .solves
  }

  /// The samples that have any of some parts, of so many.
  func samples(_ count: Int, _ isWanted: (Role) -> Bool) -> [Int] {
    (0..<count).filter { isWanted(role(of: $0)) }
  }

  /// The samples that changes are judged on: all, where none are kept for that.
  func judges(_ count: Int) -> [Int] {
    samples(count) { $0 == .judges || !keepsJudges }
  }

  /// The samples that changes are solved on.
  func learners(_ count: Int) -> [Int] { samples(count) { $0 != .judges } }
}
