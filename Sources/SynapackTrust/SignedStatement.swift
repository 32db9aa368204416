internal import SynapackSupport

/// A signed in-toto statement: a DSSE envelope in a Sigstore bundle of version 0.3.
///
///     PAE(type, body) = "DSSEv1" SP len(type) SP type SP len(body) SP body
///
/// Source: secure-systems-lab/dsse, protocol 1.0.2; OpenSSF Model Signing 1.0.
enum SignedStatement {
  static let payloadType = "application/vnd.in-toto+json"
  private static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

  static func encoded(_ body: [UInt8], type: String = payloadType) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(body.count) ".utf8) + body
  }

  static func text(_ statement: JSON, key: SigningKey) throws(PackError) -> String {
    let body = Array(statement.text().utf8)
    let signature = try key.signature(of: encoded(body))
    let document: JSON = [
      "mediaType": .string(mediaType),
      "verificationMaterial": [
        "publicKey": ["hint": .string(key.verifyingKey.hint)], "tlogEntries": .array([]),
      ],
      "dsseEnvelope": [
        "payload": .string(Base64.text(body)), "payloadType": .string(payloadType),
        "signatures": .array([["sig": .string(Base64.text(signature)), "keyid": ""]]),
      ],
    ]
    return document.text() + "\n"
  }

  /// The statement, read from the very bytes that were verified.
  ///
  /// - Throws: `SYN0621` for what is no such document, `SYN0622` where `key` did not sign it.
  static func verified(
    _ text: String, as kind: StatementKind, key: VerifyingKey
  ) throws(PackError) -> JSON {
    guard let document = JSON(parsing: text), document.member("mediaType")?.string == mediaType
    else {
      throw kind.malformed("it is no Sigstore bundle of version 0.3")
    }
    guard let envelope = document.member("dsseEnvelope"),
      envelope.member("payloadType")?.string == payloadType,
      let body = envelope.member("payload")?.string.flatMap(Base64.bytes),
      case .array(let signatures)? = envelope.member("signatures")
    else { throw kind.malformed("it has no envelope with an in-toto statement") }
    // More signatures would ask who of them counts; Model Signing writes one.
    guard signatures.count == 1,
      let signature = signatures[0].member("sig")?.string.flatMap(Base64.bytes)
    else { throw kind.malformed("it has \(signatures.count) signatures instead of one") }
    guard key.isSignature(signature, of: encoded(body)) else { throw wrong(document, kind, key) }
    guard let statement = String(validating: body, as: UTF8.self).flatMap({ JSON(parsing: $0) })
    else { throw kind.malformed("the statement is not strict JSON") }
    return statement
  }

  /// Why a signature does not hold. The name of its key is not signed, so it is told as what the file
  /// says.
  private static func wrong(
    _ document: JSON, _ kind: StatementKind, _ key: VerifyingKey
  ) -> PackError {
    let hint = document.member("verificationMaterial")?.member("publicKey")?.member("hint")?.string
    guard hint != key.hint else {
      return PackError(
        .wrongSignature,
        "the content of the \(kind.title) was changed after it was signed: it names this key, whose "
          + "signature it does not hold",
        hint: "do not deploy the bundle; fetch the \(kind.title) again")
    }
    let names = hint.map { ": it names the key \($0.prefix(16))…, and yours is " } ?? ": yours is "
    return PackError(
      .wrongSignature,
      "another key made the signature, or the content of the \(kind.title) was changed" + names
        + "\(key.hint.prefix(16))…",
      hint: "check that the public key is the signer's; otherwise do not deploy the bundle")
  }
}
