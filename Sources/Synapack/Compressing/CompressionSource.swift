internal import SynapackBundle
internal import SynapackCompress
internal import SynapackGraph
internal import SynapackImport
internal import SynapackPlace
internal import SynapackProgram
public import SynapackSupport

/// What is made smaller: a model, or a program that was made from one.
enum CompressionSource {
  case model(Graph<Analog>)
  /// A bundle with the network of the rates that its program sends.
  case bundle(StoredBundle, Graph<Analog>)

  var graph: Graph<Analog> {
    switch self {
    case .model(let graph), .bundle(_, let graph): graph
    }
  }

  /// The bundle, where it is one.
  var stored: StoredBundle? {
    switch self {
    case .model: nil
    case .bundle(let stored, _): stored
    }
  }

  /// - Parameter inputs: those to observe the program of a bundle on.
  /// - Throws: what reading throws; `SYN0301` for a model that is a spiking network, `SYN0801` for a
  ///   program whose neurons have no rectifier's rate.
  static func read(
    _ path: String, _ options: ImportOptions, threads: Int, _ report: inout Report,
    inputs: (SpikingProgram) throws(PackError) -> [[Int32]]
  ) throws(PackError) -> CompressionSource {
    let file = try ModelImporters.mapped(path)
    if BundleReader.recognises(file) {
      let stored = try BundleReader.read(file, &report)
      let made = stored.bundle.origin
      let origin = Origin(
        format: made.format, digest: Digest(hexadecimal: made.digest), producer: made.producer,
        version: made.version)
      let program = stored.bundle.program
      return .bundle(
        stored,
        try ProgramSource.network(
          of: program, origin: origin, inputs: inputs(program), threads: threads))
    }
    guard
      case .analog(let imported) = try ModelImporters.read(
        path: path, options: options, report: &report)
    else {
      throw PackError(
        .cannotSpike, "the weights of a spiking network have no values to be solved for",
        at: .file(path), hint: "compress the network that it was made from")
    }
    return .model(try ModelImporters.identified(imported, path: path))
  }
}

extension Recipe {
  /// The recipe of a bundle without what was done to it once; `nil` where the file is no bundle.
  ///
  /// - Throws: what reading the bundle throws.
  public static func ofBundle(_ path: String) throws(PackError) -> Recipe? {
    let file = try ModelImporters.mapped(path)
    guard BundleReader.recognises(file) else { return nil }
    var unused = Report()
    let stored = try BundleReader.read(file, &unused)
    var recipe = try Recipe(stored: stored.bundle.recipe)
    recipe.timesteps = stored.bundle.program.timesteps
    recipe.preprocess = stored.bundle.preprocess
    (recipe.sparsity, recipe.channelSparsity, recipe.prune) = (0, 0, "weight")
    (recipe.distilSteps, recipe.distilSourceSteps) = (0, 0)
    (recipe.method, recipe.gated) = ("refit", false)
    // A chip of a file of one's own is known by no name.
    if let chip = recipe.chip, !Chips.texts.contains(where: { $0.id == chip }) { recipe.chip = nil }
    return recipe
  }

  /// The recipe that a bundle stores.
  init(stored text: String) throws(PackError) {
    guard case .object(let members)? = JSON(parsing: text) else {
      self.init()
      return
    }
    // A value in JSON is one in YAML.
    let lines = members.sorted { $0.key < $1.key }.compactMap { key, value in
      value == .null ? nil : "\(Recipe.option(key)): \(value.text())"
    }
    try self.init(yaml: lines.joined(separator: "\n"))
    given = []
  }

  /// `weightBits` as `weight-bits`.
  private static func option(_ key: String) -> String {
    key.reduce(into: "") { text, letter in
      if letter.isUppercase { text += "-" }
      text += letter.lowercased()
    }
  }
}
