internal import SynapackPlace
public import SynapackSupport

/// When a search for places ends before it is done, with the best placement so far.
public struct PlacementSearch: Sendable {
  /// Seconds of searching; `nil` for no limit.
  public var maxSeconds: Double?
  /// Whether the user wants the search to end now.
  public var isInterrupted: @Sendable () -> Bool

  public init(
    maxSeconds: Double? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.maxSeconds = maxSeconds
    self.isInterrupted = isInterrupted
  }

  /// - Throws: `SYN0701` for seconds that are no time.
  public func check() throws(PackError) {
    guard let maxSeconds, !(maxSeconds >= 0) else { return }
    throw PackError(
      .badOption, "\(maxSeconds) seconds", at: .option("--max-seconds"),
      hint: "give 0 or more seconds, or leave it out")
  }

  /// What a placer asks on its way: tells how far it has come, and says whether it goes on.
  func proceed(_ instruments: Instruments) -> (MeshProgress) -> Bool {
    let start = instruments.now()
    return { progress in
      let hops = SignificantDigits.rounded(progress.hops, 5)
      instruments.progress("place (\(progress.phase)): \(hops) events × hops", 0, 1)
      return !isInterrupted() && maxSeconds.map { instruments.now() - start < $0 } ?? true
    }
  }
}
