import SynapackBundle
import SynapackSupport

/// A bundle, held to every rule, its program verified.
let bundleTarget = FuzzTarget(
  name: "bundle",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "program.synapack")
    var report = Report()
    _ = BundleReader.recognises(file)
    let whole = try? BundleReader.read(file, &report)
    // Weights that stay in their section make no difference.
    let left = try? BundleReader.read(file, leavesWeights: true, &report)
    precondition(whole?.contentID == left?.contentID, "the two ways of reading disagree")
  },
  mutator: { mutatedBundle($0, $1, &$2) })
