internal import SynapackBundle
internal import SynapackConvert
internal import SynapackPlace
internal import SynapackProgram
public import SynapackSupport

/// Places the program of an existing bundle on a chip.
public struct PlaceJob: Sendable {
  /// A name of ``Catalog/chips()`` or a YAML file.
  public let chip: String
  /// Codes of misses that are accepted; see ``Placer``.
  public let allowed: [String]
  public let search: PlacementSearch
  /// Threads that work on large meshes; they never change the result.
  public let threads: Int
  private let instruments: Instruments

  public init(
    chip: String, allowed: [String], search: PlacementSearch = PlacementSearch(),
    threads: Int = 1, instruments: Instruments
  ) {
    self.chip = chip
    self.allowed = allowed
    self.search = search
    self.threads = threads
    self.instruments = instruments
  }

  /// A bundle with its placement, or why there is none; `document` is `synapack.place/1` of either.
  public enum Outcome: Sendable {
    case placed(bytes: [UInt8], lines: [String], document: JSON)
    case refused(PackError, lines: [String], document: JSON)
  }

  /// - Parameter packs: whether the bytes are wanted; without them there are none.
  /// - Throws: `SYN0502` and `SYN0501` for the chip, what reading the bundle throws.
  public func run(
    _ path: String, packs: Bool = true, _ report: inout Report
  ) throws(PackError) -> Outcome {
    let chip = try ChipLibrary.chip(chip)
    try checkAllowed()
    let stored = try FoundFile.bundle(try MappedFile(path: path), &report)
    var bundle = stored.bundle
    let removed = (try? Recipe(stored: bundle.recipe).channelShare) ?? 0
    let start = instruments.now()
    let (outcome, isComplete) = try within(.file(path)) { () throws(PackError) in
      try search.run(instruments, &report) { (proceed) throws(PackError) in
        try Placer.outcome(
          bundle.program, on: chip, rates: PlaceJob.rates(of: bundle),
          accepted: Set(allowed.map(ErrorCode.init(rawValue:))),
          options: .init(threads: threads), cuts: .leastCost, removed: removed, proceed: proceed)
      }
    }
    let seconds = instruments.now() - start
    switch outcome {
    case .refused(let certificate):
      return .refused(
        certificate.error.at(.file(path)),
        lines: certificate.edits.map { edit in
          let cores = edit.cores.map { " on \($0) \($0 == 1 ? "core" : "cores")" } ?? ""
          return "tried: \(edit.text): "
            + (edit.remaining.map { "still, \($0)" } ?? "it fits\(cores)")
        },
        document: [
          "schema": "synapack.place/1", "chip": .string(chip.id), "status": "refused",
          "certificate": certificate.json, "isComplete": .bool(isComplete),
          "seconds": .number(seconds),
        ])
    case .placed(let placement):
      bundle.placement = placement
      let listing = PlacementListing(placement, bundle.program, chip)
      return .placed(
        bytes: packs ? try BundleWriter.bytes(of: bundle) : [], lines: listing.lines,
        document: listing.document(seconds: seconds, isComplete: isComplete))
    }
  }

  /// - Throws: `SYN0701` for a code that lets no placement pass.
  private func checkAllowed() throws(PackError) {
    try LossPolicy.checkCodes(allowed)
    let code = ErrorCode.missingNumber.rawValue
    guard let other = allowed.first(where: { $0 != code }) else { return }
    throw PackError(
      .badOption, "\(other) is no check that a placement can go without", at: .option("--allow"),
      hint: "only \(code) is, of numbers that nobody published")
  }

  /// The mean events that a neuron of each population sends in one inference: those of the
  /// placement that the bundle has, else those that were measured when it was made.
  static func rates(of bundle: Bundle) -> [Double] {
    if let placement = bundle.placement { return placement.rates }
    var measured: [String: Double] = [:]
    if case .object(let report)? = JSON(parsing: bundle.report),
      case .array(let layers)? = report["layers"]
    {
      for case .object(let layer) in layers {
        guard case .string(let name)? = layer["name"] else { continue }
        switch layer["spikeRate"] {
        case .number(let rate): measured[name] = rate
        case .integer(let rate): measured[name] = Double(rate)
        default: break
        }
      }
    }
    return bundle.program.populations.map { population in
      let clock = GatedProgram.clockTick(of: population).map { bundle.program.timesteps - $0 }
      let rate = (measured[population.name] ?? 0) * Double(bundle.program.timesteps)
      return clock.map(Double.init) ?? max(0, rate)
    }
  }
}
