extension ErrorCode {
  public static let missingSignature = ErrorCode(rawValue: "SYN0620")
  public static let malformedSignature = ErrorCode(rawValue: "SYN0621")
  public static let wrongSignature = ErrorCode(rawValue: "SYN0622")
  public static let otherContent = ErrorCode(rawValue: "SYN0623")
  public static let malformedKey = ErrorCode(rawValue: "SYN0624")
}

/// Signatures, SYN0620 to SYN0639.
let trustExplanations: [Explanation] = [
  Explanation(
    .missingSignature, .trust, title: "no signature",
    cause: "There is no signature file where one was asked for. It stands beside the bundle and "
      + "has its name with `.sig` behind it.",
    remedy: "Fetch the signature with the bundle, or name it with `--signature`."),
  Explanation(
    .malformedSignature, .trust, title: "malformed signature",
    cause: "The signature file is not a bundle of OpenSSF Model Signing 1.0 as Synapack reads it: "
      + "its JSON, its envelope or its statement breaks a rule of the specification.",
    remedy: "Sign the bundle again with `synapack sign` or `model_signing sign key`."),
  Explanation(
    .wrongSignature, .trust, title: "signature that does not hold for this key",
    cause: "The signature is not one that the key made over this statement: another key signed it, "
      + "or the statement was changed afterwards. Where the file names the very key that was given, "
      + "the statement was changed.",
    remedy: "Check that the public key is that of the signer; otherwise do not deploy the bundle."),
  Explanation(
    .otherContent, .trust, title: "signature of other content",
    cause: "The signature is genuine but speaks of other bytes: the digest that it states is not "
      + "that of the bundle, or it covers files that are not there.",
    remedy: "Do not deploy the bundle; fetch it and its signature again."),
  Explanation(
    .malformedKey, .badInput, title: "key that cannot be used",
    cause: "The file holds no P-256 key in PEM: a private key for `sign`, a public key for "
      + "`verify`. Model Signing knows no Ed25519, and keys with a password are not read.",
    remedy: "Make a pair with `synapack keygen`, or with `openssl ecparam -name prime256v1 -genkey "
      + "-noout` and `openssl ec -pubout`."),
]
