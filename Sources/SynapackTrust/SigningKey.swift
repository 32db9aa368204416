internal import Crypto
public import SynapackSupport

/// A private P-256 key. Model Signing 1.0 knows P-256, P-384 and P-521; this is the one that every
/// implementation must have.
public struct SigningKey: Sendable {
  private let key: P256.Signing.PrivateKey

  /// A new key from the system's randomness.
  public init() { key = P256.Signing.PrivateKey() }

  /// Reads `BEGIN PRIVATE KEY` (PKCS #8) or `BEGIN EC PRIVATE KEY` (SEC 1), without a password.
  ///
  /// - Throws: `SYN0624` for anything else.
  public init(pem: String) throws(PackError) {
    do {
      key = try P256.Signing.PrivateKey(pemRepresentation: pem)
    } catch {
      throw PackError(
        .malformedKey, "the text is no private P-256 key in PEM",
        hint: "sign with a key of `synapack keygen`; keys with a password are not read")
    }
  }

  public var pem: String { key.pemRepresentation + "\n" }

  public var verifyingKey: VerifyingKey { VerifyingKey(key.publicKey) }

  /// ECDSA over SHA-256 of the message, in DER; every call gives another one.
  func signature(of message: [UInt8]) throws(PackError) -> [UInt8] {
    do {
      return [UInt8](try key.signature(for: message).derRepresentation)
    } catch {
      throw PackError(
        .defect, "the key cannot sign: \(error)", hint: "please report this with the kind of key")
    }
  }
}

/// A public P-256 key.
public struct VerifyingKey: Sendable {
  private let key: P256.Signing.PublicKey

  init(_ key: P256.Signing.PublicKey) { self.key = key }

  /// Reads `BEGIN PUBLIC KEY`.
  ///
  /// - Throws: `SYN0624` for anything else.
  public init(pem: String) throws(PackError) {
    do {
      key = try P256.Signing.PublicKey(pemRepresentation: pem)
    } catch {
      throw PackError(
        .malformedKey, "the text is no public P-256 key in PEM",
        hint: "give the .pub.pem of `synapack keygen`, or the output of `openssl ec -pubout`")
    }
  }

  /// As OpenSSL writes it, with a line end behind the last line.
  public var pem: String { key.pemRepresentation + "\n" }

  /// What signatures call the key: SHA-256 of its PEM text. It finds keys, it proves nothing.
  public var hint: String { Digest(of: Array(pem.utf8)).description }

  func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else {
      return false
    }
    return key.isValidSignature(signature, for: message)
  }
}
