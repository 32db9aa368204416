/// The version of this build.
public enum Version {
  public static let number = "0.1.0"
  /// How bundles name what wrote them.
  public static let generator = "synapack " + number
}
