internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Cuts one population into blocks that each fit a core.
///
/// Block shapes are enumerated exactly: every size along each axis that some number of equal parts
/// gives. Fewest blocks win; of those the shape with the fewest inbound axons, which is the one
/// with the smallest halo; of those the one with the most channels, then rows.
struct Tiling {
  let index: Int
  let population: Population
  let reaches: [ConnectionReach]
  let chip: Chip
  let shapes: [Shape]
  /// What a core that takes such layers has at most; what is not published sets no bound.
  private let budgets: [(resource: Chip.Resource, capacity: Int)]
  private let details: BlockDetails
  private let listeners: Listeners?

  /// - Parameter listeners: those that hear the population, where the chip counts them.
  init(
    _ index: Int, _ program: SpikingProgram, _ chip: Chip, bits: Int? = nil,
    listeners: Listeners? = nil
  ) {
    self.index = index
    self.listeners = listeners
    population = program.populations[index]
    shapes = program.populations.map(\.shape)
    self.chip = chip
    reaches = program.incoming(index).map { connection in
      var connection = connection
      if let bits { connection.weightBits = min(bits, connection.weightBits) }
      return ConnectionReach(connection, of: program)
    }
    details = BlockDetails(population, reaches, chip)
    let kind = Chip.LayerKind(of: program, index)
    budgets = chip.resources(.core).compactMap { resource in
      chip.largestCapacity(of: resource, for: kind).map { (resource, $0) }
    }
  }

  /// What a search for blocks came to.
  enum Outcome {
    case blocks([Block])
    /// No form manages with as many blocks.
    case tooMany
    /// Not even one neuron fits.
    case neuron(resource: Chip.Resource, demand: Int, capacity: Int)
  }

