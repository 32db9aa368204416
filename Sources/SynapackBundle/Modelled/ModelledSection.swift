internal import SynapackProgram
internal import SynapackSupport

/// Codec 2: the values of a section, each coded with the probability that a model gives it.
///
/// Unlike a zlib stream this one follows from the values alone, so there is one for each content.
enum ModelledSection {
  /// The stream of a section, which `program` and `vectors` must fit; `nil` where the codec has
  /// none for it.
  static func stream(
    of type: SectionType, _ program: SpikingProgram, _ vectors: [ConformanceVector]
  ) -> [UInt8]? {
    switch type {
    case .weights: weights(of: program)
    case .neurons: neurons(of: program)
    case .conformance: conformance(vectors, of: program)
    case .manifest, .placement, .recipe, .report: nil
    }
  }

  /// Whether the codec may stand for a section.
  static func isDefined(for type: SectionType?) -> Bool {
    switch type {
    case .weights, .neurons, .conformance: true
    case .manifest, .placement, .recipe, .report, nil: false
    }
  }

  /// - Throws: `SYN0607` where the stream ends early or holds bytes that nothing asked for.
  static func finish(_ decoder: BinaryDecoder) throws(PackError) {
    guard decoder.isConsumed else {
      throw refusal(
        decoder.isExhausted ? "the stream ends early" : "bytes behind the end of the stream")
    }
  }

  /// - Throws: `SYN0607` where the section would hold another count of bytes, or more values than
  ///   a reader has to bear.
  static func check(
    _ bytes: Int?, is stated: Int, values: Int
  ) throws(PackError) {
    guard bytes == stated, values <= BundleLimits.modelledValues else {
      throw refusal("\(values) values of \(stated) bytes")
    }
  }

  static func refusal(_ message: String) -> PackError {
    PackError(.malformedSection, message, hint: "make the bundle again from its model")
  }
}
