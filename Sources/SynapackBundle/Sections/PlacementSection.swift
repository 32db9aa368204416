internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The placement as bytes; see `schemas/bundle.md`.
enum PlacementSection {
  static func bytes(of placement: Placement) -> [UInt8] {
    var out = ByteWriter()
    out.put(text: placement.chip)
    out.put(int: placement.mesh.y)
    out.put(int: placement.mesh.x)
    out.put(int: placement.rates.count)
    for rate in placement.rates { out.put(double: rate) }
    out.put(int: placement.slices.count)
    for slice in placement.slices {
      out.put(int: slice.population)
      out.put(int: slice.core)
      for range in [slice.channels, slice.rows, slice.columns] {
        out.put(int: range.lowerBound)
        out.put(int: range.upperBound)
      }
    }
    out.put(int: placement.routes.count)
    for route in placement.routes {
      out.put(int: route.population)
      out.put(int: route.core)
      out.put(int: route.neurons)
      out.put(double: route.weight)
      out.put(int: route.destinations.count)
      for core in route.destinations { out.put(int: core) }
    }
    out.put(int: placement.resources.count)
    for name in placement.resources { out.put(text: name) }
    out.put(int: placement.usage.count)
    for usage in placement.usage {
      out.put(int: usage.core)
      for amount in usage.amounts { out.put(int: amount) }
    }
    put(placement.cost, into: &out)
    return out.bytes
  }

  private static func put(_ cost: PlacementCost, into out: inout ByteWriter) {
    for value in [cost.energy, cost.averageLatency, cost.maxLatency, cost.lowerBound] {
      out.put(UInt8(value == nil ? 0 : 1))
      out.put(double: value ?? 0)
    }
    for value in [cost.averageCongestion, cost.maxCongestion, cost.connectivity] {
      out.put(double: value)
    }
  }

  /// - Throws: `SYN0607` for bytes that break the layout or an index that leaves its range.
  static func read(_ bytes: [UInt8], for program: SpikingProgram) throws(PackError) -> Placement {
    var reader = ByteReader(bytes)
    let chip = try reader.text()
    let mesh = Extent(y: try reader.int(), x: try reader.int())
    guard let cores = mesh.y.times(mesh.x), (1...1 << 24).contains(cores) else {
      throw reader.refusal("a mesh of \(mesh.x)×\(mesh.y) cores")
    }
    var rates: [Double] = []
    for _ in 0..<(try reader.count(ofElements: 8)) { rates.append(try reader.double()) }
    guard rates.count == program.populations.count else {
      throw reader.refusal("\(rates.count) rates for \(program.populations.count) populations")
    }
    var slices: [Slice] = []
    for _ in 0..<(try reader.count(ofElements: 64)) {
      slices.append(try slice(&reader, program, cores: cores))
    }
    var routes: [Route] = []
    for _ in 0..<(try reader.count(ofElements: 40)) {
      routes.append(try route(&reader, program, rates, cores: cores))
    }
    var resources: [String] = []
    for _ in 0..<(try reader.count(ofElements: 8)) { resources.append(try reader.text()) }
    let usage = try usage(&reader, resources: resources.count, cores: cores)
    let cost = try cost(&reader)
    try reader.finish()
    return Placement(
      chip: chip, mesh: mesh, slices: slices, routes: routes, resources: resources, usage: usage,
      rates: rates, cost: cost)
  }

  private static func index(
    _ reader: inout ByteReader, below limit: Int
  ) throws(PackError) -> Int {
    let value = try reader.int()
    guard value < limit else { throw reader.refusal("the index \(value) of \(limit)") }
    return value
  }

  private static func slice(
    _ reader: inout ByteReader, _ program: SpikingProgram, cores: Int
  ) throws(PackError) -> Slice {
    let population = try index(&reader, below: program.populations.count)
    let core = try index(&reader, below: cores)
    let planes = program.populations[population].shape.planes ?? (0, 0, 0)
    var ranges: [Range<Int>] = []
    for extent in [planes.channels, planes.height, planes.width] {
      let lower = try reader.int()
      let upper = try reader.int()
      guard lower < upper, upper <= extent else {
        throw reader.refusal("the range \(lower)..<\(upper) of \(extent)")
      }
      ranges.append(lower..<upper)
    }
    return Slice(
      population: population, core: core, channels: ranges[0], rows: ranges[1],
      columns: ranges[2])
  }

  private static func route(
    _ reader: inout ByteReader, _ program: SpikingProgram, _ rates: [Double], cores: Int
  ) throws(PackError) -> Route {
    let population = try index(&reader, below: program.populations.count)
    let core = try index(&reader, below: cores)
    let neurons = try reader.int()
    let weight = try reader.double()
    var destinations: [Int] = []
    for _ in 0..<(try reader.count(ofElements: 8)) {
      destinations.append(try index(&reader, below: cores))
    }
    guard (1...program.populations[population].shape.count).contains(neurons),
      weight == Double(neurons) * rates[population],
      zip(destinations, destinations.dropFirst()).allSatisfy(<)
    else {
      throw reader.refusal("a route of \(neurons) neurons, weight \(weight), to \(destinations)")
    }
    return Route(
      population: population, core: core, destinations: destinations, neurons: neurons,
      weight: weight)
  }

  private static func usage(
    _ reader: inout ByteReader, resources: Int, cores: Int
  ) throws(PackError) -> [CoreUsage] {
    guard let size = resources.adding(1)?.times(8) else { throw reader.refusal("too much") }
    var usage: [CoreUsage] = []
    for _ in 0..<(try reader.count(ofElements: size)) {
      let core = try index(&reader, below: cores)
      var amounts: [Int] = []
      for _ in 0..<resources { amounts.append(try reader.int()) }
      usage.append(CoreUsage(core: core, amounts: amounts))
    }
    return usage
  }

  private static func cost(_ reader: inout ByteReader) throws(PackError) -> PlacementCost {
    var optional: [Double?] = []
    for _ in 0..<4 {
      let isPresent = try reader.u8()
      let value = try reader.double()
      guard isPresent == 1 || (isPresent == 0 && value == 0) else {
        throw reader.refusal("a cost of presence \(isPresent)")
      }
      optional.append(isPresent == 1 ? value : nil)
    }
    return PlacementCost(
      energy: optional[0], averageLatency: optional[1], maxLatency: optional[2],
      averageCongestion: try reader.double(), maxCongestion: try reader.double(),
      connectivity: try reader.double(), lowerBound: optional[3])
  }
}
