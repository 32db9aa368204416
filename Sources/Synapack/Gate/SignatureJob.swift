internal import SynapackBundle
public import SynapackSupport
internal import SynapackTrust

/// Signatures of bundles: detached files, so that a bundle's bytes stay those of its content.
public enum SignatureJob {
  /// The most bytes of a key; one in PEM has 300.
  private static let keyLimit = 1 << 16

  /// A new pair of keys as PEM texts, and what signatures will call it.
  public static func keys() -> (secret: String, open: String, hint: String) {
    let key = SigningKey()
    return (key.pem, key.verifyingKey.pem, key.verifyingKey.hint)
  }

  /// Where the signature of a bundle lies by default.
  public static func path(of bundle: String) -> String { bundle + ".sig" }

  /// A signature that was made.
  public struct Signed: Sendable {
    /// What the signature file holds.
    public let text: String
    /// Of the bundle.
    public let digest: Digest
    /// What signatures call the key.
    public let hint: String
  }

  /// The signature of a bundle that this build can read.
  ///
  /// - Throws: `SYN0624` for the key, and what reading the bundle throws: what is damaged is never
  ///   signed.
  public static func sign(_ bundle: String, key path: String) throws(PackError) -> Signed {
    let key = try signingKey(path)
    let file = try MappedFile(path: bundle)
    var unused = Report()
    _ = try FoundFile.bundle(file, leavesWeights: true, &unused)
    let digest = Digest(of: file)
    let text = try ModelSignature.text(name: GateInput.name(of: bundle), digest: digest, key: key)
    return Signed(text: text, digest: digest, hint: key.verifyingKey.hint)
  }

  /// A signature that holds.
  public struct Verified: Sendable {
    /// Of the bundle.
    public let digest: Digest
    /// What signatures call the key.
    public let hint: String
  }

  /// Holds the signature beside a bundle, or the given one, against a public key.
  ///
  /// - Throws: `SYN0620` where there is no signature, `SYN0621` to `SYN0623` where it does not
  ///   hold, `SYN0624` for the key.
  public static func verify(
    _ bundle: String, key path: String, signature: String? = nil
  ) throws(PackError) -> Verified {
    try verify(try MappedFile(path: bundle), key: path, signature: signature)
  }

  /// The same for a bundle that is open, so that the very file is meant that was read.
  @discardableResult
  static func verify(
    _ bundle: MappedFile, key path: String, signature: String? = nil
  ) throws(PackError) -> Verified {
    let key = try verifyingKey(path)
    let place = signature ?? SignatureJob.path(of: bundle.path)
    let signature: String
    do {
      signature = try SignatureJob.signature(place)
    } catch  where error.code == .unreadableFile {
      throw PackError(
        .missingSignature, "there is no signature", at: .file(place),
        hint: "fetch it with the bundle, or name it with --signature")
    }
    let digest = Digest(of: bundle)
    try within(.file(place)) { () throws(PackError) in
      try ModelSignature.verify(
        signature, name: GateInput.name(of: bundle.path), digest: digest, key: key)
    }
    return Verified(digest: digest, hint: key.hint)
  }

  /// The text of a signature or key, of which nothing is read that is too large to be one.
  ///
  /// - Parameter code: what a file that is too large is refused with.
  private static func text(
    _ path: String, limit: Int, refusal code: ErrorCode
  ) throws(PackError) -> String {
    let file = try MappedFile(path: path)
    guard file.count <= limit else {
      throw PackError(
        code, "the file has \(file.count) bytes; at most \(limit) are read", at: .file(path),
        hint: "give the signature, attestation or key itself")
    }
    // What is no text is no key and no signature either; those say so.
    return String(validating: file.copy, as: UTF8.self) ?? ""
  }

  static func signature(_ path: String) throws(PackError) -> String {
    try text(path, limit: ModelSignature.limit, refusal: .malformedSignature)
  }

  static func signingKey(_ path: String) throws(PackError) -> SigningKey {
    let text = try text(path, limit: keyLimit, refusal: .malformedKey)
    return try within(.file(path)) { () throws(PackError) in try SigningKey(pem: text) }
  }

  static func verifyingKey(_ path: String) throws(PackError) -> VerifyingKey {
    let text = try text(path, limit: keyLimit, refusal: .malformedKey)
    return try within(.file(path)) { () throws(PackError) in try VerifyingKey(pem: text) }
  }
}
