internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

extension InputEncoding {
  /// The least and the largest payload, for loaders to hold a sample to.
  var payloadsJSON: JSON {
    .array([.integer(payloads.lowerBound), .integer(payloads.upperBound)])
  }
}

/// How the numbers of a sample become the payloads of an input, as every export tells it.
struct InputWords {
  let program: SpikingProgram
  /// From a data file's numbers to those that are encoded, as `--preprocess` states it.
  let preprocess: String

  private var encoding: InputEncoding { program.input.encoding }

  /// One line: the rule of ``InputEncoding``.
  static func rule(_ encoding: InputEncoding) -> String {
    switch encoding {
    case .constantCurrent(_, _, let scale):
      "round(x / \(scale)), ties to even, limited to this range"
    case .poisson(_, let scale, let seed):
      "drawn by the host with probability |x| / \(scale) and seed \(seed), tick after tick"
    case .events(_, _, let scale):
      "round(x / \(scale)) of each tick, ties to even, limited to this range"
    }
  }

  /// The section of a README, with a function that makes the frames of a sample.
  var section: String {
    let shape = program.input.shape.dimensions.map(String.init).joined(separator: " × ")
    let range = encoding.payloads
    return """

      ## From numbers to payloads

      The input `\(CText.comment(program.input.name))` has \(shape) neurons, row-major.
      A payload is \(width), \(range.lowerBound) to \(range.upperBound):
      \(InputWords.rule(encoding)).
      \(origin)

      ```python
      import numpy

      SCALE, TICKS = numpy.float32("\(encoding.scale)"), \(program.inputTicks)

      \(function)
      ```

      """
  }

  private var width: String {
    switch encoding {
    case .constantCurrent(let bits, let isSigned, _), .events(let bits, let isSigned, _):
      "a whole number of \(bits) bits, \(isSigned ? "signed" : "unsigned")"
    case .poisson(let isSigned, _, _):
      isSigned ? "a spike with a sign or none" : "a spike or, also where x is negative, none"
    }
  }

  /// Where x comes from. Texts of a bundle stand in a README only where they cannot end their quotes.
  private var origin: String {
    let isPlain = preprocess.unicodeScalars.allSatisfy {
      (32..<127).contains($0.value) && $0 != "`"
    }
    guard !preprocess.isEmpty, isPlain else {
      return "x is what the model takes, after its own preprocessing."
    }
    return "x is what the model takes: the data's numbers after `\(preprocess)`."
  }

  private var function: String {
    let range = encoding.payloads
    switch encoding {
    case .constantCurrent:
      return """
        # The payloads [ticks, neurons] of one sample of numbers [neurons]: the same in every tick.
        def frames(x):
            levels = numpy.rint(numpy.asarray(x, numpy.float32).reshape(1, -1) / SCALE)
            payloads = numpy.clip(levels, \(range.lowerBound), \(range.upperBound)).astype(int)
            return payloads.repeat(TICKS, axis=0)
        """
    case .events:
      return """
        # The payloads [ticks, neurons] of one sample of numbers [ticks, neurons].
        def frames(x):
            levels = numpy.rint(numpy.asarray(x, numpy.float32).reshape(TICKS, -1) / SCALE)
            return numpy.clip(levels, \(range.lowerBound), \(range.upperBound)).astype(int)
        """
    case .poisson(_, _, let seed):
      return """
        # The payloads [ticks, neurons] of one sample of numbers [neurons].
        def frames(x):
            x, word = numpy.asarray(x, numpy.float32).ravel(), numpy.uint64
            share = numpy.minimum(abs(x) / SCALE, numpy.float32(1))
            level = numpy.rint(share * numpy.float32(65536)).astype(word)
            sign = numpy.clip(numpy.sign(x), \(range.lowerBound), \(range.upperBound)).astype(int)
            # Sixteen bits of SplitMix64's finalizer over the seed, the tick and the neuron.
            tick = numpy.arange(TICKS, dtype=word)[:, None]
            counter = tick << word(40) ^ numpy.arange(x.size, dtype=word)
            z = word(\(seed)) + (counter + word(1)) * word(0x9E3779B97F4A7C15)
            z = (z ^ z >> word(30)) * word(0xBF58476D1CE4E5B9)
            z = (z ^ z >> word(27)) * word(0x94D049BB133111EB)
            return numpy.where((z ^ z >> word(31)) >> word(48) < level, sign, 0)
        """
    }
  }
}