  /// The blocks of a form that hear the least in all, squarer ones before others, of the most
  /// channels that fit; `nil` where no form fits.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func blocks(atMost limit: Int, _ wanted: BlockForm) throws(PackError) -> Outcome? {
    let forms = forms().filter { $0.blocks <= limit }
    var best: (heard: Double, form: Form)?
    for form in forms.sorted(by: { ($1.channels, $0.blocks) < ($0.channels, $1.blocks) }) {
      if let best, form.channels < best.form.channels { break }
      guard let middle = try heard(form, wanted.share) else { continue }
      let longest = Double(max(form.rows, form.columns)) / Double(min(form.rows, form.columns))
      let heard = Double(middle * form.blocks) * (1 + 0.05 * min(longest, 10))
      if best.map({ heard < $0.heard }) ?? true, try fitting(form) != nil { best = (heard, form) }
    }
    return try best.flatMap { (best) throws(PackError) in try fitting(best.form).map(Outcome.blocks)
    }
  }

  /// What the block in the middle hears; `nil` where it takes more than a share of a core.
  private func heard(_ form: Form, _ share: Double) throws(PackError) -> Int? {
    let counts = middle(form).counts
    for (resource, capacity) in budgets {
      // A share of one thing, such as a slice, is no thing.
      let allowed = max(1, Int(Double(capacity) * share))
      if try resource.demand.value(counts) > allowed { return nil }
    }
    if try CopyCounts(counts).excess(chip) != nil { return nil }
    return counts.inAxons
  }

  private struct Form {
    var blocks: Int
    var channels: Int
    var rows: Int
    var columns: Int
  }

  /// The best blocks, at most `limit` of them.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func blocks(atMost limit: Int) throws(PackError) -> Outcome {
    if let excess = try excessOfOneNeuron() { return excess }
    var best: (axons: Int, blocks: [Block])?
    var bestCount = Int.max
    for form in forms() {
      // The forms come in ascending order of their blocks.
      guard form.blocks <= limit, form.blocks <= bestCount else { break }
      guard try isPromising(form), let blocks = try fitting(form) else { continue }
      let axons = blocks.reduce(0) { $0 + $1.counts.inAxons }
      if best.map({ axons < $0.axons }) ?? true { best = (axons, blocks) }
      bestCount = form.blocks
    }
    return best.map { .blocks($0.blocks) } ?? .tooMany
  }

  /// Every form, fewest blocks first.
  private func forms() -> [Form] {
    let planes = population.shape.planes ?? (0, 0, 0)
    var forms: [Form] = []
    for channels in Tiling.sizes(planes.channels) {
      for rows in Tiling.sizes(planes.height) {
        for columns in Tiling.sizes(planes.width) {
          let blocks =
            Tiling.parts(planes.channels, channels) * Tiling.parts(planes.height, rows)
            * Tiling.parts(planes.width, columns)
          forms.append(Form(blocks: blocks, channels: channels, rows: rows, columns: columns))
        }
      }
    }
    return forms.sorted {
      ($0.blocks, -$0.channels, -$0.rows) < ($1.blocks, -$1.channels, -$1.rows)
    }
  }

  /// The sizes ⌈extent / n⌉, largest first.
  private static func sizes(_ extent: Int) -> [Int] {
    var sizes: [Int] = []
    var size = extent
    while size >= 1 {
      sizes.append(size)
      guard size > 1 else { break }
      // The fewest parts that need a smaller size.
      let parts = (extent + size - 2) / (size - 1)
      size = (extent + parts - 1) / parts
    }
    return sizes
  }

  private static func parts(_ extent: Int, _ size: Int) -> Int { (extent + size - 1) / size }

  private static func ranges(_ extent: Int, _ size: Int) -> [Range<Int>] {
    stride(from: 0, to: extent, by: size).map { $0..<min(extent, $0 + size) }
  }

  /// Looks at the block in the middle alone, which hears as much as any.
  private func isPromising(_ form: Form) throws(PackError) -> Bool {
    try excess(middle(form).counts) == nil
  }

  private func middle(_ form: Form) -> Block {
    let planes = population.shape.planes ?? (0, 0, 0)
    func middle(_ extent: Int, _ size: Int) -> Range<Int> {
      let start = (extent / 2) / size * size
      return start..<min(extent, start + size)
    }
    let rows = middle(planes.height, form.rows)
    let columns = middle(planes.width, form.columns)
    return block(channels: 0..<form.channels, rows: rows, columns: columns)
  }

  private func fitting(_ form: Form) throws(PackError) -> [Block]? {
    let planes = population.shape.planes ?? (0, 0, 0)
    var blocks: [Block] = []
    let columnRanges = Tiling.ranges(planes.width, form.columns)
    let columnSpans = columnRanges.map { range in reaches.map { $0.columns(range) } }
    let rowRanges = Tiling.ranges(planes.height, form.rows)
    let rowSpans = rowRanges.map { range in reaches.map { $0.rows(range) } }
    for channels in Tiling.ranges(planes.channels, form.channels) {
      for (rows, vertical) in zip(rowRanges, rowSpans) {
        for (columns, horizontal) in zip(columnRanges, columnSpans) {
          let block = block(
            channels: channels, rows: rows, columns: columns, Array(zip(vertical, horizontal)))
          guard try excess(block.counts) == nil else { return nil }
          blocks.append(block)
        }
      }
    }
    return blocks
  }

  private func block(
    channels: Range<Int>, rows: Range<Int>, columns: Range<Int>,
    _ spans: [(rows: AxisSpan, columns: AxisSpan)]
  ) -> Block {
    var counts = CoreCounts()
    counts.neurons = channels.count * rows.count * columns.count
    counts.senders = listeners?.senders(channels, rows, columns) ?? counts.neurons
    counts.slices = 1
    var boxes: [SourceBox] = []
    var inputBoxes: [SourceBox] = []
    var inputShape: Shape?
    for (reach, span) in zip(reaches, spans) {
      let (heard, paths) = reach.channels(channels)
      let synapses = Bounded.product(
        paths, Bounded.product(span.rows.paths, span.columns.paths))
      counts.synapses = Bounded.sum(counts.synapses, synapses)
      counts.synapseBits = Bounded.sum(
        counts.synapseBits, Bounded.product(synapses, reach.weightBits))
      counts.weightBits = max(counts.weightBits, reach.weightBits)
      // Every neuron of a matrix has its own row, those of a convolution share their channel's.
      let stored = Bounded.product(
        reach.group == nil ? counts.neurons : channels.count, reach.weightsPerChannel)
      counts.storedWeights = Bounded.sum(counts.storedWeights, stored)
      counts.storedWeightBits = Bounded.sum(
        counts.storedWeightBits, Bounded.product(stored, reach.weightBits))
      if reach.group != nil {
        counts.kernelWeightBits = Bounded.sum(
          counts.kernelWeightBits, Bounded.product(stored, reach.weightBits))
      }
      let box = SourceBox(
        population: reach.source ?? 0, channels: heard, rows: span.rows.cells,
        columns: span.columns.cells)
      if reach.source != nil {
        boxes.append(box)
      } else if let shape = reach.spikingInput {
        inputBoxes.append(box)
        inputShape = shape
      }
    }
    counts.inAxons =
      distinctNeurons(boxes, shapes: shapes)
      + (inputShape.map { distinctNeurons(inputBoxes, shapes: [$0]) } ?? 0)
    details.add(to: &counts, channels: channels, rows: rows, columns: columns)
    return Block(
      population: index, channels: channels, rows: rows, columns: columns, boxes: boxes,
      inputBoxes: inputBoxes, inputShape: inputShape, counts: counts)
  }

  /// The first resource of which `counts` asks for more than a core has.
  func excess(
    _ counts: CoreCounts
  ) throws(PackError) -> (resource: Chip.Resource, demand: Int, capacity: Int)? {
    for (resource, capacity) in budgets {
      let demand = try resource.demand.value(counts)
      if demand > capacity { return (resource, demand, capacity) }
    }
    return try CopyCounts(counts).excess(chip)
  }

  /// The whole population as one block.
  func whole() -> Block {
    let planes = population.shape.planes ?? (0, 0, 0)
    return block(
      channels: 0..<planes.channels, rows: 0..<planes.height, columns: 0..<planes.width)
  }

  /// The neurons of some channels, rows and columns.
  func block(channels: Range<Int>, rows: Range<Int>, columns: Range<Int>) -> Block {
    block(
      channels: channels, rows: rows, columns: columns,
      reaches.map { ($0.rows(rows), $0.columns(columns)) })
  }

  private func excessOfOneNeuron() throws(PackError) -> Outcome? {
    let planes = population.shape.planes ?? (0, 0, 0)
    let row = planes.height / 2..<planes.height / 2 + 1
    let column = planes.width / 2..<planes.width / 2 + 1
    var blocks = [block(channels: 0..<1, rows: row, columns: column)]
    if let (channel, row, column) = listeners?.loudest {
      blocks.append(
        block(
          channels: channel..<channel + 1, rows: row..<row + 1, columns: column..<column + 1))
    }
    for one in blocks {
      guard let (resource, demand, capacity) = try excess(one.counts) else { continue }
      return .neuron(resource: resource, demand: demand, capacity: capacity)
    }
    return nil
  }
}
