internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackTensor

/// The state of a compensated population and its tick; see ``Compensation`` for every symbol.
///
/// Neurons lie channels last, as everywhere in the simulator; operands row-major, as the program
/// states their strides. The limits that verification holds a program to keep every step in range.
struct CompensatedNeurons {
  enum Side: CaseIterable {
    case left
    case right
  }

  private let compensation: Compensation
  private let thresholds: [Int32]
  private let membrane: ClosedRange<Int32>
  private let channels: Int
  private let plane: Extent
  private var function: GroupFunction
  /// S of every neuron.
  private var sent: [Int64]
  /// Y of every neuron.
  private var values: [Int64]
  /// L and R.
  private var sums: [Side: [Int64]] = [:]
  private let sources: [Side: (channels: Int, cells: Int)]

  init(_ compensation: Compensation, _ population: CompiledPopulation, _ shape: Shape) {
    self.compensation = compensation
    thresholds = population.thresholds
    membrane = population.membrane
    channels = population.channels
    plane = population.plane
    function = GroupFunction(population, shape)
    sent = Array(repeating: 0, count: population.count)
    values = sent
    var sources: [Side: (channels: Int, cells: Int)] = [:]
    for (side, shape) in zip(Side.allCases, population.operandShapes) {
      let planes = shape.planes ?? (0, 0, 0)
      sources[side] = (planes.channels, planes.height * planes.width)
      sums[side] = Array(repeating: 0, count: shape.count)
    }
    self.sources = sources
  }

  mutating func hear(_ side: Side, _ events: ArraySlice<synapack_event>) {
    guard let cells = sources[side]?.cells else { return }
    for event in events {
      sums[side]?[Int(event.channel) * cells + Int(event.position)] += Int64(event.payload)
    }
  }

  /// Sends what n ticks of the running result owe, h of the sources' ticks having been heard.
  mutating func send(
    _ payloads: inout [Int16], from membranes: inout [Int32], heard: Int, ticks: Int
  ) {
    let (h, n) = (Int64(heard), Int64(ticks))
    if case .product(let product) = compensation.drive { multiply(product, h, &membranes) }
    if case .identity = compensation.function {
      for index in values.indices {
        let divisor = h * Int64(thresholds[index])
        let owed = (2 * n * Int64(membranes[index]) + divisor).flooredDivision(by: 2 * divisor)
        payloads[index] = send(owed, index)
      }
      return
    }
    function.evaluate(membranes, thresholds, h, &values)
    let half: Int64 = 1 << Int64(Compensation.fractionBits - 1)
    for index in values.indices {
      let value = min(max(values[index], -(1 << 40)), 1 << 40)
      payloads[index] = send((n * value + half) >> Int64(Compensation.fractionBits), index)
    }
  }

  /// s = clip(A − S, lower, upper);  S ← S + s
  private mutating func send(_ owed: Int64, _ index: Int) -> Int16 {
    let (lower, upper) = (
      Int64(compensation.payloads.lowerBound), Int64(compensation.payloads.upperBound)
    )
    let payload = min(max(owed - sent[index], lower), upper)
    sent[index] += payload
    return Int16(truncatingIfNeeded: payload)
  }

  /// v ← clamp(⌊Σ_k L[k]·R[k] / h⌋)
  private func multiply(_ product: OperandProduct, _ h: Int64, _ membranes: inout [Int32]) {
    guard let left = sums[.left], let right = sums[.right] else { return }
    let (floor, ceiling) = (Int64(membrane.lowerBound), Int64(membrane.upperBound))
    let cells = plane.y * plane.x
    for matrix in 0..<product.batch {
      for row in 0..<product.rows {
        for column in 0..<product.columns {
          var l = product.left.first(matrix, line: row)
          var r = product.right.first(matrix, line: column)
          var sum: Int64 = 0
          for _ in 0..<product.inner {
            sum += left[l] * right[r]
            l += product.left.perTerm
            r += product.right.perTerm
          }
          let neuron =
            product.isColumnMajor
            ? (matrix * product.columns + column) * product.rows + row
            : (matrix * product.rows + row) * product.columns + column
          membranes[neuron % cells * channels + neuron / cells] = Int32(
            truncatingIfNeeded: min(max(sum.flooredDivision(by: h), floor), ceiling))
        }
      }
    }
  }
}

extension Operand {
  fileprivate func first(_ matrix: Int, line: Int) -> Int {
    offset + matrix * perMatrix + line * perLine
  }
}

extension Int64 {
  /// ⌊self / divisor⌋ for a positive divisor.
  func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
