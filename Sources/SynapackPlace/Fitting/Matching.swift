/// An exact matching of items to kinds of places, of which each kind has a number.
///
/// Kuhn's augmenting paths over the kinds. Where no matching takes every item, the items and kinds
/// that alternating paths reach from one that is left over are a certificate (Hall 1935): more
/// items than all the places that any of them may take.
struct Matching: Sendable {
  /// The kind of each item; only where all are matched.
  let kinds: [Int]?
  /// Otherwise items that together may take these kinds alone, and too few places in them.
  let violation: Violation?

  struct Violation: Sendable, Hashable {
    /// Ascending.
    var items: [Int]
    /// Ascending; every kind that any of the items may take.
    var kinds: [Int]
    /// The places of these kinds; fewer than the items.
    var places: Int
  }

  /// - Parameters:
  ///   - allowed: for each item the kinds that it may take, ascending.
  ///   - places: how many places each kind has.
  init(allowed: [[Int]], places: [Int]) {
    var state = State(allowed: allowed, places: places)
    for item in allowed.indices {
      var seen = [Bool](repeating: false, count: places.count)
      guard state.place(item, &seen) else {
        kinds = nil
        violation = state.violation(of: item, seen)
        return
      }
    }
    kinds = state.kindOfItem
    violation = nil
  }

  private struct State {
    let allowed: [[Int]]
    let places: [Int]
    var kindOfItem: [Int]
    /// The items in each kind.
    var members: [[Int]]

    init(allowed: [[Int]], places: [Int]) {
      self.allowed = allowed
      self.places = places
      kindOfItem = Array(repeating: -1, count: allowed.count)
      members = Array(repeating: [], count: places.count)
    }

    /// Finds a place for an item, moving others. Each kind is entered once, so the depth of the
    /// search is at most the number of kinds.
    mutating func place(_ item: Int, _ seen: inout [Bool]) -> Bool {
      for kind in allowed[item] where !seen[kind] {
        seen[kind] = true
        if members[kind].count < places[kind] {
          members[kind].append(item)
          kindOfItem[item] = kind
          return true
        }
        for (slot, other) in members[kind].enumerated() where place(other, &seen) {
          members[kind][slot] = item
          kindOfItem[item] = kind
          return true
        }
      }
      return false
    }

    /// `seen` are the kinds that a failed search entered: all that its items may take.
    func violation(of item: Int, _ seen: [Bool]) -> Violation {
      let kinds = seen.indices.filter { seen[$0] }
      let items = (kinds.flatMap { members[$0] } + [item]).sorted()
      return Violation(items: items, kinds: kinds, places: kinds.reduce(0) { $0 + places[$1] })
    }
  }
}
