internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The conformance vectors as bytes; see `schemas/bundle.md`.
enum ConformanceSection {
  /// - Throws: `SYN0607` where a vector does not have the shape that its program gives it.
  static func bytes(
    of vectors: [ConformanceVector], for program: SpikingProgram
  ) throws(PackError) -> [UInt8] {
    let form = ConformanceForm(program)
    var out = ByteWriter()
    out.put(int: vectors.count)
    for vector in vectors {
      guard vector.input.count == form.inputs, vector.scores.count == form.scores,
        vector.populations.map(\.count) == form.ticks
      else { throw refusal("a conformance vector that does not fit its program") }
      out.put(int: vector.input.count)
      for value in vector.input { out.put(value) }
      out.put(int: vector.scores.count)
      for value in vector.scores { out.put(value) }
      for records in vector.populations {
        out.put(int: records.count)
        for record in records {
          out.put(int: record.spikes)
          out.put(int: record.payload)
          out.put(record.membraneChecksum)
        }
      }
    }
    return out.bytes
  }

  static func read(
    _ bytes: [UInt8], for program: SpikingProgram
  ) throws(PackError) -> [ConformanceVector] {
    let form = ConformanceForm(program)
    var reader = ByteReader(bytes)
    // A vector holds three counts at least, so a short section cannot ask for many.
    let count = try reader.count(ofElements: 16)
    var vectors: [ConformanceVector] = []
    for _ in 0..<count { vectors.append(try vector(&reader, form)) }
    try reader.finish()
    return vectors
  }

  private static func vector(
    _ reader: inout ByteReader, _ form: ConformanceForm
  ) throws(PackError) -> ConformanceVector {
    let inputs = try reader.count(ofElements: 4)
    var vector = ConformanceVector(input: [], populations: [], scores: [])
    for _ in 0..<inputs { vector.input.append(try reader.i32()) }
    let scores = try reader.count(ofElements: 8)
    for _ in 0..<scores { vector.scores.append(try reader.i64()) }
    guard inputs == form.inputs, scores == form.scores,
      vector.input.allSatisfy({ form.payloads.contains(Int($0)) })
    else {
      throw reader.refusal(
        "\(inputs) inputs in \(form.payloads) and \(scores) scores do not fit the program")
    }
    for ticks in form.ticks {
      let count = try reader.count(ofElements: ConformanceForm.recordBytes)
      guard count == ticks else { throw reader.refusal("\(count) records for \(ticks) ticks") }
      var records: [TickRecord] = []
      for _ in 0..<count {
        records.append(
          TickRecord(
            spikes: try reader.int(), payload: Int(try reader.i64()),
            membraneChecksum: try reader.u32()))
      }
      vector.populations.append(records)
    }
    return vector
  }

  private static func refusal(_ message: String) -> PackError {
    PackError(
      .malformedSection, message, at: .section(SectionType.conformance.name),
      hint: "make the bundle again from its model")
  }
}
