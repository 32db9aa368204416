import SynapackSupport
@testable import SynapackTrust
import TestSupport
import Testing

/// A signature by another implementation, ours, and every way in which one may not hold.
struct ModelSignatureTests {
  /// Written by Python's model_signing 1.1.1 over fixtures/bundles/v1/minimal.synapack.
  private static let foreign = [
    #"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"public"#,
    #"Key":{"hint":"9f3cf04180a458f1d47a6bdc4737a3d14516ed963a8492aab6329cf1800c5ae8"},"tlogEntrie"#,
    #"s":[]},"dsseEnvelope":{"payload":"ewogICJfdHlwZSI6ICJodHRwczovL2luLXRvdG8uaW8vU3RhdGVtZW50L3"#,
    #"YxIiwKICAic3ViamVjdCI6IFsKICAgIHsKICAgICAgIm5hbWUiOiAibWluaW1hbC5zeW5hcGFjayIsCiAgICAgICJkaW"#,
    #"dlc3QiOiB7CiAgICAgICAgInNoYTI1NiI6ICIyNDU4NGE4ZGQ0YjMyZjk1Y2Q1ZDM3YTlhZWE4YWRjNGQ0ZGEyZjA3Ym"#,
    #"Y3MGJmZGMzZGE4ODdmM2JiYzFkM2VmIgogICAgICB9CiAgICB9CiAgXSwKICAicHJlZGljYXRlVHlwZSI6ICJodHRwcz"#,
    #"ovL21vZGVsX3NpZ25pbmcvc2lnbmF0dXJlL3YxLjAiLAogICJwcmVkaWNhdGUiOiB7CiAgICAic2VyaWFsaXphdGlvbi"#,
    #"I6IHsKICAgICAgImFsbG93X3N5bWxpbmtzIjogZmFsc2UsCiAgICAgICJpZ25vcmVfcGF0aHMiOiBbCiAgICAgICAgIi"#,
    #"5naXQiLAogICAgICAgICIuZ2l0aWdub3JlIiwKICAgICAgICAiLmdpdGh1YiIsCiAgICAgICAgIi5naXRhdHRyaWJ1dG"#,
    #"VzIgogICAgICBdLAogICAgICAiaGFzaF90eXBlIjogInNoYTI1NiIsCiAgICAgICJtZXRob2QiOiAiZmlsZXMiCiAgIC"#,
    #"B9LAogICAgInJlc291cmNlcyI6IFsKICAgICAgewogICAgICAgICJuYW1lIjogIi4iLAogICAgICAgICJhbGdvcml0aG"#,
    #"0iOiAic2hhMjU2IiwKICAgICAgICAiZGlnZXN0IjogImEzNjY3OWFjNWZiMTM1MTE5ZDQ4YTg1YWU4NmJiZWY5NDFhZT"#,
    #"lmYjVjODlmZTdkMWVjNGY5MjhhZThlZWY1NTQiCiAgICAgIH0KICAgIF0KICB9Cn0=","payloadType":"applicati"#,
    #"on/vnd.in-toto+json","signatures":[{"sig":"MEUCIHoVvTgI0dePp+k9uFei9xMOmX9iQn7I/2f/c620GNqOA"#,
    #"iEA2ibJVnq/sJ1l+qoolQ4U8BiiCZ0EeF/XKsFlG2pL5nA=","keyid":""}]}}"#,
  ].joined()

