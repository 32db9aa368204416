/// What terminal and page say of an explanation in the same words.
public enum DropWords {
  /// Of a program that is right as often as its source network.
  ///
  /// - Parameter agreement: the share of inputs that both decide alike; `nil` where it is not known.
  public static func reached(agreement: Double?) -> String {
    guard let agreement, agreement < 1 else {
      return "Nothing is lost: the program reaches what its source network does."
    }
    return "No accuracy is lost: the program is right at least as often as its source network. It "
      + "decides \(percent(1 - agreement)) of the inputs in another way."
  }
}
