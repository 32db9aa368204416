internal import SynapackBundle
internal import SynapackPolicy
public import SynapackSupport
internal import SynapackTrust

/// Signatures of bundles: detached files, so that a bundle's bytes stay those of its content.
public enum SignatureJob {
  /// A new pair of keys as PEM texts.
  public static func keys() -> (secret: String, open: String) {
    let key = SigningKey()
    return (key.pem, key.verifyingKey.pem)
  }

  /// Where the signature of a bundle lies by default.
  public static func path(of bundle: String) -> String { bundle + ".sig" }

  /// The text of a signature file for a bundle that this build can read.
  ///
  /// - Throws: `SYN0624` for the key, and what reading the bundle throws: what is damaged is never
  ///   signed.
  public static func sign(_ bundle: String, key path: String) throws(PackError) -> String {
    let key = try within(.file(path)) { () throws(PackError) in
      try SigningKey(pem: try text(path))
    }
    let file = try MappedFile(path: bundle)
    var unused = Report()
    _ = try BundleReader.read(file, &unused)
    return try ModelSignature.text(name: name(of: bundle), digest: Digest(of: file), key: key)
  }

  /// Holds the signature beside a bundle, or the given one, against a public key.
  ///
  /// - Throws: `SYN0620` where there is no signature, `SYN0621` to `SYN0623` where it does not
  ///   hold, `SYN0624` for the key.
  public static func verify(
    _ bundle: String, key path: String, signature: String? = nil
  ) throws(PackError) {
    try verify(try MappedFile(path: bundle), key: path, signature: signature)
  }

  /// The same for a bundle that is open, so that the very file is meant that was read.
  static func verify(
    _ bundle: MappedFile, key path: String, signature: String? = nil
  ) throws(PackError) {
    let key = try within(.file(path)) { () throws(PackError) in
      try VerifyingKey(pem: try text(path))
    }
    let place = signature ?? SignatureJob.path(of: bundle.path)
    let signature: String
    do {
      signature = try text(place)
    } catch  where error.code == .unreadableFile {
      throw PackError(
        .missingSignature, "there is no signature", at: .file(place),
        hint: "fetch it with the bundle, or name it with --signature")
    }
    try within(.file(place)) { () throws(PackError) in
      try ModelSignature.verify(
        signature, name: name(of: bundle.path), digest: Digest(of: bundle), key: key)
    }
  }

  /// A signed test result of a verdict, over the very bytes that it was made of.
  ///
  /// - Parameters:
  ///   - bundle: the path, of which the name is stated.
  ///   - policy: the same.
  /// - Throws: `SYN0624` for the key, `SYN0001` for its file, and why the bundle could not be read.
  public static func attestation(
    _ outcome: GateJob.Outcome, bundle: String, policy: String?, key path: String
  ) throws(PackError) -> String {
    let verdict = outcome.verdict
    let key = try within(.file(path)) { () throws(PackError) in
      try SigningKey(pem: try text(path))
    }
    var result = TestResult(outcome: verdict.fails ? .failed : .passed)
    for check in verdict.checks where check.skipped == nil {
      if check.findings.contains(where: verdict.fails) {
        result.failed.append(check.name)
      } else if check.findings.contains(where: { $0.severity > .note }) {
        result.warned.append(check.name)
      } else {
        result.passed.append(check.name)
      }
    }
    if !verdict.fails, !result.warned.isEmpty { result.outcome = .warned }
    if let policy, let digest = outcome.policy {
      result.configuration.append(.init(name: name(of: policy), digest: digest))
    }
    // A bundle that could not be read has no result.
    guard let file = outcome.bundle else {
      throw outcome.refusal
        ?? PackError(.defect, "there is no bundle to attest", hint: "please report this bundle")
    }
    return try result.text(name: name(of: bundle), digest: Digest(of: file), key: key)
  }

  /// What a signed test result says of a bundle: PASSED, WARNED or FAILED.
  ///
  /// - Throws: as ``verify(_:key:signature:)``.
  public static func attested(
    _ bundle: String, key path: String, attestation: String
  ) throws(PackError) -> String {
    let key = try within(.file(path)) { () throws(PackError) in
      try VerifyingKey(pem: try text(path))
    }
    let digest = Digest(of: try MappedFile(path: bundle))
    return try within(.file(attestation)) { () throws(PackError) in
      try TestResult.verified(try text(attestation), digest: digest, key: key).outcome.rawValue
    }
  }

  private static func text(_ path: String) throws(PackError) -> String {
    let file = try MappedFile(path: path)
    let bytes = file.withBytes { span in
      unsafe span.withUnsafeBytes { unsafe Array($0.prefix(1 << 21)) }
    }
    // What is no text is no key and no signature either; those say so.
    return String(validating: bytes, as: UTF8.self) ?? ""
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
