internal import SynapackProgram

/// The records and scores of conformance vectors as one stream. The checksums are as good as
/// random, so their bits are coded as they are.
///
/// Of the spikes the difference d from the tick before is coded, in the contexts of d one tick
/// ago, the population, the tick with the spikes before, those spikes alone, d of this tick in
/// the vector before, and d of this tick in the population before; of the payload what it has
/// above the spikes, less that of the tick before. All differences are modulo 2⁶⁴.
struct RecordModel {
  private static let widest = 64
  /// A difference by its grade of at most 20 digits.
  private static let grades = 41

  private var spikes = IntegerModel(widest: widest, contexts: 8 * 65)
  private var excess = IntegerModel(widest: widest, contexts: 1)
  private var scores = IntegerModel(widest: widest, contexts: 65)
  /// The vector before, where there is one.
  private var before: ConformanceVector?

  /// Codes one vector's scores and records in place; a decoder gives as many zeros.
  mutating func code<Coder: BinaryCoder>(
    _ vector: inout ConformanceVector, _ coder: inout Coder
  ) {
    code(&vector.scores, &coder)
    for population in vector.populations.indices {
      var records = vector.populations[population]
      let above = population > 0 ? vector.populations[population - 1] : []
      code(&records, above, population, &coder)
      vector.populations[population] = records
    }
    before = vector
  }

  /// In the contexts of the score before, its own number and its value in the vector before.
  private mutating func code<Coder: BinaryCoder>(_ values: inout [Int64], _ coder: inout Coder) {
    for index in values.indices {
      scores.enter(index > 0 ? values[index - 1].digits : 0, at: 0)
      scores.enter(min(index, 64), at: 1)
      scores.enter(before?.scores[index].digits ?? 0, at: 2)
      values[index] = scores.code(values[index], &coder)
    }
  }

  private mutating func code<Coder: BinaryCoder>(
    _ records: inout [TickRecord], _ above: [TickRecord], _ population: Int,
    _ coder: inout Coder
  ) {
    let other = before?.populations[population]
    var (last, lastExcess) = (0, 0)
    for tick in records.indices {
      let previous = tick > 0 ? records[tick - 1].spikes : 0
      spikes.enter(last.grade(20), at: 0)
      spikes.enter(min(population, 63) * 2 + (tick == 0 ? 1 : 0), at: 1)
      spikes.enter(min(tick, 7) * 65 + previous.digits, at: 2)
      spikes.enter(previous.digits, at: 3)
      let past = other.map { RecordModel.difference($0, tick).grade(20) + RecordModel.grades } ?? 20
      spikes.enter(past, at: 4)
      spikes.enter(RecordModel.difference(above, tick).grade(20), at: 5)
      last = Int(truncatingIfNeeded: spikes.code(Int64(records[tick].spikes &- previous), &coder))
      let extra = records[tick].payload &- records[tick].spikes &- lastExcess
      lastExcess &+= Int(truncatingIfNeeded: excess.code(Int64(extra), &coder))
      records[tick].spikes = previous &+ last
      records[tick].payload = records[tick].spikes &+ lastExcess
      records[tick].membraneChecksum = plain(records[tick].membraneChecksum, &coder)
    }
  }

  /// The spikes of a tick less those of the tick before; 0 where there is no such tick.
  private static func difference(_ records: [TickRecord], _ tick: Int) -> Int {
    guard tick < records.count else { return 0 }
    return records[tick].spikes &- (tick > 0 ? records[tick - 1].spikes : 0)
  }

  /// 32 bits, highest first, each as likely set as clear.
  private func plain<Coder: BinaryCoder>(_ word: UInt32, _ coder: inout Coder) -> UInt32 {
    var coded: UInt32 = 0
    for shift in (0..<32).reversed() {
      let bit = coder.code(word >> UInt32(shift) & 1 != 0, probability: 1 << 15)
      coded = coded << 1 | (bit ? 1 : 0)
    }
    return coded
  }
}
