public import SynapackSupport

/// The names of layers as bundles store them.
public enum LayerName {
  /// The most bytes in UTF-8.
  public static let longest = BundleLimits.nameBytes

  /// - Throws: `SYN0209` for a name that is too long to be stored.
  public static func check(_ name: String) throws(PackError) {
    let count = name.utf8.count
    guard count > longest else { return }
    throw PackError(
      .malformedGraph,
      "the name of the layer `\(name.prefix(48))…` has \(count) bytes; a bundle stores at most "
        + "\(longest)",
      hint: "give the layer a shorter name in the model")
  }
}
