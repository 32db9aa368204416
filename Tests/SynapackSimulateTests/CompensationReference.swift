import SynapackProgram
import SynapackTensor

/// A compensated population written straight from its equations: neuron by neuron, each looking
/// for its own group, in 128 bits, so that no bound of the program is taken on trust.
struct CompensationReference {
  let population: Population
  let compensation: Compensation
  let heard: Int
  let ticks: Int

  private var theta: [Int128] {
    population.thresholds.expanded(to: population.shape).map { Int128($0) }
  }

  func membranes(_ product: OperandProduct, totals: [[Int]]) -> [Int] {
    var v = Array(repeating: 0, count: population.shape.count)
    for p in 0..<product.batch {
      for i in 0..<product.rows {
        for j in 0..<product.columns {
          var sum: Int128 = 0
          for k in 0..<product.inner {
            let (l, r) = (product.left, product.right)
            sum +=
              Int128(totals[0][l.offset + p * l.perMatrix + i * l.perLine + k * l.perTerm])
              * Int128(totals[1][r.offset + p * r.perMatrix + j * r.perLine + k * r.perTerm])
          }
          let neuron =
            product.isColumnMajor
            ? p * product.columns * product.rows + j * product.rows + i
            : p * product.rows * product.columns + i * product.columns + j
          v[neuron] = Int(
            min(
              max(floor(sum, Int128(heard)), Int128(population.membrane.lowerBound)),
              Int128(population.membrane.upperBound)))
        }
      }
    }
    return v
  }

  func payloads(_ v: [Int], _ sent: inout [Int]) -> [Int] {
    v.indices.map { neuron in
      let owed: Int128
      let n = Int128(ticks)
      if case .identity = compensation.function {
        let step = Int128(heard) * theta[neuron]
        owed = floor(2 * n * Int128(v[neuron]) + step, 2 * step)
      } else {
        let y = min(max(value(neuron, v), -(1 << 40)), 1 << 40)
        owed = floor(n * y + 2_048, 4_096)
      }
      let s = Int(
        min(
          max(owed - Int128(sent[neuron]), Int128(compensation.payloads.lowerBound)),
          Int128(compensation.payloads.upperBound)))
      sent[neuron] += s
      return s
    }
  }

  private func value(_ neuron: Int, _ v: [Int]) -> Int128 {
    let step = Int128(heard) * theta[neuron]
    switch compensation.function {
    case .identity: return 0
    case .table(let table):
      let place = floor(Int128(v[neuron]), step) + Int128(table.origin)
      let i = min(max(place, 0), Int128(table.values.count - 2))
      let rest = Int128(v[neuron]) - (i - Int128(table.origin)) * step
      let (from, to) = (Int128(table.values[Int(i)]), Int128(table.values[Int(i) + 1]))
      return from + floor((to - from) * rest, step)
    case .normalization(let norm):
      let members = group(of: neuron, norm.axis)
      let xs = members.map { member in
        min(max(floor(Int128(v[member]) << norm.shift, theta[member]), -(1 << 24)), 1 << 24)
      }
      let count = Int128(xs.count)
      let mean = floor(2 * xs.reduce(0, +) + count, 2 * count)
      let squares = xs.reduce(Int128(0)) { $0 + ($1 - mean) * ($1 - mean) }
      let variance = max(
        1, floor(squares, count) + Int128(norm.epsilon) * Int128(heard) * Int128(heard))
      let own = xs[members.firstIndex(of: neuron) ?? 0] - mean
      let gain = Int128(norm.gains.expanded(to: population.shape)[neuron])
      let offset = Int128(norm.offsets.expanded(to: population.shape)[neuron])
      return floor(gain * own, root(variance)) + offset
    case .softmax(let softmax):
      let members = group(of: neuron, softmax.axis)
      let largest = members.map { v[$0] }.max() ?? 0
      func exponential(_ member: Int) -> Int128 {
        let step = Int128(heard) * theta[member]
        let below = Int128(largest - v[member])
        let k = below / step
        guard k < Int128(softmax.values.count - 1) else { return Int128(softmax.values.last ?? 0) }
        let (from, to) = (Int128(softmax.values[Int(k)]), Int128(softmax.values[Int(k) + 1]))
        return from + floor((to - from) * (below - k * step), step)
      }
      let sum = members.reduce(Int128(0)) { $0 + exponential($1) }
      return floor(exponential(neuron) * Int128(softmax.gain), sum)
    }
  }

  private func group(of neuron: Int, _ axis: GroupAxis) -> [Int] {
    guard let planes = population.shape.planes else { return [neuron] }
    let cells = planes.height * planes.width
    switch axis {
    case .channels: return (0..<planes.channels).map { $0 * cells + neuron % cells }
    case .row:
      let first = neuron / planes.width * planes.width
      return Array(first..<first + planes.width)
    }
  }

  private func floor(_ a: Int128, _ b: Int128) -> Int128 {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient
  }

  /// The largest number whose square is not above `value`, bit by bit.
  private func root(_ value: Int128) -> Int128 {
    var root: Int128 = 0
    for bit in stride(from: 62, through: 0, by: -1) {
      let next = root | 1 << bit
      if next * next <= value { root = next }
    }
    return root
  }
}
