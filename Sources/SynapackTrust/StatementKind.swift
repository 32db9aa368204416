internal import SynapackSupport

/// What a signed in-toto statement of version 1 states; the texts are its predicate types.
enum StatementKind: String, CaseIterable {
  /// OpenSSF Model Signing 1.0
  case signature = "https://model_signing/signature/v1.0"
  /// in-toto/attestation, test-result 0.1
  case testResult = "https://in-toto.io/attestation/test-result/v0.1"

  static let statementType = "https://in-toto.io/Statement/v1"

  /// What messages call the file.
  var title: String {
    switch self {
    case .signature: "signature"
    case .testResult: "attestation"
    }
  }

  /// - Throws: `SYN0621` for a statement of another kind.
  func check(_ statement: JSON) throws(PackError) {
    guard statement.member("_type")?.string == StatementKind.statementType else {
      throw malformed("what is signed is no in-toto statement of version 1")
    }
    let type = statement.member("predicateType")?.string ?? "none"
    guard type != rawValue else { return }
    guard let kind = StatementKind(rawValue: type) else {
      throw malformed("the statement is of another kind: \(type)")
    }
    throw switch kind {
    case .signature:
      PackError(
        .malformedSignature, "it is the signature of a bundle, not an attestation",
        hint: "give it with --signature instead of --attestation")
    case .testResult:
      PackError(
        .malformedSignature, "it is an attestation, not the signature of a bundle",
        hint: "give it with --attestation instead of --signature")
    }
  }

  func malformed(_ message: String) -> PackError {
    let hint =
      switch self {
      case .signature:
        "sign the bundle again with `synapack sign` or `model_signing sign key`"
      case .testResult: "attest again with `synapack validate --attestation`"
      }
    return PackError(.malformedSignature, message, hint: hint)
  }
}
