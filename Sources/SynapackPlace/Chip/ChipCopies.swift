public import SynapackSupport
public import SynapackTensor

/// The name of a chip, or of several that are joined: `loihi1`, `loihi1:2x1`, `loihi1:8`.
public struct ChipName: Sendable, Hashable {
  /// The name of one.
  public let base: String
  /// Columns (`x`) and rows (`y`) of chips.
  public let copies: Extent

  /// - Parameter text: a number alone is as square as it can be, wider than high.
  /// - Throws: `SYN0502` for a suffix that is no number of chips.
  public init(_ text: String) throws(PackError) {
    guard let colon = text.lastIndex(of: ":") else {
      (base, copies) = (text, Extent(y: 1, x: 1))
      return
    }
    base = String(text[..<colon])
    let numbers = text[text.index(after: colon)...].split(
      separator: "x", omittingEmptySubsequences: false
    ).map { Int($0) }
    let most = 1...4096
    switch numbers.count {
    case 1:
      if let number = numbers[0], most.contains(number) {
        copies = ChipName.nearlySquare(number)
        return
      }
    case 2:
      if let across = numbers[0], let down = numbers[1], most.contains(across),
        most.contains(down)
      {
        copies = Extent(y: down, x: across)
        return
      }
    default: break
    }
    throw PackError(
      .unknownChip, "`\(text)` is no number of chips",
      hint: "give a name, and behind a colon how many across and down, such as \(base):2x1")
  }

  /// The canonical text; one chip has its name alone.
  public static func text(_ base: String, _ copies: Extent) -> String {
    copies.x * copies.y == 1 ? base : "\(base):\(copies.x)x\(copies.y)"
  }

  static func nearlySquare(_ number: Int) -> Extent {
    var down = 1
    for candidate in 1...number where candidate * candidate <= number {
      if number.isMultiple(of: candidate) { down = candidate }
    }
    return Extent(y: down, x: number / down)
  }
}

extension Chip {
  /// Several of what the file describes, side by side, whose cores together are the mesh; resources
  /// of a chip are there once in each.
  ///
  /// - Throws: `SYN0502` for chips of which nobody published how they are joined, whose cores differ,
  ///   whose limits are of a whole network, and for more than a mesh holds.
  public func joined(_ copies: Extent) throws(PackError) -> Chip {
    guard copies.x * copies.y > 1 else { return self }
    let whole = ChipName.text(id, copies)
    func refusal(_ text: String, _ hint: String) -> PackError {
      PackError(.unknownChip, "there is no `\(whole)`: " + text, hint: hint)
    }
    // What no `board` would help with comes first.
    if let obstacle { throw refusal(obstacle, "use one") }
    guard var board else {
      throw refusal(
        "no source says how several of \(id) are joined",
        "use one, or state `board` in a chip file of your own")
    }
    let (rows, columns) = (mesh.y * copies.y, mesh.x * copies.x)
    guard rows <= 4096, columns <= 4096 else {
      throw refusal(
        "\(columns) × \(rows) cores are more than a mesh holds", "use fewer")
    }
    board.chips = Extent(y: board.chips.y * copies.y, x: board.chips.x * copies.x)
    var chip = self
    chip.id = whole
    chip.mesh = Extent(y: rows, x: columns)
    chip.board = board
    chip.copies = copies
    chip.kinds[0].count *= copies.x * copies.y
    return chip
  }

  /// One of several that are joined.
  var alone: Chip {
    guard isJoined, var board, let name = try? ChipName(id) else { return self }
    board.chips = Extent(y: board.chips.y / copies.y, x: board.chips.x / copies.x)
    var chip = self
    chip.id = name.base
    chip.mesh = Extent(y: mesh.y / copies.y, x: mesh.x / copies.x)
    chip.board = board
    chip.copies = Extent(y: 1, x: 1)
    chip.kinds[0].count /= copies.x * copies.y
    return chip
  }

  /// What of the file speaks against several; `nil` for nothing.
  private var obstacle: String? {
    guard takes == .blocks, kinds.count == 1 else {
      return "its cores take whole layers or are of several kinds"
    }
    if let limit = limits.first(where: { $0.scope == .chip }) {
      return "its limit on \(limit.name) is of a whole network"
    }
    let divided = CopyCounts.variables
    let whole = DemandVariable.allCases.filter { !divided.contains($0) }
    let resource = resources(.chip).first { resource in
      whole.contains { resource.demand.mentions($0.rawValue) }
    }
    return resource.map { "its \($0.name) is counted for a whole network" }
  }

  /// Whether this is several chips.
  var isJoined: Bool { copies.x * copies.y > 1 }

  /// What each of several chips has once, shared by its cores; nothing where there is one chip.
  var sharedResources: [Resource] {
    isJoined ? resources(.chip).filter { $0.capacity != nil } : []
  }

  /// Which of several chips a core lies on, counted row by row.
  func copy(ofCore core: Int) -> Int {
    let (rows, columns) = (mesh.y / copies.y, mesh.x / copies.x)
    return core / mesh.x / rows * copies.x + core % mesh.x / columns
  }
}
