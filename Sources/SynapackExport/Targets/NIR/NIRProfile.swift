internal import SynapackProgram

/// What one reader of NIR files makes of them: the same file means another network elsewhere.
///
/// Held against sinabs 3.1.3, SpikingJelly 2.0.0, norse 1.1.0, snnTorch 1.0.0 and Rockpool 3.1.0,
/// which read with nir 1.0.8.
enum NIRProfile: String, CaseIterable {
  /// What the NIR paper defines and nothing else: v̇ = R·I, v > θ is a spike and sets v to v_reset.
  case strict = ""
  case norse, rockpool, sinabs, snntorch, spikingjelly

  var target: String { self == .strict ? "nir" : "nir-\(rawValue)" }

  var reader: String {
    switch self {
    case .strict: "nir 1.0.8"
    case .norse: "norse 1.1.0"
    case .rockpool: "Rockpool 3.1.0"
    case .sinabs: "sinabs 3.1.3"
    case .snntorch: "snnTorch 1.0.0"
    case .spikingjelly: "SpikingJelly 2.0.0"
    }
  }

  /// Resets that the reader's neurons do, with the loader where NIR itself cannot say it.
  var resets: [Reset] {
    switch self {
    case .rockpool, .sinabs: [.subtract]
    case .spikingjelly: [.subtract, .zero]
    case .strict, .norse, .snntorch: [.zero]
    }
  }

  /// R of a neuron that adds its input to v in one tick of the reader's step.
  var resistance: Float { self == .spikingjelly ? 1e4 : 1 }

  /// The seconds of a tick in which a reader's neurons do what NIR writes: Rockpool's do something else.
  var step: Float? {
    switch self {
    case .strict, .norse, .sinabs: 1
    case .snntorch, .spikingjelly: 1e-4
    case .rockpool: nil
    }
  }

  /// What is taken off θ where the reader fires above the threshold, not at it.
  var thresholdShift: Float {
    switch self {
    case .strict, .norse, .snntorch: 0.5
    case .rockpool, .sinabs, .spikingjelly: 0
    }
  }

  var sharing: ThresholdSharing {
    switch self {
    case .spikingjelly, .snntorch: .perLayer
    case .strict, .norse, .rockpool, .sinabs: .perNeuron
    }
  }

  /// Whether the reader has convolutions, and so planes; it takes rows of neurons alone otherwise.
  var readsPlanes: Bool { self != .rockpool }

  /// Whether membranes that start elsewhere are set by the loader.
  var hasLoader: Bool { self != .strict }

  var transformations: [String] {
    let relays = readsPlanes ? "groups, relays and odd paddings as one kernel" : "relays as weights"
    var words = [relays, "readout summed by host"]
    switch self {
    case .strict: words += ["θ − ½ for >", "v_reset 0", "how to run it in its metadata"]
    case .sinabs: words += ["min_v_mem off", "one spike a tick", "initial v"]
    case .spikingjelly: words += ["r = 1/dt", "v_reset None for subtract", "initial v"]
    case .norse: words += ["θ − ½ for >", "initial v"]
    case .rockpool:
      words += ["CubaLIF with tau 1e17 for IF", "current cleared", "one spike a tick", "initial v"]
    case .snntorch: words += ["LIF with tau 1e16 for IF", "θ − ½ for >", "initial v"]
    }
    return words
  }
}
