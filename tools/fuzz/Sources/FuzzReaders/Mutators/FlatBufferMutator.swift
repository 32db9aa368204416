/// Changes numbers of a FlatBuffers file in place: offsets ahead to other places, table entries,
/// counts and values, each in its own width.
func mutatedFlatBuffer(
  _ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom
) -> [UInt8] {
  guard bytes.count >= 16, !random.oneIn(5) else { return [] }
  var changed = bytes
  for _ in 0...random.below(4) {
    let count = 1 << random.below(4)
    let place = random.below(changed.count / count) * count
    let old = changed.number(at: place, bytes: count)
    switch random.below(6) {
    case 0:
      // An offset leads ahead from where it stands to a multiple of four.
      let place = random.below(changed.count / 4) * 4
      changed.put(4 + random.below((changed.count - place) / 4) * 4, at: place, bytes: 4)
    case 1:
      // What leads from one place leads from another as well.
      let from = random.below(changed.count / 4) * 4
      let to = random.below(changed.count / 4) * 4
      changed.put(changed.number(at: from, bytes: 4) &+ from &- to, at: to, bytes: 4)
    case 2: changed.put(old &+ random.below(9) &- 4, at: place, bytes: count)
    case 3: changed.put(random.below(130), at: place, bytes: count)
    case 4: changed.put(old ^ 1 << random.below(8 * count), at: place, bytes: count)
    default:
      changed.put(Int(truncatingIfNeeded: random.oddNumber()), at: place, bytes: count)
    }
  }
  return changed
}
