import Synapack
import SynapackBundle
@testable import SynapackPolicy
import SynapackReport
import SynapackSupport
@testable import SynapackTrust

/// A policy, checked on evidence that passes and on none, its verdict in every form.
let policyTarget = FuzzTarget(
  name: "policy",
  read: { bytes in
    guard let text = utf8Text(bytes), let policy = try? Policy(yaml: text, path: "policy"),
      let today = CalendarDay(year: 2027, month: 1, day: 31)
    else { return }
    let measures = Dictionary(uniqueKeysWithValues: policy.measures.map { ($0, 1.0) })
    for evidence in [Evidence(measures: measures, chip: "x"), Evidence()] {
      let checks = PolicyCheck(policy, evidence: evidence, baseline: evidence, today: today)
        .checks()
      let verdict = Verdict(bundle: "x", checks: checks, failOn: .error)
      let tree = SourceTree(root: "/work") { "/work/" + $0 }
      for format in VerdictFormat.allCases { _ = format.document(verdict, in: tree) }
    }
  })

/// A signature file, and the same bytes as a statement that a key did sign. Nothing is signed here:
/// what swift-crypto serializes crashes in a build with the fuzzer's instruments, whatever the bytes.
let signatureTarget = FuzzTarget(
  name: "signature",
  read: { bytes in
    guard let text = utf8Text(bytes) else { return }
    let digest = Digest(of: [])
    let open = fuzzKey.verifyingKey
    _ = try? ModelSignature.verify(text, name: "x", digest: digest, key: open)
    guard let statement = JSON(parsing: text) else { return }
    _ = try? ModelSignature.check(statement, name: "x", digest: digest)
    _ = try? TestResult.read(statement, digest: digest)
  })

private let fuzzKey = SigningKey()

/// A bundle, compared with itself.
let diffTarget = FuzzTarget(
  name: "diff",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "x")
    var report = Report()
    // What is run is no matter of reading, so that only short programs are.
    guard let bundle = try? BundleReader.read(file, &report).bundle,
      bundle.program.neurons * bundle.program.timesteps < 1 << 12
    else { return }
    guard let result = try? DiffJob.run(file, file, required: ChangeLevel.none, threads: 1) else {
      return
    }
    precondition(result.level == .none && result.findings.isEmpty, "a bundle differs from itself")
  }, mutator: bundleTarget.mutator)