  private static let foreignKey = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAES4DJ7tYZAAgafJiENquD+JocR1sI
    dUXur1nDCZ7Mo8Nt7oRPUl48ZvmSPc8WbYOINttnKakdwRLRfiAr/JkqJA==
    -----END PUBLIC KEY-----
    """

  private let name = "minimal.synapack"

  private func digest() throws -> Digest {
    Digest(of: try MappedFile(path: Fixtures.path("bundles/v1/minimal.synapack")))
  }

  private func code(_ body: () throws -> Void) -> ErrorCode? {
    do {
      try body()
      return nil
    } catch {
      return (error as? PackError)?.code
    }
  }

  @Test func verifiesASignatureOfTheReferenceImplementation() throws {
    let key = try VerifyingKey(pem: Self.foreignKey)
    try ModelSignature.verify(Self.foreign, name: name, digest: digest(), key: key)
    // Its name for the key is that of ours.
    #expect(Self.foreign.contains(key.hint))
  }

  @Test func everyChangedByteOfTheSignedPartIsSeen() throws {
    let key = try VerifyingKey(pem: Self.foreignKey)
    let bytes = Array(Self.foreign.utf8)
    let digest = try digest()
    let text = Self.foreign
    let signed = try #require(text.firstRange(of: #""dsseEnvelope""#)).lowerBound
    let name = try #require(text.firstRange(of: #","keyid":"""#))
    func offset(_ place: String.Index) -> Int {
      text.utf8.distance(from: text.utf8.startIndex, to: place)
    }
    // A name of a key is no part of any decision.
    let ignored = offset(name.lowerBound)..<offset(name.upperBound)
    for index in offset(signed)..<bytes.count - 1 where !ignored.contains(index) {
      var changed = bytes
      changed[index] ^= 1
      guard let other = String(validating: changed, as: UTF8.self) else { continue }
      let code = code {
        try ModelSignature.verify(other, name: self.name, digest: digest, key: key)
      }
      #expect(code == .malformedSignature || code == .wrongSignature, "byte \(index)")
    }
  }

  @Test func signsWhatItVerifiesAndNoTwoSignaturesAreEqual() throws {
    let key = SigningKey()
    let read = try SigningKey(pem: key.pem)
    let first = try ModelSignature.text(name: name, digest: digest(), key: key)
    let second = try ModelSignature.text(name: name, digest: digest(), key: read)
    #expect(first != second)
    for text in [first, second] {
      try ModelSignature.verify(
        text, name: name, digest: digest(), key: try VerifyingKey(pem: key.verifyingKey.pem))
    }
  }

  @Test func anotherKeyOrFileIsRefused() throws {
    let key = SigningKey()
    let text = try ModelSignature.text(name: name, digest: digest(), key: key)
    #expect(
      code {
        try ModelSignature.verify(
          text, name: name, digest: digest(), key: SigningKey().verifyingKey)
      } == .wrongSignature)
    #expect(
      code {
        try ModelSignature.verify(
          text, name: name, digest: Digest(of: [1]), key: key.verifyingKey)
      } == .otherContent)
  }

  /// The hint tells a changed statement from a wrong key; it proves neither.
  @Test func whatWasChangedIsToldFromAnotherKey() throws {
    let key = SigningKey()
    let text = try ModelSignature.text(name: name, digest: digest(), key: key)
    let other = try ModelSignature.text(name: "other", digest: Digest(of: [1]), key: key)
    func part(_ text: String, _ name: String) throws -> String {
      let start = try #require(text.firstRange(of: "\"\(name)\":\"")).upperBound
      return String(text[start...].prefix { $0 != "\"" })
    }
    let changed = text.replacing(try part(text, "payload"), with: try part(other, "payload"))
    func message(_ text: String, _ key: VerifyingKey) -> String? {
      do {
        try ModelSignature.verify(text, name: name, digest: try digest(), key: key)
        return nil
      } catch {
        return (error as? PackError).map { "\($0.code) \($0.message)" }
      }
    }
    #expect(
      message(changed, key.verifyingKey)?
        .hasPrefix("SYN0622 the content of the signature was changed") == true)
    let stranger = SigningKey().verifyingKey
    let unknown = try #require(message(text, stranger))
    #expect(unknown.hasPrefix("SYN0622 another key made the signature, or the content"))
    for hint in [key.verifyingKey.hint, stranger.hint] {
      #expect(unknown.contains(hint.prefix(16)), "\(unknown)")
    }
  }

  /// Statements that the right key signed and that still prove nothing.
  @Test func aGenuineStatementOfSomethingElseIsRefused() throws {
    let key = SigningKey()
    let digest = try digest()
    func statement(
      type: String = "https://in-toto.io/Statement/v1",
      predicate: String = "https://model_signing/signature/v1.0", method: String = "files",
      algorithm: String = "sha256", root: String? = nil, names: [String] = ["."]
    ) -> JSON {
      let digests = names.flatMap { _ in digest.bytes }
      return [
        "_type": .string(type), "predicateType": .string(predicate),
        "subject": .array([
          ["name": "x", "digest": ["sha256": .string(root ?? Digest(of: digests).description)]]
        ]),
        "predicate": [
          "serialization": ["method": .string(method), "hash_type": "sha256"],
          "resources": .array(
            names.map {
              [
                "name": .string($0), "algorithm": .string(algorithm),
                "digest": .string(digest.description),
              ]
            }),
        ],
      ]
    }
    func result(_ statement: JSON) throws -> ErrorCode? {
      let text = try SignedStatement.text(statement, key: key)
      return code {
        try ModelSignature.verify(text, name: name, digest: digest, key: key.verifyingKey)
      }
    }
    #expect(try result(statement()) == nil)
    #expect(try result(statement(names: [name])) == nil)
    #expect(try result(statement(names: ["other.synapack"])) == .otherContent)
    #expect(try result(statement(names: [".", "extra"])) == .otherContent)
    for bad in [
      statement(type: "https://in-toto.io/Statement/v0.1"),
      statement(predicate: "https://slsa.dev/provenance/v1"), statement(method: "shards"),
      statement(algorithm: "sha512"), statement(root: digest.description), statement(names: []),
      .array([]),
    ] {
      #expect(try result(bad) == .malformedSignature, "\(bad.text())")
    }
  }

  @Test func theEnvelopeKeepsTheRules() throws {
    let key = SigningKey()
    let good = try ModelSignature.text(name: name, digest: digest(), key: key)
    func result(_ text: String) throws -> ErrorCode? {
      let digest = try digest()
      return code {
        try ModelSignature.verify(text, name: name, digest: digest, key: key.verifyingKey)
      }
    }
    // The URL-safe alphabet is another spelling of the same bytes.
    let safe = good.replacing("+", with: "-").replacing("/", with: "_")
      .replacing("application_vnd", with: "application/vnd")
      .replacing("in-toto-json", with: "in-toto+json")
      .replacing("bundle.v0.3-json", with: "bundle.v0.3+json")
    #expect(try result(safe) == nil)
    #expect(try result(good.replacing("in-toto+json", with: "in-toto+jsom")) == .malformedSignature)
    #expect(try result(good.replacing("bundle.v0.3", with: "bundle.v0.4")) == .malformedSignature)
    let doubled = good.replacing(
      #""payloadType":"#, with: #""payloadType":"application/vnd.in-toto+json","payloadType":"#)
    #expect(doubled != good)
    #expect(try result(doubled) == .malformedSignature)
    #expect(try result("") == .malformedSignature)
    #expect(try result(String(repeating: "[", count: 100_000)) == .malformedSignature)
    #expect(try result(String(repeating: " ", count: 1 << 21)) == .malformedSignature)
  }

  @Test(arguments: ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
  func whatIsNoKeyIsRefused(pem: String) {
    #expect(code { _ = try VerifyingKey(pem: pem) } == .malformedKey)
    #expect(code { _ = try SigningKey(pem: pem) } == .malformedKey)
    #expect(code { _ = try SigningKey(pem: Self.foreignKey) } == .malformedKey)
  }

  @Test func theEncodingIsThatOfTheProtocol() {
    let encoded = SignedStatement.encoded(
      Array("hello world".utf8), type: "http://example.com/HelloWorld")
    #expect(
      String(decoding: encoded, as: UTF8.self)
        == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }
}
