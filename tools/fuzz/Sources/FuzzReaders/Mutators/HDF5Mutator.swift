@testable import SynapackHDF5

/// Changes numbers and addresses of an HDF5 file, and mends the checksums of the newer structures
/// half of the time.
func mutatedHDF5(_ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom) -> [UInt8] {
  var changed = bytes
  for _ in 0...random.below(3) {
    guard changed.count >= 16 else { break }
    switch random.below(4) {
    case 0: changed = random.changed(changed, atMost: min(changed.count + 16, largest))
    case 1:
      // An address of something that is there.
      let places = hdf5Places(changed)
      if !places.isEmpty {
        let place = places[random.below(places.count)]
        changed.put(place, at: 8 * random.below(changed.count / 8), bytes: 8)
      }
    default:
      let count = 1 << random.below(4)
      let place =
        random.below(changed.count / count) * count + (random.oneIn(2) ? 0 : random.below(count))
      let old = changed.number(at: place, bytes: count)
      let value =
        random.oneIn(2)
        ? old ^ 1 << random.below(8 * count) : Int(truncatingIfNeeded: random.oddNumber())
      changed.put(value, at: place, bytes: count)
    }
  }
  if random.oneIn(2) { mendHDF5Checksums(&changed) }
  return changed
}

private let hdf5Signatures = [
  "OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD", "BTLF", "BTIN", "FAHD", "FADB", "TREE", "HEAP",
  "SNOD", "GCOL",
]
.map { Array($0.utf8) }

/// Where structures with a signature begin.
private func hdf5Places(_ bytes: [UInt8]) -> [Int] {
  (0..<max(0, bytes.count - 4)).filter { start in
    // All signatures begin with one of these letters.
    guard [0x4F, 0x46, 0x42, 0x54, 0x48, 0x53, 0x47].contains(bytes[start]) else { return false }
    return hdf5Signatures.contains { bytes[start..<start + 4].elementsEqual($0) }
  }
}

/// Makes the checksums right, in files whose addresses and lengths have eight bytes.
func mendHDF5Checksums(_ bytes: inout [UInt8]) {
  if bytes.starts(with: HDF5Signature.bytes), bytes.number(at: 8, bytes: 1) >= 2 {
    mend(&bytes, 0, 44)
  }
  var record = (size: 0, count: 0)
  for place in hdf5Places(bytes) {
    switch String(decoding: bytes.part(place, 4), as: UTF8.self) {
    case "OHDR": mendObjectHeader(&bytes, place)
    case "FRHP": mend(&bytes, place, 142)
    case "BTHD":
      record = (bytes.number(at: place + 10, bytes: 2), bytes.number(at: place + 24, bytes: 2))
      mend(&bytes, place, 34)
    case "BTLF": mend(&bytes, place, 6 + record.size * record.count)
    case "FAHD":
      record = (bytes.number(at: place + 6, bytes: 1), bytes.number(at: place + 8, bytes: 8))
      mend(&bytes, place, 24)
    case "FADB":
      if (0...bytes.count).contains(record.count) {
        mend(&bytes, place, 14 + record.size * record.count)
      }
    default: break
    }
  }
}

private func mend(_ bytes: inout [UInt8], _ start: Int, _ count: Int) {
  guard count >= 0, start + count + 4 <= bytes.count else { return }
  let sum = HDF5Checksum.lookup3(bytes.part(start, count).span.bytes)
  bytes.put(Int(sum), at: start + count, bytes: 4)
}

/// The header of an object and the pieces that continue it.
private func mendObjectHeader(_ bytes: inout [UInt8], _ start: Int) {
  let flags = bytes.number(at: start + 5, bytes: 1)
  var position = start + 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
  let width = 1 << (flags & 3)
  let size = bytes.number(at: position, bytes: width)
  position += width
  guard size >= 0, size <= bytes.count - position else { return }
  let end = position + size
  mend(&bytes, start, end - start)
  while position + 4 <= end {
    let length = bytes.number(at: position + 1, bytes: 2)
    let body = position + 4 + (flags & 4 != 0 ? 2 : 0)
    if bytes.number(at: position, bytes: 1) == 0x10 {
      let address = bytes.number(at: body, bytes: 8)
      let count = bytes.number(at: body + 8, bytes: 8)
      if (0..<bytes.count).contains(address), (4...bytes.count).contains(count) {
        mend(&bytes, address, count - 4)
      }
    }
    position = body + length
  }
}
