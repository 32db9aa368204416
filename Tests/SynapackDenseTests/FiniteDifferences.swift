import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport

/// The derivatives of a weighted sum of a graph's outputs, by differences of its values.
///
///     L = Σ r·y,   D(h) = (L(x + h) − L(x − h)) / 2h,   ∂L/∂x ≈ (4·D(h/2) − D(h)) / 3
///
/// Richardson's step leaves an error of h⁴, so that h can be wide and the rounding of float32
/// values of about 1, some 10⁻⁷·√outputs / h, stays near 10⁻⁵. Kinks must be further than h away.
struct FiniteDifferences<P: Phase> {
  var graph: Graph<P>
  var inputs: [[Float]]
  let count: Int
  /// r, a factor for each value of the first output.
  let factors: [Float]
  let step: Float = 0x1p-6

  /// L, summed in double precision.
  func loss() throws -> Double {
    let output = graph.outputs[0]
    let values = try DenseNetwork(graph).run(inputs: inputs, count: count, keeping: [output])
    return zip(values[output] ?? [], factors).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// ∂L by one element of the weight of that name.
  func slope(weight name: String, at index: Int) throws -> Double {
    let tensor = try graph.weights.tensor(name)
    let values = tensor.floats()
    return try richardson(at: values[index]) { value in
      var changed = values
      changed[index] = value
      var draft = graph.draft
      draft.weights[name] = try Tensor(shape: tensor.shape, floats: changed)
      var copy = self
      copy.graph = try Graph<P>(verifying: draft)
      return try copy.loss()
    }
  }

  /// ∂L by one element of an input.
  func slope(input: Int, at index: Int) throws -> Double {
    try richardson(at: inputs[input][index]) { value in
      var copy = self
      copy.inputs[input][index] = value
      return try copy.loss()
    }
  }

  private func richardson(at value: Float, _ loss: (Float) throws -> Double) throws -> Double {
    func difference(_ step: Float) throws -> Double {
      // The step that float32 really took.
      let (upper, lower) = (value + step, value - step)
      return (try loss(upper) - loss(lower)) / (Double(upper) - Double(lower))
    }
    return (4 * (try difference(step / 2)) - (try difference(step))) / 3
  }
}

extension SeededGenerator {
  /// `count` numbers in −1 ..< 1, none nearer than 1/count to another or to 0, in any order.
  mutating func spaced(_ count: Int) -> [Float] {
    // An odd count would have a value at 0.
    let first: Float = count % 2 == 0 ? 1 : 2
    return (0..<count).map { (2 * Float($0) + first) / Float(count) - 1 }.shuffled(using: &self)
  }

  mutating func signed(_ count: Int) -> [Float] { (0..<count).map { _ in unitFloat() * 2 - 1 } }
}
