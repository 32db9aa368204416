import SynapackBundle
import SynapackSupport

/// A bundle, held to every rule, its program verified.
let bundleTarget = FuzzTarget(
  name: "bundle",
  read: { bytes in
    let file = MappedFile(bytes: bytes.span.bytes, path: "program.synapack")
    var report = Report()
    _ = BundleReader.recognises(file)
    _ = try? BundleReader.read(file, &report)
  },
  mutator: { mutatedBundle($0, $1, &$2) })
