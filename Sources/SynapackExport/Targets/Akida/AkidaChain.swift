internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The description that both generations' loaders read: a virtual device, the input and a chain of
/// layers.
enum AkidaChain {
  /// What `load.py` begins with.
  static let loader = PackageResources.chain_py_in + PackageResources.payloads_py_in

  /// `network.json`. `type` is that of the input's numbers in akida, `layer` describes one population.
  ///
  /// - Throws: `SYN0747` where the readout is not the last layer, and what `layer` throws, at its layer.
  static func network(
    _ program: SpikingProgram, device: String, bits: Int, type: String,
    layer: (Int) throws(PackError) -> JSON
  ) throws(PackError) -> ExportedFile {
    var layers: [JSON] = []
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        layers.append(try layer(index))
      }
    }
    guard program.readout.population == layers.count - 1 else {
      throw PackError(
        .readoutNotCarried, "Akida reads the last layer, the program another one",
        at: .layer(program.populations[program.readout.population].name),
        hint: "use one chain of layers that ends in the readout")
    }
    let planes = program.input.shape.planes ?? (program.input.shape.count, 1, 1)
    let document = JSON.object([
      "device": .string(device),
      "input": .object([
        "shape": .array([planes.height, planes.width, planes.channels].map(JSON.integer)),
        "bits": .integer(bits), "type": .string(type),
        "range": program.input.encoding.payloadsJSON,
      ]),
      "layers": .array(layers),
    ])
    return ExportedFile("network.json", document.text(indent: true) + "\n")
  }
}
