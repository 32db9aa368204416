/// What a demand is asked of.
public enum DemandScope: String, Sendable, Hashable, CaseIterable {
  /// One core with all that lies on it.
  case core
  /// One layer: a population with the connections that lead to it.
  case layer
  /// The neuron of a layer that asks for most.
  case neuron
  /// The whole program.
  case chip
}

/// What demands may speak of; each word belongs to one or more scopes.
public enum DemandVariable: String, Sendable, Hashable, CaseIterable {
  /// Neurons on the core, of the layer, or of the program.
  case neurons
  /// Neurons on the core, each once for every core that hears it: the copies of a neuron where each
  /// reaches one core.
  case senders
  /// Distinct source neurons over all slices of the core; the input port counts none.
  case inAxons = "in_axons"
  /// Paths from a source neuron to a neuron, weights of zero included.
  case synapses
  /// Σ over these paths of their weight's declared bits.
  case synapseBits = "synapse_bits"
  /// The widest weight.
  case weightBits = "weight_bits"
  /// Slices on the core.
  case slices
  /// Weights where a kernel is kept once for each slice or layer.
  case storedWeights = "stored_weights"
  /// Σ over the stored weights of their declared bits.
  case storedWeightBits = "stored_weight_bits"
  /// The same of convolutions alone.
  case kernelWeightBits = "kernel_weight_bits"
  /// Within `sum(axons, …)`: the synapses of one source neuron with one slice, over one connection.
  case axonSynapses = "axon_synapses"

  /// Channels that arrive, summed over the layer's connections; a dense layer is a convolution
  /// whose kernel is as large as what arrives.
  case c
  /// Channels of the layer.
  case f
  /// The kernel's columns and rows, the largest of the layer's connections.
  case kx, ky
  /// The stride along columns and rows, the largest of the layer's connections.
  case sx, sy
  /// Padding along columns and rows, the largest of either side.
  case px, py
  /// The dilation along columns and rows.
  case dx, dy
  case groups
  /// Columns and rows of what arrives at the weights, behind any pooling.
  case ix, iy
  /// Columns and rows of the layer.
  case ox, oy
  /// The sum-pooling before the weights along columns and rows; 1 for none.
  case poolX = "pool_x"
  case poolY = "pool_y"
  /// 1 where any neuron has a bias, else 0.
  case hasBias = "has_bias"
  /// 1 where every connection is a matrix, else 0.
  case isDense = "is_dense"
  /// 1 where the input port leads to the layer, else 0.
  case hearsInput = "hears_input"
  /// Neurons that arrive over all connections, behind any pooling.
  case arriving
  /// The connections that lead to the layer.
  case sources
  /// The layers that hear the layer.
  case destinations
  /// The largest payload that the layer sends.
  case payload
  /// T.
  case timesteps

  /// Synapses that lead to the neuron.
  case fanIn = "fan_in"
  /// Synapses that lead from the neuron.
  case fanOut = "fan_out"
  /// Cores that hear the neuron; known once the cores are filled.
  case destinationCores = "destination_cores"
  /// Distinct weights of the neuron that are not zero.
  case weightValues = "weight_values"

  /// Cores in use; known once they are filled.
  case cores
  /// Layers of the program.
  case layers
  /// Neurons of all layers but the one that is read out.
  case hidden
  /// Neurons of the layer that is read out.
  case outputs
  /// Neurons of the input port.
  case inputs
  /// Neurons of the layers that hear the input port.
  case firstHidden = "first_hidden"
  /// Neurons that the layer that is read out hears.
  case lastHidden = "last_hidden"
  /// Synapses between hidden layers.
  case hiddenSynapses = "hidden_synapses"
  /// Synapses that lead to the layer that is read out.
  case outputSynapses = "output_synapses"

  /// Where the word has a meaning.
  var scopes: [DemandScope] {
    switch self {
    case .neurons, .synapses, .weightBits: [.core, .layer, .chip]
    case .synapseBits, .storedWeights, .storedWeightBits: [.core, .layer]
    case .senders, .inAxons, .slices, .axonSynapses, .kernelWeightBits: [.core]
    case .fanIn, .weightValues: [.layer, .neuron]
    case .fanOut, .destinationCores: [.neuron]
    case .timesteps: [.layer, .chip]
    case .cores, .layers, .hidden, .outputs, .inputs, .firstHidden, .lastHidden, .hiddenSynapses,
      .outputSynapses:
      [.chip]
    case .c, .f, .kx, .ky, .sx, .sy, .px, .py, .dx, .dy, .groups, .ix, .iy, .ox, .oy, .poolX,
      .poolY, .hasBias, .isDense, .hearsInput, .arriving, .sources, .destinations, .payload:
      [.layer]
    }
  }

  static func names(in scope: DemandScope) -> [String] {
    allCases.filter { $0.scopes.contains(scope) }.map(\.rawValue)
  }
}

/// What `sum(LIST, …)` goes over.
public enum DemandList: String, Sendable, Hashable, CaseIterable {
  /// The source neurons of a core, each with what it has there.
  case axons
  /// The connections of a layer; the words of a layer then speak of one connection.
  case connections

  var scope: DemandScope {
    switch self {
    case .axons: .core
    case .connections: .layer
    }
  }
}

/// What `distinct(SET)` counts the different values of.
public enum DemandSet: String, Sendable, Hashable, CaseIterable {
  case thresholds
  case biases

  var scopes: [DemandScope] { [.core, .layer] }
}

/// Values for what a demand speaks of.
public protocol DemandValues: Sendable {
  func value(_ variable: DemandVariable) -> Double
  func distinct(_ set: DemandSet) -> Double
  /// The members of a list, each with how many there are of its kind.
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)]
}
