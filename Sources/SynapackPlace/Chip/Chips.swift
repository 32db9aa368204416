public import SynapackSupport

/// The chips that this build knows.
public enum Chips {
  /// In ascending order of their identifiers.
  public static let texts: [(id: String, text: String)] = [
    ("akd1000", text(PackageResources.akd1000_yaml)),
    ("akd1500", text(PackageResources.akd1500_yaml)),
    ("akida2", text(PackageResources.akida2_yaml)),
    ("brainscales2", text(PackageResources.brainscales2_yaml)),
    ("dynap-cnn", text(PackageResources.dynap_cnn_yaml)),
    ("dynap-se2", text(PackageResources.dynap_se2_yaml)),
    ("generic-mesh", text(PackageResources.generic_mesh_yaml)),
    ("loihi1", text(PackageResources.loihi1_yaml)),
    ("loihi1024", text(PackageResources.loihi1024_yaml)),
    ("loihi2", text(PackageResources.loihi2_yaml)),
    ("loihi64", text(PackageResources.loihi64_yaml)),
    ("loihi84", text(PackageResources.loihi84_yaml)),
    ("odin", text(PackageResources.odin_yaml)),
    ("paicore2", text(PackageResources.paicore2_yaml)),
    ("speck2e", text(PackageResources.speck2e_yaml)),
    ("speck2f", text(PackageResources.speck2f_yaml)),
    ("spinnaker1", text(PackageResources.spinnaker1_yaml)),
    ("spinnaker2", text(PackageResources.spinnaker2_yaml)),
    ("truenorth", text(PackageResources.truenorth_yaml)),
    ("truenorth64", text(PackageResources.truenorth64_yaml)),
    ("xylo-audio2", text(PackageResources.xylo_audio2_yaml)),
    ("xylo-audio3", text(PackageResources.xylo_audio3_yaml)),
    ("xylo-imu", text(PackageResources.xylo_imu_yaml)),
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// - Throws: `SYN0501` where a built-in text is wrong, which a test rules out.
  public static func all() throws(PackError) -> [Chip] {
    var chips: [Chip] = []
    for entry in texts { chips.append(try Chip(yaml: entry.text)) }
    return chips
  }

  /// That no built-in chip has that name, with those that come near it.
  public static func unknown(_ id: String) -> PackError {
    let known = texts.map(\.id)
    let nearest = nearestName(to: id, among: known).map { "did you mean `\($0)`? " } ?? ""
    return PackError(
      .unknownChip, "there is no chip `\(id)`; built in: \(known.joined(separator: ", "))",
      hint: nearest + "`synapack chips` lists the chips, and a .yaml file is given by its path")
  }

  /// The built-in chip of that name, or as many of them as it says; see ``ChipName``.
  ///
  /// - Throws: `SYN0502` where there is none, or not several.
  public static func named(_ text: String) throws(PackError) -> Chip {
    let name = try ChipName(text)
    let id = name.base
    guard let entry = texts.first(where: { $0.id == id }) else {
      throw unknown(id)
    }
    return try Chip(yaml: entry.text).joined(name.copies)
  }
}
