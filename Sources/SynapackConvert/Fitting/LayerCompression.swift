public import SynapackDense
public import SynapackSupport

/// Makes the weights of a layer small while its fit knows what they are for.
///
/// The fit hands over each block of weights as soon as it is solved, with the sums that say how much
/// a change costs; lowering takes the weights that come back as they are. So everything behind the
/// layer is fitted to what the compressed weights really give.
public protocol LayerCompression: Sendable {
  /// The weights of one block, on a grid and with zeros.
  func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows
}

/// One block of weights: rows X, one an output channel, that are to lie on a grid.
///
///     cost(X̂) = Σ_o (x̂_o − x_o) (H + λ_o·h·I) (x̂_o − x_o)ᵀ
///
/// H: the sums of ``NormalEquations`` over what the sources really send; λ_o: the ridge that the
/// held-out samples chose for the row; h: the mean of H's diagonal.
public struct CompressionProblem: Sendable {
  /// The population.
  public var name: String
  /// X, [outputs × columns], in the unit of the source network; the last column is the bias.
  public var rows: [Float]
  public var outputs: Int
  public var columns: Int
  /// H; `nil` where nobody knows what the layer is for.
  public var equations: NormalEquations?
  /// λ of each row.
  public var ridges: [Float]
  /// What a payload of each column but the last stands for: a level of the grid of row o is
  /// q_o / worth.
  public var worth: [Float]
  /// The neuron or channel that each column but the last is a weight of, by a number of its own.
  public var sources: [Int]
  /// Whether all rows have one q.
  public var sharesUnit: Bool
  /// What the unit of each row is at least, for its bias and threshold to fit their widths; none
  /// where it may be anything.
  public var leastUnits: [Float]

  public init(
    name: String, rows: [Float], outputs: Int, columns: Int, equations: NormalEquations?,
    ridges: [Float], worth: [Float], sources: [Int]? = nil, sharesUnit: Bool,
    leastUnits: [Float] = []
  ) {
    self.sources = sources ?? Array(worth.indices)
    self.leastUnits = leastUnits
    self.name = name
    self.rows = rows
    self.outputs = outputs
    self.columns = columns
    self.equations = equations
    self.ridges = ridges
    self.worth = worth
    self.sharesUnit = sharesUnit
  }
}

extension CompressionProblem {
  /// What the unit of a row is at least.
  public func leastUnit(_ row: Int) -> Float { leastUnits[row, default: 0] }
}

/// Rows on their grids.
public struct CompressedRows: Sendable {
  /// [outputs × columns], the bias free.
  public var rows: [Float]
  /// q of each row: the worth of one level of a weight, in the unit of the source network a payload.
  public var units: [Float]

  public init(rows: [Float], units: [Float]) {
    self.rows = rows
    self.units = units
  }
}
