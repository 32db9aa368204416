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

  /// Runs a search that tells how far it has come and asks whether it goes on. That it was ended is
  /// noted in `report`: no other run need come to the same placement.
  ///
  /// - Returns: what `work` returns, and whether it was left to come to its end.
  func run<Result>(
    _ instruments: Instruments, _ report: inout Report,
    _ work: (@escaping (MeshProgress) -> Bool) throws(PackError) -> Result
  ) throws(PackError) -> (result: Result, isComplete: Bool) {
    let start = instruments.now()
    var end: String?
    let result = try work { progress in
      let hops = progress.hops.map { ": \(SignificantDigits.rounded($0, 5)) events × hops" }
      instruments.progress("place (\(progress.phase))\(hops ?? "")", 0, 1)
      // Nothing is left to end.
      guard progress.phase != MeshProgress.done else { return true }
      if isInterrupted() { end = "by an interrupt" }
      if let maxSeconds, instruments.now() - start >= maxSeconds {
        end = end ?? "after \(SignificantDigits.rounded(maxSeconds, 5)) seconds, as was asked"
      }
      return end == nil
    }
    if let end {
      report.add(
        Finding(
          .searchEnded, .warning,
          "the search was ended \(end): what is told is what was found by then, and a longer "
            + "search may find better"))
    }
    return (result, end == nil)
  }
}
