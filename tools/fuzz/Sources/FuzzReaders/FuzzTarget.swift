/// One reader under test.
struct FuzzTarget: Sendable {
  /// What `tools/fuzz/run` and the folders of the corpora call it.
  let name: String
  /// Reads the bytes as a file. Errors are answers; only traps, hangs and memory are not.
  let read: @Sendable ([UInt8]) -> Void
  /// Changes bytes so that they keep the form that a reader looks at first; at most `largest`
  /// bytes come out, none where this input offers no hold.
  var mutator: Mutator?
}

typealias Mutator =
  @Sendable (_ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom) -> [UInt8]

/// Every target, in the order in which they run.
let fuzzTargets: [FuzzTarget] = [
  onnxTarget, safetensorsTarget, indexTarget, npyTarget, npzTarget, hdf5Target, kerasTarget,
  nirTarget, tfliteTarget, bundleTarget, architectureTarget, chipTarget,
  demandTarget, chipFitTarget, recipeTarget, yamlTarget, policyTarget, signatureTarget, diffTarget,
]
