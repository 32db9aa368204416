public import SynapackSupport

/// Detached signatures of one file by OpenSSF Model Signing 1.0, method `key`.
///
///     digest(resource) = SHA-256 of its bytes
///     digest(subject)  = SHA-256 over the digests of the resources, in their order
///
/// Source: ossf/model-signing-spec, v1.0.
public enum ModelSignature {
  /// The most bytes that a signature file may have.
  public static let limit = 1 << 20
  /// What the reference implementation calls a model that is one file.
  private static let single = "."

  /// The text of a signature file for the file of that name and digest.
  public static func text(
    name: String, digest: Digest, key: SigningKey
  ) throws(PackError) -> String {
    let resource: JSON = [
      "name": .string(single), "algorithm": "sha256", "digest": .string(digest.description),
    ]
    let statement: JSON = [
      "_type": .string(StatementKind.statementType),
      "subject": .array([
        [
          "name": .string(name),
          "digest": ["sha256": .string(Digest(of: digest.bytes).description)],
        ]
      ]),
      "predicateType": .string(StatementKind.signature.rawValue),
      "predicate": [
        "serialization": [
          "method": "files", "hash_type": "sha256", "allow_symlinks": false,
          "ignore_paths": .array([]),
        ],
        "resources": .array([resource]),
      ],
    ]
    return try SignedStatement.text(statement, key: key)
  }

  /// Holds a signature file against a file of that name and digest.
  ///
  /// - Throws: `SYN0621` for a malformed signature, `SYN0622` where the key did not make it,
  ///   `SYN0623` where it speaks of something else.
  public static func verify(
    _ signature: String, name: String, digest: Digest, key: VerifyingKey
  ) throws(PackError) {
    guard signature.utf8.count <= limit else {
      throw StatementKind.signature.malformed("\(signature.utf8.count) bytes are too many")
    }
    try check(
      SignedStatement.verified(signature, as: .signature, key: key), name: name, digest: digest)
  }

  /// Holds a statement that was verified against the file.
  static func check(_ statement: JSON, name: String, digest: Digest) throws(PackError) {
    try StatementKind.signature.check(statement)
    let resources = try resources(statement)
    guard resources.count == 1, [single, name].contains(resources[0].name) else {
      throw other("it covers \(resources.count) files, the first `\(resources[0].name)`")
    }
    guard resources[0].digest == digest else {
      throw other("it is of a file with SHA-256 \(resources[0].digest), and this one has \(digest)")
    }
  }

  private struct Resource {
    var name: String
    var digest: Digest
  }

  /// At least one; their digests give that of the subject.
  private static func resources(_ statement: JSON) throws(PackError) -> [Resource] {
    guard case .array(let subjects)? = statement.member("subject"), subjects.count == 1,
      let root = subjects[0].member("digest")?.member("sha256")?.string
    else { throw StatementKind.signature.malformed("the statement has no single subject") }
    let serialization = statement.member("predicate")?.member("serialization")
    guard serialization?.member("method")?.string == "files",
      serialization?.member("hash_type")?.string == "sha256"
    else { throw StatementKind.signature.malformed("only whole files and SHA-256 are read") }
    guard case .array(let list)? = statement.member("predicate")?.member("resources"), !list.isEmpty
    else {
      throw StatementKind.signature.malformed("the statement names no file")
    }
    var resources: [Resource] = []
    for item in list {
      guard let name = item.member("name")?.string, item.member("algorithm")?.string == "sha256",
        let digest = item.member("digest")?.string.flatMap({ Digest(hexadecimal: $0) })
      else {
        throw StatementKind.signature.malformed("a resource without name, algorithm or digest")
      }
      resources.append(Resource(name: name, digest: digest))
    }
    guard Digest(of: resources.flatMap(\.digest.bytes)).description == root else {
      throw StatementKind.signature.malformed("the digest of the subject is not that of its files")
    }
    return resources
  }

  private static func other(_ message: String) -> PackError {
    PackError(
      .otherContent, message, hint: "do not deploy the bundle; fetch it and its signature again")
  }
}
