internal import SynapackSupport
internal import SynapackTensor

/// The limits that keep every step of a compensated neuron inside 64 bits.
///
/// With |v| < 2³¹, h ≤ T ≤ 2¹⁶ and h·θ ≤ 2³³ where a table is read:
///
///     table          |y| ≤ 2²⁸:      (y[i+1] − y[i])·r < 2²⁹·2³³ inside a piece, 2²⁹·2³² whole ones
///     normalization  |x| ≤ 2²⁴, D ≤ 2¹²:   Σ d² ≤ 2¹²·2⁵⁰,  ε·h² ≤ 2³⁰·2³²,  g·d ≤ 2³¹·2²⁵
///     softmax        e ≤ 2²⁴:        e·gain < 2⁵⁵,  Σ e ≤ 2²⁴·2²⁸
///     identity       n·v ≤ 2⁴⁷,      h·θ ≤ 2⁴⁷
///     all            n·Y ≤ 2¹⁶·2⁴⁰,  S ≤ 2¹⁶·2¹⁵
///     product        Σ_k |L|·|R| ≤ inner·(T·|s|)·(T·|s|) < 2⁶², checked below
extension SpikingProgram {
  static let largestTable = 4_097
  static let largestGroup = 4_096
  /// The most terms of a product, so that no count of them overflows.
  static let largestProduct = 1 << 34
  /// The largest T·θ where a table is read.
  public static let largestStep: Int64 = 1 << 33

  /// - Throws: `SYN0401` for structure, `SYN0402` for a value outside its limit, `SYN0403` where a
  ///   product of running sums could leave 62 bits.
  func verify(
    _ compensation: Compensation, of population: Population, at index: Int
  ) throws(PackError) {
    let payloads = compensation.payloads
    guard payloads.lowerBound <= 0, payloads.upperBound >= 1, payloads.lowerBound >= -32_767,
      payloads.upperBound <= 32_767
    else { throw malformed("payloads \(payloads)") }
    guard population.thresholds.values.allSatisfy({ $0 > 0 }) else {
      throw outside("a threshold that is not positive")
    }
    if case .product(let product) = compensation.drive {
      try verify(product, of: population, at: index)
    }
    try verify(compensation.function, of: population)
  }

  private func verify(
    _ function: CompensatedFunction, of population: Population
  ) throws(PackError) {
    switch function {
    case .identity: break
    case .table(let table):
      try verifyTable(table.values, in: -(1 << 28)...(1 << 28), population)
      guard (0..<table.values.count).contains(table.origin) else {
        throw malformed("a table whose origin is knot \(table.origin)")
      }
    case .normalization(let norm):
      guard (1...SpikingProgram.largestGroup).contains(population.groupSize(norm.axis)) else {
        throw malformed("a normalization over \(population.groupSize(norm.axis)) neurons")
      }
      guard norm.gains.fits(population.shape), norm.offsets.fits(population.shape) else {
        throw malformed("gains or offsets that do not fit \(population.shape)")
      }
      guard (0...16).contains(norm.shift), (0...(1 << 30)).contains(norm.epsilon) else {
        throw outside("a normalization with shift \(norm.shift) and epsilon \(norm.epsilon)")
      }
    case .softmax(let softmax):
      try verifyTable(softmax.values, in: 0...(1 << 24), population)
      guard softmax.gain > 0, let first = softmax.values.first, first > 0 else {
        throw outside("a softmax with gain \(softmax.gain) or without a value at 0")
      }
    }
  }

  private func verifyTable(
    _ values: [Int32], in range: ClosedRange<Int32>, _ population: Population
  ) throws(PackError) {
    guard (2...SpikingProgram.largestTable).contains(values.count) else {
      throw malformed("a table of \(values.count) values")
    }
    guard values.allSatisfy(range.contains) else {
      throw outside("a value of a table lies outside \(range)")
    }
    let largest = Int64(population.thresholds.values.max() ?? 1)
    guard largest * Int64(timesteps) <= SpikingProgram.largestStep else {
      throw outside("a step of \(largest) for a table that \(timesteps) ticks can read")
    }
  }

  private func verify(
    _ product: OperandProduct, of population: Population, at index: Int
  ) throws(PackError) {
    let sizes = [product.batch, product.rows, product.columns, product.inner]
    guard sizes.allSatisfy({ $0 >= 1 }),
      let lines = product.batch.times(product.rows), let count = lines.times(product.columns),
      count == population.shape.count, let terms = count.times(product.inner),
      terms <= SpikingProgram.largestProduct
    else {
      throw malformed("a product of \(sizes) for \(population.shape)")
    }
    guard !connections.contains(where: { $0.target == index }),
      population.biases.values.allSatisfy({ $0 == 0 })
    else { throw malformed("connections or biases beside a product") }
    var reach = Int64(product.inner)
    for (operand, lines) in [(product.left, product.rows), (product.right, product.columns)] {
      guard (0..<index).contains(operand.source) else {
        throw malformed("an operand in population \(operand.source)")
      }
      guard let last = operand.last(product.batch, lines, product.inner),
        last < populations[operand.source].shape.count
      else { throw malformed("an operand that leaves its population") }
      let payloads = populations[operand.source].payloads
      let most = Int64(max(-payloads.lowerBound, payloads.upperBound))
      guard let next = reach.times(most * Int64(timesteps)), next < 1 << 62 else {
        throw PackError(
          .accumulatorOverflow, "a product of running sums could leave 62 bits",
          hint: "lower the payload range or the timesteps")
      }
      reach = next
    }
  }

  private func outside(_ message: String) -> PackError {
    PackError(.valueOutsideWidth, message, hint: "make the bundle again from its model")
  }
}

extension Operand {
  /// The largest index that is read; `nil` where a number is negative or overflows.
  func last(_ batch: Int, _ lines: Int, _ inner: Int) -> Int? {
    guard offset >= 0, perMatrix >= 0, perLine >= 0, perTerm >= 0,
      let matrices = (batch - 1).times(perMatrix), let lines = (lines - 1).times(perLine),
      let terms = (inner - 1).times(perTerm)
    else { return nil }
    return offset.adding(matrices)?.adding(lines)?.adding(terms)
  }
}

extension Population {
  /// The neurons of one group along `axis`.
  public func groupSize(_ axis: GroupAxis) -> Int {
    let planes = shape.planes ?? (0, 0, 0)
    switch axis {
    case .channels: return planes.channels
    case .row: return planes.width
    }
  }
}
