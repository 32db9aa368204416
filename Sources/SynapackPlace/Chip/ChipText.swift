public import SynapackSupport
internal import SynapackTensor
internal import Yams

extension Chip {
  /// Reads a chip file.
  ///
  /// - Throws: `SYN0501` for text that is no YAML or too deep, a missing key, a key that chip files
  ///   do not have (with the nearest one that they have), or a value of the wrong kind.
  public init(yaml text: String) throws(PackError) {
    try ChipNode.checkBounds(text)
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw PackError(
        .malformedChip, "the text is not valid YAML: \(error)", hint: "mend the chip file")
    }
    guard let root else {
      throw PackError(.malformedChip, "the chip file is empty", hint: "give a chip file")
    }
    let node = try ChipNode(
      root, "chip",
      keys: [
        "id", "name", "kind", "note", "takes", "mesh", "board", "cores", "resources", "limits",
        "neurons", "weights", "routing", "costs", "energy", "unpublished",
      ])
    id = try node.text("id")
    name = try node.text("name")
    kind = try node.choice("kind")
    note = try node.text("note", default: "")
    takes = try node.has("takes") ? node.choice("takes") : .blocks
    let mesh = try node.child("mesh", keys: ["width", "height", "source"])
    meshSource = try mesh.text("source", default: "")
    self.mesh = Extent(
      y: try mesh.integer("height", in: 1...4096), x: try mesh.integer("width", in: 1...4096))
    board = try node.has("board") ? Board(node, mesh: self.mesh) : nil
    resources = try ChipResources.resources(node)
    kinds = try ChipResources.cores(
      node, self.mesh.y * self.mesh.x, resources, meshSource: meshSource)
    limits = try ChipResources.limits(node)
    neurons = try ChipNeurons.capabilities(node)
    weights = try ChipNeurons.weights(node)
    routing = try ChipCosts.routing(node)
    costs = try ChipCosts.costs(node)
    energy = try ChipCosts.energy(node)
    unpublished = try ChipCosts.unpublished(node)
    try ChipResources.checkCapacities(resources, kinds, node)
  }
}
