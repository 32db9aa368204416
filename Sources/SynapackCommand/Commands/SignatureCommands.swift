import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// A pair of keys for signing.
struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a pair of P-256 keys: NAME.pem to sign with, NAME.pub.pem to verify with.")

  @Argument(help: "The name of the pair, such as release.")
  var name: String

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let (secret, open) = (name + ".pem", name + ".pub.pem")
    guard !name.isEmpty, name != "-", !name.hasSuffix("/") else {
      throw PackError(
        .badOption, "a pair of keys without a name", at: .option("NAME"),
        hint: "name it, such as release; keys are files and never printed")
    }
    // The public key of a checkout whose secret lies elsewhere is not to be replaced.
    guard !MappedFile.exists(open) else {
      throw PackError(
        .unwritableFile, "the file is there already, and a key is never replaced", at: .file(open),
        hint: "choose another name, or remove it")
    }
    let keys = SignatureJob.keys()
    try AtomicFile.createSecret(Array(keys.secret.utf8), at: secret)
    try AtomicFile.write(Array(keys.open.utf8), to: open)
    if out.json {
      let document: JSON = [
        "schema": "synapack.keygen/1", "secret": .string(secret), "public": .string(open),
        "hint": .string(keys.hint),
      ]
      Console.print(document.text(indent: true))
    }
    guard !out.quiet else { return }
    Console.note(
      TerminalText.plain("\(secret) signs, and is the secret: keep it out of the repository"))
    Console.note(TerminalText.plain("\(open) verifies: give it to those who check bundles"))
  }
}

/// A detached signature.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign a bundle: OpenSSF Model Signing 1.0 with a P-256 key, in BUNDLE.sig.",
    discussion: "Python's model_signing verifies it: model_signing verify key --public_key PUB.pem "
      + "--signature BUNDLE.sig BUNDLE")

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .long, help: "The private key in PEM, from a file.")
  var key: String

  @Option(
    name: .shortAndLong, help: "The signature file; - is standard output. Default: BUNDLE.sig.")
  var output: String?

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let path = output ?? SignatureJob.path(of: bundle)
    guard !AtomicFile.isSame(path, as: bundle), !AtomicFile.isSame(path, as: key) else {
      throw PackError(
        .badOption, "the output would replace the bundle or the key", at: .option("--output"),
        hint: "write to another file")
    }
    guard path != "-" || !out.json else {
      throw PackError(
        .badOption, "the signature and the document would share standard output",
        at: .option("--output"), hint: "write the signature to a file, or leave out --json")
    }
    let signed = try SignatureJob.sign(bundle, key: key)
    guard path != "-" else { return Console.write(signed.text, to: Console.output) }
    try AtomicFile.write(Array(signed.text.utf8), to: path)
    if out.json {
      let document: JSON = [
        "schema": "synapack.sign/1", "bundle": .string(bundle),
        "sha256": .string(signed.digest.description), "signature": .string(path),
        "hint": .string(signed.hint),
      ]
      Console.print(document.text(indent: true))
    } else if !out.quiet {
      Console.note(TerminalText.plain("signed: \(bundle), in \(path)"))
    }
  }
}

/// A signature held against a key.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verify the signature of a bundle; status 5 where it does not hold.")

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .long, help: "The public key in PEM.")
  var key: String

  @Option(name: .long, help: "The signature file. Default: BUNDLE.sig.")
  var signature: String?

  @Option(
    name: .long,
    help: """
      Verify a test result of `validate --attestation` instead, and print what it rests on and what \
      it did not check; status 1 for FAILED.
      """)
  var attestation: String?

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    if let attestation {
      guard signature == nil else {
        throw PackError(
          .badOption, "one call verifies a signature or an attestation, not both",
          at: .option("--signature"), hint: "call `synapack verify` once for each")
      }
      return try verify(attestation)
    }
    let verified = try SignatureJob.verify(bundle, key: key, signature: signature)
    if out.json {
      let document: JSON = [
        "schema": "synapack.verify/1", "status": "verified",
        "sha256": .string(verified.digest.description), "hint": .string(verified.hint),
      ]
      Console.print(document.text(indent: true))
    } else if !out.quiet {
      Console.print(
        TerminalText.plain("verified: \(bundle), SHA-256 \(verified.digest), signed by \(key)"))
    }
  }

  private func verify(_ attestation: String) throws {
    let result = try AttestationJob.verified(bundle, key: key, attestation: attestation)
    if out.json {
      Console.print(result.document.text(indent: true))
    } else if !out.quiet {
      Console.print("verified: \(result.outcome)")
      for line in result.lines { Console.print("  " + TerminalText.plain(line)) }
    }
    if result.fails { throw ExitCode(ErrorKind.finding.rawValue) }
  }
}
