/// The parameters of all populations as one stream, each value predicted from those before it.
///
/// With a and b the two values before it in its run, t the threshold and u the bias of the same
/// channel or neuron, o the value at its place in the last run of its kind, and |·| the number of
/// binary digits, the contexts are, each with the kind,
///
///     |a|    |t|    the population    |a| + |b|    u by sign and |u|    |o|
///
/// What is not there counts as 0: t and u while they are not coded themselves.
struct ParameterModel {
  /// In the order of the section; their numbers are part of the format.
  enum Kind: Int, CaseIterable {
    case thresholds, biases, initial, table, gains, offsets
  }

  private static let widest = 32
  private static let grades = 2 * widest + 1

  private var model = IntegerModel(widest: widest, contexts: Kind.allCases.count * grades)
  /// The last run of each kind.
  private var latest = [[Int32]](repeating: [], count: Kind.allCases.count)

  /// Codes one run in place; a decoder gives as many zeros.
  mutating func code<Coder: BinaryCoder>(
    _ run: inout [Int32], _ kind: Kind, population: Int, _ coder: inout Coder
  ) {
    for index in run.indices {
      let before = index > 0 ? run[index - 1].digits : 0
      let earlier = index > 1 ? run[index - 2].digits : 0
      let threshold = kind == .thresholds ? 0 : value(.thresholds, index)
      let bias = kind == .thresholds || kind == .biases ? 0 : value(.biases, index)
      enter(before, kind, at: 0)
      enter(threshold.digits, kind, at: 1)
      enter(min(population, 63), kind, at: 2)
      enter(before + earlier, kind, at: 3)
      enter(bias.grade(ParameterModel.widest), kind, at: 4)
      enter(value(kind, index).digits, kind, at: 5)
      run[index] = Int32(truncatingIfNeeded: model.code(Int64(run[index]), &coder))
    }
    latest[kind.rawValue] = run
  }

  private mutating func enter(_ context: Int, _ kind: Kind, at input: Int) {
    model.enter(kind.rawValue * ParameterModel.grades + context, at: input)
  }

  private func value(_ kind: Kind, _ index: Int) -> Int32 {
    let run = latest[kind.rawValue]
    return index < run.count ? run[index] : 0
  }
}
