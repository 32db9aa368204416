/// What terminal and page say of an explanation in the same words.
public enum DropWords {
  /// Of a program that is right as often as its source network.
  ///
  /// - Parameters:
  ///   - agreement: the share of inputs that both decide alike; `nil` where it is not known.
  ///   - exits: whether it may be read before its last tick, which is another matter.
  public static func reached(agreement: Double?, exits: Bool) -> String {
    guard let agreement, agreement < 1 else {
      return (exits ? "Over all ticks nothing" : "Nothing")
        + " is lost: the program reaches what its source network does."
    }
    return (exits ? "Over all ticks no" : "No")
      + " accuracy is lost: the program is right at least as often as its source network. It decides "
      + "\(percent(1 - agreement)) of the inputs in another way."
  }

  /// Of the inputs on which a change of one layer was measured.
  ///
  /// - Parameters:
  ///   - inputs: how many.
  ///   - isUnseen: whether none of them is one that the change was made from.
  public static func measured(on inputs: String, isUnseen: Bool) -> String {
    isUnseen
      ? "measured on the \(inputs) inputs that it was not made from"
      : "measured on all inputs, which it was made from"
  }

  /// Of a source network that knows the labels by chance alone.
  public static let byChance =
    "The source network is right for no more of these inputs than chance gives: accuracies say nothing "
    + "here, and agreement alone is what the conversion keeps."

  /// Of a layer that loses much to what was decided when the network was converted.
  ///
  /// - Parameters:
  ///   - part: what it loses to that, as a share of its values.
  ///   - kind: what that is, in words.
  public static func limited(_ layer: String, _ part: Double, _ kind: String) -> String {
    "\(layer) loses \(percent(part)) of its values to \(kind), which was decided when the network was "
      + "converted and no change of that layer gives back: more ticks, another --method or other "
      + "calibration inputs may."
  }

  /// Of an input that loses much beside the layers; `nil` where it does not.
  ///
  /// - Parameter layers: their errors, which what the input loses is a part of.
  public static func input(_ error: Double, beside layers: [Double]) -> String? {
    guard error >= 0.05, let most = layers.max(), error >= 0.5 * min(1, most) else { return nil }
    return
      "The input itself is off by \(percent(error)) of its values, which no layer can make up for."
  }
}
