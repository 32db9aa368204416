public import SynapackGraph
internal import SynapackSupport

/// A wire of a student that carries rates, and what an event of each of its neurons sets off.
public struct PricedWire: Sendable, Hashable {
  public var wire: WireID
  /// f: the synapses that an event of the neuron reaches.
  public var fanOut: [Float]

  public init(wire: WireID, fanOut: [Float]) {
    self.wire = wire
    self.fanOut = fanOut
  }
}

/// What a student's synaptic operations cost beside its errors.
///
///     S = λ · Σ_i f_i·|r_i| / A,      A = E[Σ_i f_i·|r_i|] before the first step
///
/// r: the rate of neuron i, of which a payload of several units counts as many, whatever it is sent as,
/// since a number of events has no slope; f: its fan-out; E: the mean over some inputs. S is λ for the student that
/// training begins with, whatever its size.
struct OperationPrice: Sendable {
  private let wires: [PricedWire]
  /// λ / A
  private let scale: Double

  /// Prices nothing.
  static let none = OperationPrice(wires: [], scale: 0)

  private init(wires: [PricedWire], scale: Double) {
    (self.wires, self.scale) = (wires, scale)
  }

  /// - Parameter values: what the wires carry before the first step, `count` samples.
  /// - Throws: `SYN0012` where a wire does not carry one value for each fan-out.
  init(
    _ wires: [PricedWire], weight: Float, values: [WireID: [Float]], count: Int
  ) throws(PackError) {
    let unpriced = OperationPrice(wires: wires, scale: 1)
    for priced in wires where values[priced.wire]?.count != count * priced.fanOut.count {
      throw PackError(
        .wrongDataShape, "a priced wire carries other neurons than its fan-outs are of",
        hint: "give one fan-out for each neuron of the wire")
    }
    let sum = unpriced.loss(values, count: count).loss
    self.init(
      wires: wires, scale: sum > 0 ? Double(weight) * Double(max(1, count)) / sum : 0)
  }

  /// The wires whose values are asked for.
  var names: Set<WireID> { Set(wires.map(\.wire)) }

  /// The sum over `count` samples, and its derivatives by the rates.
  func loss(
    _ values: [WireID: [Float]], count: Int
  ) -> (loss: Double, gradients: [WireID: [Float]]) {
    var loss = 0.0
    var gradients: [WireID: [Float]] = [:]
    for priced in wires {
      let rates = values[priced.wire] ?? []
      var gradient = [Float](repeating: 0, count: rates.count)
      for (index, rate) in rates.enumerated() {
        let price = Float(scale) * priced.fanOut[index % priced.fanOut.count]
        loss += Double(price) * Double(abs(rate))
        // A neuron that is silent cannot send less.
        gradient[index] = rate > 0 ? price : rate < 0 ? -price : 0
      }
      gradients[priced.wire] = gradient
    }
    return (loss, gradients)
  }
}
