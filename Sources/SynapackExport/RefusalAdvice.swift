internal import SynapackProgram
internal import SynapackSupport

/// The one action that a refusal names: an option of `convert` that changes what was refused, chosen by
/// the program.
enum RefusalAdvice {
  /// For a threshold or membrane of a layer, or what one tick brings it, that is beyond a limit.
  ///
  /// Such sums grow with the payloads of the input and with the weights: as many bits of a current go
  /// first as the sum is too wide by, spikes take the place of a current that would be left with few, and
  /// then bits of the weights go.
  static func smaller(
    _ program: SpikingProgram, _ index: Int, sum: Int64, limit: Int64
  ) -> String {
    let excess = bits(sum) - bits(limit)
    let incoming = program.incoming(index)
    if case .constantCurrent(let bits, _, _) = program.input.encoding, bits > 2,
      incoming.contains(where: { $0.source == .input })
    {
      let rest = bits - max(1, excess)
      // One tick is too few for spikes to say how large a number is.
      return program.timesteps == 1 || rest >= RefusalAdvice.fewBits
        ? again("input-bits", max(2, rest)) : again("input", "poisson")
    }
    let width = (incoming.map(\.weightBits).min() ?? 0) - max(1, excess)
    guard width >= 2 else {
      return "use fewer inputs a neuron in the model, or another target of `synapack export --list`"
    }
    return again("weight-bits", width)
  }

  /// Bits of a current that say more of a number than spikes do in a few ticks.
  private static let fewBits = 4

  /// For weights that do not fit a range.
  static func weights(_ program: SpikingProgram, _ index: Int, in range: ClosedRange<Int>) -> String
  {
    let width = bits(Int64(min(range.upperBound, -range.lowerBound)))
    let isJoin = program.incoming(index).count > 1
    return again("weight-bits", width) + (isJoin ? " and `--shortcut-bits \(width)`" : "")
  }

  /// For biases that do not fit a range.
  static func biases(in range: ClosedRange<Int32>) -> String {
    again("bias-bits", max(4, bits(Int64(min(range.upperBound, -range.lowerBound)))))
  }

  /// For payloads of the input that a target does not take.
  static func input(_ payloads: ClosedRange<Int>, _ capability: Capability) -> String {
    guard payloads.lowerBound >= capability.inputs.lowerBound else {
      return "export to a target that takes negative inputs, such as `c`"
    }
    let advice = capability.advice.first { ["input", "input-bits"].contains($0.option) }
    return again(advice?.option ?? "input", advice?.value ?? "poisson")
  }

  /// For operators that neurons compute: the targets that carry them.
  static var operators: String {
    let able = ExportTargets.all.filter { $0.capability.carries(.compensation) }.map {
      "`\($0.id)`"
    }
    return
      "export to \(able.joined(separator: " or ")), or a network without normalizations, softmax and "
      + "attention"
  }

  /// For anything that is refused of a program whose windows are opened by clocks: chips that carry its
  /// neurons rarely carry its gates, and a schedule of their own needs none.
  static func gates(_ capability: Capability) -> String {
    guard !capability.schedules.contains(.staggered), let first = capability.schedules.first else {
      return "convert again without `--gated`"
    }
    return "convert again without `--gated`, and with `--schedule \(first.rawValue)`"
  }

  private static func again(_ option: String, _ value: some CustomStringConvertible) -> String {
    "convert again with `--\(option) \(value)`"
  }

  /// The bits of a number of both signs of this size.
  private static func bits(_ value: Int64) -> Int {
    Int64.bitWidth - Int64(clamping: value.magnitude).leadingZeroBitCount + 1
  }
}

extension SpikingProgram {
  /// Whether populations hear nobody and fire: the clocks of a gated program.
  var hasClocks: Bool {
    populations.indices.contains { index in
      guard case .integrateAndFire = populations[index].model else { return false }
      return incoming(index).isEmpty
    }
  }
}
