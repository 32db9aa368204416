internal import SynapackSupport
internal import SynapackTensor

/// The variables of the layers, in whichever way the file names them.
struct KerasWeights {
  private enum Form {
    /// By the layer's and the variable's name, in the group that `root` is the path of.
    case named
    /// By the layer's class and the variable's number.
    case numbered
  }

  private let form: Form
  private var file: HDF5File
  private var root: HDF5Object
  /// The full names of the variables of each group of the older form.
  private var names: [String: [String]] = [:]

  /// The older form: a group a layer, with the attribute `weight_names`.
  init(named file: HDF5File) throws(PackError) {
    form = .named
    self.file = file
    guard let root = try self.file.object("model_weights", in: file.root) else {
      throw HDF5.missing("group `model_weights`")
    }
    self.root = root
  }

  /// The newer form: `layers/…/vars/0`, `1`, ….
  init(numbered file: HDF5File) {
    form = .numbered
    self.file = file
    root = file.root
  }

  /// The variables of a layer, in the order of `expected`.
  ///
  /// - Parameter expected: their names in the order in which Keras creates them.
  /// - Throws: `SYN0211` where one is missing, `SYN0209` where there are others too.
  mutating func variables(
    _ place: KerasVariablePlace, _ expected: [String]
  ) throws(PackError) -> [Tensor] {
    let found: [String: String]
    let count: Int
    switch form {
    case .named: (found, count) = try named(place)
    case .numbered: (found, count) = try numbered(place, expected)
    }
    guard count == expected.count else {
      throw PackError(
        .malformedGraph,
        "the layer has \(count) variables, \(expected.count) were expected: "
          + expected.joined(separator: ", "),
        at: .layer(place.name), hint: "save the model again")
    }
    var tensors: [Tensor] = []
    for name in expected {
      guard let path = found[name], let object = try file.object(path, in: root) else {
        throw PackError(
          .missingWeight, "the variable `\(name)` is not in the file", at: .layer(place.name),
          hint: "save the model again with its weights")
      }
      tensors.append(try file.tensor(of: file.dataset(object)))
    }
    return tensors
  }

  /// The paths of the variables by name, and how many there are.
  private mutating func named(
    _ place: KerasVariablePlace
  ) throws(PackError) -> (found: [String: String], count: Int) {
    var found: [String: String] = [:]
    var count = 0
    for full in try names(of: place.group) {
      let last = full.split(separator: "/").last.map(String.init) ?? ""
      // TensorFlow numbers the outputs of its operations: `kernel:0`.
      let name = last.hasSuffix(":0") ? String(last.dropLast(2)) : last
      // In the group of a model inside the model lie the variables of all of its layers.
      let own = place.name + "/" + last
      guard !place.isNested || full == own || full.hasSuffix("/" + own) else { continue }
      count += 1
      found[name] = place.group + "/" + full
    }
    return (found, count)
  }

  private mutating func names(of group: String) throws(PackError) -> [String] {
    if let known = names[group] { return known }
    var list: [String] = []
    if let object = try file.object(group, in: root) {
      if let attribute = try file.attribute("weight_names", of: object) {
        list = try file.texts(of: attribute)
      } else {
        // A list that is too long for one attribute is cut into `weight_names0`, `1`, ….
        var number = 0
        while let part = try file.attribute("weight_names\(number)", of: object) {
          list += try file.texts(of: part)
          number += 1
        }
      }
    }
    names[group] = list
    return list
  }

  private mutating func numbered(
    _ place: KerasVariablePlace, _ expected: [String]
  ) throws(PackError) -> (found: [String: String], count: Int) {
    let group = place.path + "/vars"
    guard let object = try file.object(group, in: root) else { return ([:], 0) }
    var found: [String: String] = [:]
    for (index, name) in expected.enumerated() { found[name] = "\(group)/\(index)" }
    return (found, try file.links(of: object).count)
  }
}
