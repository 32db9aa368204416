internal import SynapackPlace

/// One problem: a chip and something to put on it.
struct Instance {
  enum Work {
    case layered(LayeredNetwork)
    case neurons(NeuronNetwork)
    /// Clusters that are given, each of which takes one core.
    case clusters(ClusterGraph)
  }

  var name: String
  var chip: VirtualChip
  var work: Work

  /// What is measured; the generators run when an instance's turn comes.
  static func all(_ size: Size) -> [(name: String, make: () -> Instance)] {
    var all: [(String, () -> Instance)] = []
    func add(_ name: String, _ chip: VirtualChip, _ work: @escaping () -> Work) {
      let name = "\(name)@\(chip.name)"
      all.append((name, { Instance(name: name, chip: chip, work: work()) }))
    }
    let chips = VirtualChip.all.filter { $0.name != "loihi1024" }
    for network in Networks.all {
      for chip in chips { add(network.name, chip) { .layered(network) } }
    }
    for chip in chips {
      // A core of truenorth64 hears 256 neurons: 16 inputs a neuron leave room for 16 neurons.
      let fanOut = chip.name == "truenorth64" ? 6.0 : 16.0
      for (name, count) in [("16k", 16_384), ("64k", 65_536), ("256k", 262_144)] {
        add("random-" + name, chip) {
          .neurons(RandomNetworks.random(count, fanOut: fanOut, spread: fanOut / 4, seed: 79))
        }
        add("reservoir-" + name, chip) {
          .neurons(RandomNetworks.reservoir(count, fanOut: count > 100_000 ? 16 : 32, seed: 192))
        }
      }
      guard size != .quick else { continue }
      add("jin-style-dnn-4k", chip) {
        .clusters(LayeredClusters.dense(layers: 64, width: 64, seed: 1))
      }
      add("jin-style-cnn-4k", chip) {
        .clusters(LayeredClusters.convolutional(layers: 16, side: 16, seed: 1))
      }
    }
    guard size == .full else { return all }
    // 65,536 clusters take 256 × 256 of the cores of loihi1024.
    if let whole = VirtualChip.all.first(where: { $0.name == "loihi1024" }) {
      let chip = whole.with(MeshGeometry(rows: 256, columns: 256))
      add("jin-style-dnn-64k", chip) {
        .clusters(LayeredClusters.dense(layers: 256, width: 256, seed: 1))
      }
      add("jin-style-cnn-64k", chip) {
        .clusters(LayeredClusters.convolutional(layers: 64, side: 32, seed: 1))
      }
    }
    return all
  }

  enum Size: String { case quick, usual, full }
}
