internal import SynapackProgram
internal import SynapackSupport

/// The section of conformance vectors under codec 2: the palettes of the inputs, then each vector.
extension ModelledSection {
  static func conformance(
    _ vectors: [ConformanceVector], of program: SpikingProgram
  ) -> [UInt8]? {
    let form = ConformanceForm(program)
    guard !vectors.isEmpty, let size = form.bytes(ofVectors: vectors.count),
      size / 4 <= BundleLimits.modelledValues
    else { return nil }
    var encoder = BinaryEncoder()
    var coded = vectors
    let palettes = form.palettes(of: vectors)
    guard code(&coded, palettes, form, &encoder) else { return nil }
    return encoder.finish()
  }

  /// The raw section.
  ///
  /// - Parameter count: its bytes, from which the count of vectors follows.
  /// - Throws: `SYN0607` for a stream that does not fit the program.
  static func conformance(
    _ stream: [UInt8], for program: SpikingProgram, count: Int
  ) throws(PackError) -> [UInt8] {
    let form = ConformanceForm(program)
    guard let size = form.bytesOfVector, size > 0, count > 8 else {
      throw refusal("no vectors in \(count) bytes")
    }
    let vectors = (count - 8) / size
    try check(
      form.bytes(ofVectors: vectors), is: count, values: count / 4)
    var coded = [ConformanceVector](repeating: form.empty, count: vectors)
    var decoder = BinaryDecoder(stream)
    let palettes = [Palette](repeating: Palette(), count: form.grid.palettes)
    guard code(&coded, palettes, form, &decoder) else {
      throw refusal("a palette that leaves the range of payloads")
    }
    try finish(decoder)
    return try ConformanceSection.bytes(of: coded, for: program)
  }

  /// Codes all vectors in place.
  ///
  /// - Returns: false where the stream holds no palette.
  private static func code<Coder: BinaryCoder>(
    _ vectors: inout [ConformanceVector], _ given: [Palette], _ form: ConformanceForm,
    _ coder: inout Coder
  ) -> Bool {
    var palettes = given
    // A gap between payloads has as many digits as their range.
    var gaps = IntegerModel(widest: 18, contexts: 65)
    for index in palettes.indices {
      guard palettes[index].code(&gaps, within: form.payloads, &coder) else { return false }
    }
    var inputs = InputModel(grid: form.grid)
    var records = RecordModel()
    for index in vectors.indices {
      for start in stride(from: 0, to: form.inputs, by: max(1, form.grid.cells)) {
        inputs.code(&vectors[index].input, from: start, palettes, &coder)
      }
      records.code(&vectors[index], &coder)
    }
    return true
  }
}

extension ConformanceForm {
  fileprivate var grid: InputGrid { InputGrid(inputShape) }

  /// A vector of zeros.
  fileprivate var empty: ConformanceVector {
    let record = TickRecord(spikes: 0, payload: 0, membraneChecksum: 0)
    return ConformanceVector(
      input: Array(repeating: 0, count: inputs),
      populations: ticks.map { Array(repeating: record, count: $0) },
      scores: Array(repeating: 0, count: scores))
  }

  /// The payloads that occur in each channel, or in all of many channels.
  fileprivate func palettes(of vectors: [ConformanceVector]) -> [Palette] {
    let plane = grid.height * grid.width
    return (0..<grid.palettes).map { channel in
      var seen: Set<Int32> = []
      for vector in vectors {
        for (index, payload) in vector.input.enumerated()
        where grid.palettes == 1 || index / plane % grid.channels == channel {
          seen.insert(payload)
        }
      }
      return Palette(of: seen)
    }
  }
}
