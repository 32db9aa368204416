internal import SynapackGraph
internal import SynapackTensor

/// Local response normalization along the channels.
struct DenseResponse: DenseKernel {
  private let op: LocalResponseNormalization
  private let channels: Int
  private let plane: Int

  init(_ op: LocalResponseNormalization, _ input: Shape) {
    self.op = op
    channels = input[0]
    plane = input.count / max(1, input[0])
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let input = arguments[0]
    let source = input.span
    var result = input
    var target = result.mutableSpan
    var energy = Array(repeating: 0.0, count: plane)
    for sample in 0..<count {
      for channel in 0..<channels {
        for place in energy.indices { energy[place] = 0 }
        for other in op.neighbours(of: channel, channels: channels) {
          let start = (sample * channels + other) * plane
          for place in 0..<plane {
            let value = Double(source[start + place])
            energy[place] += value * value
          }
        }
        let start = (sample * channels + channel) * plane
        for place in 0..<plane { target[start + place] *= op.factor(energy: energy[place]) }
      }
    }
    return result
  }
}
