/// A neuron that computes an operator on running means: expectation compensation.
///
/// An operator f that is not linear cannot be applied to single payloads. This neuron applies it
/// to the mean of what it heard and sends what the running result still owes. With h ≥ 1 the ticks
/// in which the last of its sources has been heard, at most T, and n ≥ 1 the ticks of its own
/// window, the present one included in both:
///
///     v ← clamp(v + Σ w·s_in + b)             its membrane is a running sum: no leak, no reset
///     v ← clamp(⌊Σ_k L[k]·R[k] / h⌋)           in place of it, where a product drives the neuron
///     Y = f(v; h, θ)                          in steps of 2⁻¹² of a payload, held in ±2⁴⁰
///     A = ⌊(n·Y + 2¹¹) / 2¹²⌋                  what n ticks should have sent
///     s = clip(A − S, lower, upper);  S ← S + s
///
/// v / h is the mean input; L, R: the sums of the payloads that the operands' neurons sent so far;
/// S: the sum of the neuron's own payloads, 0 at first; θ: the neuron's threshold, whose meaning
/// each ``CompensatedFunction`` states. Divisions round toward −∞. Everything is exact in 64 bits
/// by the limits that ``SpikingProgram/verify()`` holds the program to.
///
/// Source: Huang et al., "Towards high-performance spiking transformers from ANN to SNN
/// conversion", ACM Multimedia 2024 (expectation compensation: s(t) = t·f(A(t)/t) −
/// (t − 1)·f(A(t − 1)/(t − 1))), in integers and with payloads that make up for what was clipped.
public struct Compensation: Sendable, Hashable {
  public var payloads: ClosedRange<Int>
  public var drive: Drive
  public var function: CompensatedFunction

  public init(payloads: ClosedRange<Int>, drive: Drive, function: CompensatedFunction) {
    self.payloads = payloads
    self.drive = drive
    self.function = function
  }

  /// Y counts steps of 2⁻¹² of a payload.
  public static let fractionBits = 12

  /// The populations whose running sums are multiplied.
  public var operands: [Int] {
    switch drive {
    case .synapses: []
    case .product(let product): [product.left.source, product.right.source]
    }
  }
}

/// What moves the membrane of a compensated neuron.
public enum Drive: Sendable, Hashable {
  /// Connections, as for any neuron.
  case synapses
  /// The running sums of two populations; there are no connections and no biases.
  case product(OperandProduct)
}

/// f of a compensated neuron.
public enum CompensatedFunction: Sendable, Hashable {
  /// A = ⌊n·v / (h·θ) + 1/2⌋, exact. θ: membrane units of a payload.
  case identity
  /// Y by a table of straight pieces. θ: membrane units of one step of the table.
  case table(FunctionTable)
  case normalization(MeanNormalization)
  case softmax(SoftmaxTable)

  public var name: String {
    switch self {
    case .identity: "identity"
    case .table: "table"
    case .normalization: "normalization"
    case .softmax: "softmax"
    }
  }
}

/// A function by its values at evenly spaced knots.
///
///     i = clip(⌊v / (h·θ)⌋ + origin, 0, N − 1)      r = v − (i − origin)·h·θ
///     Y = y[i] + ⌊(y[i + 1] − y[i])·r / (h·θ)⌋
///
/// y[0 … N]: the values; N: pieces. Outside the knots the outermost pieces go on.
public struct FunctionTable: Sendable, Hashable {
  /// N + 1 values, at least 2, each in ±2²⁸.
  public var values: [Int32]
  /// The index of the knot that stands for 0.
  public var origin: Int

  public init(values: [Int32], origin: Int) {
    self.values = values
    self.origin = origin
  }
}

/// Neurons that belong together: those of one cell over all channels, or of one row of a plane.
public enum GroupAxis: String, Sendable, Hashable, CaseIterable {
  case channels
  case row
}

