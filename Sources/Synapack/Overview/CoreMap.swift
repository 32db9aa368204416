internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The part of the mesh that a placement uses and what travels there, in squares of one core or of a
/// block of neighbours, so that a chip of any size has a map that a page bears.
struct CoreMap {
  private let placement: Placement
  private let program: SpikingProgram
  /// The columns and rows of the mesh that hold cores in use.
  private let across: Range<Int>
  private let down: Range<Int>
  /// Cores along an edge of a square.
  private let block: Int
  /// Where in the mesh one chip of a board ends and the next begins.
  private let borders: (columns: [Int], rows: [Int])
  private var squares: [Int: Square] = [:]
  private var streams: [Stream: Double] = [:]

  /// Squares along the longer edge of a map, and streams that are drawn.
  private static let (mostSquares, mostStreams) = (40, 60)

  private struct Square {
    var cores: Set<Int> = []
    /// Neurons by population.
    var neurons: [Int: Int] = [:]
    /// Events that its cores send or receive in an inference.
    var events = 0.0
  }

  private struct Stream: Hashable {
    var from: Int
    var to: Int
  }

  /// - Parameter geometry: that of the chip, where it is known.
  init(_ placement: Placement, _ program: SpikingProgram, on geometry: MeshGeometry? = nil) {
    self.placement = placement
    self.program = program
    let width = max(1, placement.mesh.x)
    let cores = placement.slices.map(\.core)
    across = CoreMap.span(cores.map { $0 % width })
    down = CoreMap.span(cores.map { $0 / width })
    let longest = max(across.count, down.count)
    block = (longest + CoreMap.mostSquares - 1) / CoreMap.mostSquares
    borders = (
      CoreMap.borders(geometry?.chipColumns, in: across),
      CoreMap.borders(geometry?.chipRows, in: down)
    )
    for slice in placement.slices {
      let square = square(of: slice.core)
      squares[square, default: Square()].cores.insert(slice.core)
      squares[square, default: Square()].neurons[slice.population, default: 0] += slice.neurons
    }
    for route in placement.routes {
      let from = square(of: route.core)
      for destination in route.destinations {
        let to = square(of: destination)
        squares[from, default: Square()].events += route.weight
        squares[to, default: Square()].events += route.weight
        if from != to { streams[Stream(from: from, to: to), default: 0] += route.weight }
      }
    }
  }

  private static func span(_ places: [Int]) -> Range<Int> {
    guard let first = places.min(), let last = places.max() else { return 0..<1 }
    return first..<last + 1
  }

  /// The first columns or rows of chips that begin inside a span.
  private static func borders(_ chip: Int?, in span: Range<Int>) -> [Int] {
    guard let chip, chip > 0 else { return [] }
    let first = (span.lowerBound / chip + 1) * chip
    return Array(stride(from: first, to: span.upperBound, by: chip))
  }

  private var columns: Int { (across.count + block - 1) / block }
  private var rows: Int { (down.count + block - 1) / block }

  private func square(of core: Int) -> Int {
    let (y, x) = core.quotientAndRemainder(dividingBy: max(1, placement.mesh.x))
    return (y - down.lowerBound) / block * columns + (x - across.lowerBound) / block
  }

  var json: JSON {
    let most = squares.values.map(\.events).max() ?? 0
    return [
      "columns": .integer(columns), "rows": .integer(rows), "coresAnEdge": .integer(block),
      "meshColumns": .array([.integer(across.lowerBound), .integer(across.upperBound - 1)]),
      "meshRows": .array([.integer(down.lowerBound), .integer(down.upperBound - 1)]),
      "chipBorders": [
        "columns": .array(borders.columns.map { inSquares($0, across) }),
        "rows": .array(borders.rows.map { inSquares($0, down) }),
      ],
      "tiles": .array(
        squares.sorted { $0.key < $1.key }.map { tile($0.key, $0.value, most: most) }),
      "flows": .array(widest),
    ]
  }

  private func inSquares(_ border: Int, _ span: Range<Int>) -> JSON {
    .number(Double(border - span.lowerBound) / Double(block))
  }

  private func place(_ square: Int) -> [String: JSON] {
    ["column": .integer(square % columns), "row": .integer(square / columns)]
  }

  private func tile(_ index: Int, _ square: Square, most: Double) -> JSON {
    // The earlier of two layers with as many neurons.
    let layer = square.neurons.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    var members = place(index)
    members["cores"] = .integer(square.cores.count)
    members["core"] = square.cores.min().map(JSON.integer) ?? .null
    members["layer"] = layer.map { .string(program.populations[$0].name) } ?? .null
    members["layerNumber"] = layer.map { .integer($0 + 1) } ?? .null
    members["events"] = .number(square.events)
    members["share"] = .number(most > 0 ? square.events / most : 0)
    return .object(members)
  }

  private var widest: [JSON] {
    let ordered = streams.sorted { left, right in
      (-left.value, left.key.from, left.key.to) < (-right.value, right.key.from, right.key.to)
    }
    let most = ordered.first?.value ?? 0
    return ordered.prefix(CoreMap.mostStreams).filter { $0.value > 0 }.map { stream, events in
      [
        "from": .object(place(stream.from)), "to": .object(place(stream.to)),
        "events": .number(events), "share": .number(most > 0 ? events / most : 0),
      ]
    }
  }
}
