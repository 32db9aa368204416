internal import SynapackHDF5
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One layer of a `netx` file: its group, after a `flatten` where planes meet a dense map.
struct LavaLayer {
  let groups: [HDF5Value]

  init(_ export: AxonExport, _ index: Int) throws(PackError) {
    let program = export.program
    let population = program.populations[index]
    try AxonChain.check(export, index, target: "lava")
    guard let connection = program.incoming(index).first else {
      throw LavaLayer.refused("there is a layer without connections")
    }
    try LavaLayer.checkRange(program, index)
    let weights = connection.synapses.weights
    guard weights.values.contains(where: { $0 != 0 }) else {
      throw PackError(
        .valueNotCarried, "netx cannot read a layer whose weights are all zero",
        hint: "take the layer out of the model")
    }
    let planes = program.shape(of: connection.source).planes ?? (1, 1, 1)
    var members = [
      HDF5Member("bias", LavaLayer.biases(population)),
      HDF5Member("neuron", LavaLayer.neuron(population)),
      HDF5Member("shape", LavaLayer.shape(population.shape)),
      HDF5Member(
        "weight", .integers(weights.values.map { Int($0) }, shape: weights.shape.dimensions)),
    ]
    var groups: [HDF5Value] = []
    switch connection.synapses {
    case .dense:
      members += [
        HDF5Member("inFeatures", .integers([weights.shape[1]], shape: [])),
        HDF5Member("outFeatures", .integers([weights.shape[0]], shape: [])),
        HDF5Member("type", .text("dense")),
      ]
      if index > 0, program.incoming(index - 1).contains(where: { $0.synapses.window != nil }) {
        let count = program.populations[index - 1].shape.count
        groups.append(
          .group([
            HDF5Member("shape", .integers([count], shape: [1])),
            HDF5Member("type", .text("flatten")),
          ]))
      }
    case .convolution(_, let window, let count):
      guard index == 0 || program.incoming(index - 1).contains(where: { $0.synapses.window != nil })
      else { throw LavaLayer.refused("there is a convolution after a dense layer") }
      members += try LavaLayer.window(window, planes, groups: count, weights)
    }
    groups.append(.group(members.sorted { $0.name < $1.name }))
    self.groups = groups
  }

  static func refused(_ message: String) -> PackError {
    AxonChain.refused(message, "lava")
  }

  /// [channels, rows, columns], or the number of neurons.
  static func shape(_ shape: Shape) -> HDF5Value {
    .integers(shape.dimensions, shape: [shape.rank])
  }

  private static func window(
    _ window: Window, _ planes: (channels: Int, height: Int, width: Int), groups: Int,
    _ weights: IntegerWeights
  ) throws(PackError) -> [HDF5Member] {
    let extent = Extent(y: planes.height, x: planes.width)
    guard window.isEven(over: extent) else {
      throw refused("the padding behind is not that in front")
    }
    func pair(_ y: Int, _ x: Int) -> HDF5Value { .integers([y, x], shape: [2]) }
    return [
      HDF5Member("dilation", pair(window.dilation.y, window.dilation.x)),
      HDF5Member("groups", .integers([groups], shape: [])),
      HDF5Member("inChannels", .integers([planes.channels], shape: [])),
      HDF5Member("kernelSize", pair(window.kernel.y, window.kernel.x)),
      HDF5Member("outChannels", .integers([weights.shape[0]], shape: [])),
      HDF5Member("padding", pair(window.padding.top, window.padding.left)),
      HDF5Member("stride", pair(window.stride.y, window.stride.x)),
      HDF5Member("type", .text("conv")),
    ]
  }

  private static func neuron(_ population: Population) -> HDF5Value {
    let fires = population.payloads != 0...0
    let threshold = fires ? Int(population.thresholds.values[0]) - 1 : Int(LavaTarget.largestState)
    let numbers = [
      ("gradedSpike", 0), ("iDecay", 4096), ("refDelay", 1), ("vDecay", 0), ("vThMant", threshold),
    ]
    return .group(
      (numbers.map { HDF5Member($0, .integers([$1], shape: [])) }
        + [HDF5Member("type", .text("CUBA"))]).sorted { $0.name < $1.name })
  }

  /// One a neuron; planes as [column, row, channel], which is how lava has them.
  private static func biases(_ population: Population) -> HDF5Value {
    let values = population.biases.expanded(to: population.shape).map { Int($0) }
    guard population.shape.rank > 1, let planes = population.shape.planes else {
      return .integers(values, shape: [values.count])
    }
    var turned: [Int] = []
    for column in 0..<planes.width {
      for row in 0..<planes.height {
        for channel in 0..<planes.channels {
          turned.append(values[(channel * planes.height + row) * planes.width + column])
        }
      }
    }
    return .integers(turned, shape: [planes.width, planes.height, planes.channels])
  }

  private static func checkRange(_ program: SpikingProgram, _ index: Int) throws(PackError) {
    let reach = MembraneReach.bounds(program)[index]
    let sum = try program.inputBounds()[index]
    let most = max(-reach.lowerBound, reach.upperBound, sum)
    guard most <= LavaTarget.largestState else {
      throw PackError(
        .saturationNotCarried,
        "a membrane or a sum could get to \(most), lava holds \(LavaTarget.largestState)",
        hint: RefusalAdvice.smaller(program, index, sum: most, limit: LavaTarget.largestState))
    }
  }
}

extension Synapses {
  /// How a convolution moves; a dense map has none.
  var window: Window? {
    switch self {
    case .dense: nil
    case .convolution(_, let window, _): window
    }
  }
}
