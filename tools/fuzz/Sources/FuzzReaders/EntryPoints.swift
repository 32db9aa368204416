import CLibFuzzer
import Foundation

/// What libFuzzer calls. The target is the one that `FUZZ_TARGET` names.

private let chosen: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = fuzzTargets.first(where: { $0.name == name }) else {
    let names = fuzzTargets.map(\.name).joined(separator: "\n")
    print(names)
    exit(name.isEmpty ? 0 : 2)
  }
  return target
}()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer
) -> Int32 {
  _ = chosen
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  chosen.read(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ largest: Int, _ seed: UInt32
) -> Int {
  var random = MutationRandom(seed: UInt64(seed))
  guard let mutator = chosen.mutator, random.oneIn(8) == false else {
    return LLVMFuzzerMutate(data, size, largest)
  }
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  let changed = mutator(bytes, largest, &random)
  guard !changed.isEmpty, changed.count <= largest else {
    return LLVMFuzzerMutate(data, size, largest)
  }
  for (index, byte) in changed.enumerated() { data[index] = byte }
  return changed.count
}
