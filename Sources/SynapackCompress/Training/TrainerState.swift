internal import SynapackSupport

/// All that a training run depends on beside its inputs, so that it goes on to the same bits.
///
/// Batches and views are drawn from the seed and the number of the step alone: there is no random
/// state to keep.
struct TrainerState: Sendable, Equatable {
  var adam: Adam
  /// A running mean of the parameters, which checks look at too.
  var average: [[Float]]
  /// The parameters that did best in a check, and their loss there.
  var best: [[Float]] = []
  var bestLoss = Double.infinity
  /// The loss in the first check.
  var firstLoss = Double.infinity

  /// "SYNTRAIN" as a little-endian number.
  private static let magic: UInt64 = 0x4E49_4152_544E_5953
  private static let layout: UInt64 = 3

  /// The state as bytes: magic, layout, `run`, updates, losses of the best and of the
  /// first check, then every list with its count before it, numbers little-endian.
  ///
  /// - Parameter run: a number that tells runs of other inputs apart.
  func encoded(run: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ number: UInt64) {
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
      }
    }
    append(TrainerState.magic)
    append(TrainerState.layout)
    append(run)
    append(UInt64(adam.updates))
    append(bestLoss.bitPattern)
    append(firstLoss.bitPattern)
    for lists in [adam.parameters, adam.first, adam.second, average, best] {
      append(UInt64(lists.count))
      for list in lists {
        append(UInt64(list.count))
        for value in list {
          for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
          }
        }
      }
    }
    return bytes
  }

  /// Reads what ``encoded(run:)`` wrote for a run of the same parameters.
  ///
  /// - Throws: `SYN0803` where the bytes are damaged or belong to another run.
  init(_ bytes: [UInt8], like fresh: TrainerState, run: UInt64) throws(PackError) {
    var reader = Reader(bytes: bytes)
    guard try reader.number() == TrainerState.magic, try reader.number() == TrainerState.layout
    else { throw TrainerState.refusal("are no training state of this version") }
    guard try reader.number() == run else {
      throw TrainerState.refusal("belong to a run of other inputs or options")
    }
    let updates = try reader.number()
    guard updates <= UInt64(UInt32.max) else {
      throw TrainerState.refusal("count \(updates) steps")
    }
    let (loss, first) = (
      Double(bitPattern: try reader.number()), Double(bitPattern: try reader.number())
    )
    let sizes = fresh.adam.parameters.map(\.count)
    var lists: [[[Float]]] = []
    for _ in 0..<5 { lists.append(try reader.lists(sizes, mayBeEmpty: lists.count == 4)) }
    guard reader.isAtEnd else { throw TrainerState.refusal("go on after their end") }
    adam = Adam(lists[0])
    adam.first = lists[1]
    adam.second = lists[2]
    adam.updates = Int(updates)
    average = lists[3]
    best = lists[4]
    bestLoss = loss
    firstLoss = first
  }

  init(adam: Adam) {
    self.adam = adam
    average = adam.parameters
  }

  /// Takes the mean towards the parameters.
  ///
  ///     p̄ ← p̄ + (1 − min(δ, t/(t + 9)))·(p − p̄)
  ///
  /// δ: `averaging`; t: the number of updates. The first parameters weigh little this way.
  mutating func average(keeping averaging: Float) {
    guard averaging > 0 else {
      average = adam.parameters
      return
    }
    let updates = Float(adam.updates)
    let share = 1 - min(averaging, updates / (updates + 9))
    for list in average.indices {
      for index in average[list].indices {
        average[list][index] += share * (adam.parameters[list][index] - average[list][index])
      }
    }
  }

  static func refusal(_ message: String) -> PackError {
    PackError(
      .cannotResume, "the bytes \(message)",
      hint: "start the training anew, or resume with the inputs and options it began with")
  }

  private struct Reader {
    let bytes: [UInt8]
    var next = 0

    var isAtEnd: Bool { next == bytes.count }

    mutating func number() throws(PackError) -> UInt64 {
      guard let value = unsafe bytes.span.bytes.number(at: next, as: UInt64.self) else {
        throw TrainerState.refusal("end after \(bytes.count)")
      }
      next += 8
      return value
    }

    /// Lists of these sizes, or none where that is allowed.
    mutating func lists(_ sizes: [Int], mayBeEmpty: Bool) throws(PackError) -> [[Float]] {
      let count = try number()
      if count == 0, mayBeEmpty { return [] }
      guard count == UInt64(sizes.count) else { throw TrainerState.refusal("hold other weights") }
      var lists: [[Float]] = []
      for size in sizes {
        guard try number() == UInt64(size) else {
          throw TrainerState.refusal("hold weights of other sizes")
        }
        guard size <= (bytes.count - next) / 4 else {
          throw TrainerState.refusal("end after \(bytes.count)")
        }
        var list: [Float] = []
        list.reserveCapacity(size)
        for index in 0..<size {
          let pattern = unsafe bytes.span.bytes.number(at: next + 4 * index, as: UInt32.self)
          list.append(Float(bitPattern: pattern ?? 0))
        }
        next += 4 * size
        lists.append(list)
      }
      return lists
    }
  }
}
