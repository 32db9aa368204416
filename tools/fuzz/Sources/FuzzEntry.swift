import SynapackSupport

#if canImport(Glibc)
  import Glibc
#endif

/// The entry points that libFuzzer calls. One program holds all targets, because building is what
/// takes long; the environment names the one to run.

/// The target of this process.
private let target: FuzzTarget = {
  let name = getenv("SYNAPACK_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = fuzzTargets.first(where: { $0.name == name }) else {
    let names = fuzzTargets.map(\.name).joined(separator: " ")
    fputs("SYNAPACK_FUZZ_TARGET must be one of: \(names)\n", stderr)
    exit(2)
  }
  return target
}()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
  _ = target
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: data, count: count)
  // Any refusal is a good answer; only a trap, a sanitizer's report or a limit is not.
  try? target.read(bytes.bytes)
  return 0
}

/// libFuzzer's own mutation, which the custom ones apply to parts.
@_silgen_name("LLVMFuzzerMutate")
func libFuzzerMutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int) -> Int

@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: CUnsignedInt
) -> Int {
  var random = MutationRandom(seed: UInt64(seed))
  guard let mutate = target.mutate, random.below(4) > 0 else {
    return libFuzzerMutate(data, count, capacity)
  }
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  guard let output = mutate(input, capacity, &random), !output.isEmpty, output.count <= capacity,
    output != input
  else { return libFuzzerMutate(data, count, capacity) }
  output.withUnsafeBufferPointer { data.update(from: $0.baseAddress!, count: output.count) }
  return output.count
}
