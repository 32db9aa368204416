internal import SynapackGraph
internal import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Local response normalization along the channels.
///
///     y[c] = x[c]·F(E[c]),  F(E) = (bias + α/n·E)^−β,  E[c] = Σ_{j ∈ N(c)} x[j]²
///     x̄[c] = g[c]·F(E[c]) + 2·x[c] · Σ_{d : c ∈ N(d)} g[d]·x[d]·F′(E[d])
///     F′(E) = −β·α/n · (bias + α/n·E)^(−β−1)
///
/// N(c): the neighbours of channel c; n: their number as the operator states it. All values stand
/// at one place of the plane.
struct ResponseGradient: GradientKernel {
  private let op: LocalResponseNormalization
  private let channels: Int
  private let plane: Int

  init(_ op: LocalResponseNormalization, _ input: Shape) {
    self.op = op
    channels = input[0]
    plane = input.count / max(1, input[0])
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var values = Array(repeating: Float(0), count: node.gradient.count)
    let (input, gradient) = (node.inputs[0], node.gradient)
    let (beta, share) = (Double(op.beta), Double(op.alpha) / Double(op.size))
    var column = Array(repeating: 0.0, count: channels)
    for sample in 0..<node.count {
      for place in 0..<plane {
        let first = sample * channels * plane + place
        for c in 0..<channels { column[c] = 0 }
        for d in 0..<channels {
          let (x, g) = (Double(input[first + d * plane]), Double(gradient[first + d * plane]))
          let neighbours = op.neighbours(of: d, channels: channels)
          var base = Double(op.bias)
          for j in neighbours {
            let value = Double(input[first + j * plane])
            base += share * value * value
          }
          column[d] += g * pow(base, -beta)
          let slope = -beta * share * pow(base, -beta - 1)
          for c in neighbours { column[c] += 2 * Double(input[first + c * plane]) * g * x * slope }
        }
        for c in 0..<channels { values[first + c * plane] = Float(column[c]) }
      }
    }
    return NodeGradients(inputs: [values])
  }
}