/// Normalization of a group by its own mean and variance.
///
///     x_i = clip(⌊v_i·2^shift / θ_i⌋, −2²⁴, 2²⁴)     μ = ⌊(2·Σ x + D) / (2·D)⌋     d_i = x_i − μ
///     V = max(1, ⌊Σ d² / D⌋ + ε·h²)                  Y_i = ⌊g_i·d_i / ⌊√V⌋⌋ + o_i
///
/// i: the D ≤ 4 096 neurons of a group; θ_i: membrane units of one common unit of the group; ε: what
/// is added to the variance of a tick, in the square of the unit of x; g, o: gain and offset in
/// steps of Y.
///
/// Source of the operator: Ba et al., "Layer normalization", 2016, eq. 3 and 4.
public struct MeanNormalization: Sendable, Hashable {
  public var axis: GroupAxis
  /// 0 … 16
  public var shift: Int
  /// 0 … 2³⁰
  public var epsilon: Int32
  public var gains: Parameter
  public var offsets: Parameter

  public init(
    axis: GroupAxis, shift: Int, epsilon: Int32, gains: Parameter, offsets: Parameter
  ) {
    self.axis = axis
    self.shift = shift
    self.epsilon = epsilon
    self.gains = gains
    self.offsets = offsets
  }
}

/// Shares of a group by the exponentials of its values.
///
///     u_i = max_j v_j − v_i        k = ⌊u_i / (h·θ_i)⌋        r = u_i − k·h·θ_i
///     e_i = y[k] + ⌊(y[k + 1] − y[k])·r / (h·θ_i)⌋ for k < N, else y[N]
///     Y_i = ⌊e_i·gain / Σ_j e_j⌋
///
/// y[0 … N]: the table of e⁻ˣ at x = 0, step, 2·step, …; θ_i: membrane units of a step; gain: Y of a
/// share of 1.
public struct SoftmaxTable: Sendable, Hashable {
  public var axis: GroupAxis
  /// N + 1 values, at least 2, each in 0 … 2²⁴ and the first above 0.
  public var values: [Int32]
  /// 1 … 2³¹ − 1
  public var gain: Int32

  public init(axis: GroupAxis, values: [Int32], gain: Int32) {
    self.axis = axis
    self.values = values
    self.gain = gain
  }
}

/// The product of two stacks of matrices of running sums.
///
///     Σ[p, i, j] = Σ_k L[p, i, k]·R[p, k, j]        p < batch, i < rows, j < columns, k < inner
///
/// Neuron (p·rows + i)·columns + j has Σ[p, i, j]; with `isColumnMajor`, neuron
/// (p·columns + j)·rows + i.
public struct OperandProduct: Sendable, Hashable {
  public var batch: Int
  public var rows: Int
  public var columns: Int
  public var inner: Int
  public var isColumnMajor: Bool
  public var left: Operand
  public var right: Operand

  public init(
    batch: Int, rows: Int, columns: Int, inner: Int, isColumnMajor: Bool, left: Operand,
    right: Operand
  ) {
    self.batch = batch
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.isColumnMajor = isColumnMajor
    self.left = left
    self.right = right
  }

  /// The multiplications of one tick, of a verified program.
  public var multiplications: Int { batch * rows * columns * inner }
}

/// Where the sums of an operand lie among the neurons of its population, counted row-major.
///
///     L[p, i, k] = neuron offset + p·perMatrix + i·perLine + k·perTerm
///
/// and R[p, k, j] likewise with j in place of i. Strides are not negative and may be 0.
public struct Operand: Sendable, Hashable {
  /// The index of the population.
  public var source: Int
  public var offset: Int
  public var perMatrix: Int
  public var perLine: Int
  public var perTerm: Int

  public init(source: Int, offset: Int, perMatrix: Int, perLine: Int, perTerm: Int) {
    self.source = source
    self.offset = offset
    self.perMatrix = perMatrix
    self.perLine = perLine
    self.perTerm = perTerm
  }
}
