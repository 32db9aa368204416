internal import SynapackSupport

/// What a fit does with each of its samples.
///
/// Weights are solved on most of them, and the strength of their ridge is decided on the others. Where
/// what was solved is to be judged too, one sample of every two is kept from all of that: which one is
/// mixed, as files that alternate between classes or views would otherwise judge by what was never learned.
struct SampleRoles: Sendable {
  /// The part that a sample has.
  enum Role { case solves, decides, judges }

  /// Whether one sample of every two judges.
  let keepsJudges: Bool

  /// Fewer samples than this are too few to keep half of them for judging.
  static let fewest = 16

  /// Every sample solves or decides.
  static let learning = SampleRoles(keepsJudges: false)

  /// Half of `count` samples judge, where these are enough.
  static func judging(_ count: Int) -> SampleRoles { SampleRoles(keepsJudges: count >= fewest) }

  func role(of sample: Int) -> Role {
    guard keepsJudges else { return sample % 4 == 3 ? .decides : .solves }
    let pair = sample / 2
    var mixed = SeededGenerator(seed: UInt64(pair))
    let judge = mixed.next() % 2
    guard sample % 2 != Int(judge) else { return .judges }
    return pair % 4 == 3 ? .decides : .solves
  }

  /// The samples that have any of some parts, of so many.
  func samples(_ count: Int, _ isWanted: (Role) -> Bool) -> [Int] {
    (0..<count).filter { isWanted(role(of: $0)) }
  }

  /// Whether changes are judged on a sample: on every one, where none are kept for that.
  func isJudge(_ sample: Int) -> Bool { !keepsJudges || role(of: sample) == .judges }

  /// The samples that changes are judged on.
  func judges(_ count: Int) -> [Int] { (0..<count).filter(isJudge) }

  /// The samples that changes are solved on.
  func learners(_ count: Int) -> [Int] { samples(count) { $0 != .judges } }
}
