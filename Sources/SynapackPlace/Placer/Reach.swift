internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Sums and products of counts, which stop at 2⁵³: no chip has so much of anything, and a program
/// may ask for more synapses than an integer counts.
enum Bounded {
  static let most = 1 << 53

  static func sum(_ left: Int, _ right: Int) -> Int { min(left.adding(right) ?? most, most) }
  static func product(_ left: Int, _ right: Int) -> Int { min(left.times(right) ?? most, most) }
}

/// Along one axis of one connection: which source cells each target cell hears.
struct AxisReach {
  /// For each target cell the distinct source cells, ascending.
  let cells: [[Int]]
  /// For each target cell the paths to it: a source cell counts once for each way through the
  /// relays and the kernel.
  let paths: [Int]
  /// For each target cell the source cells, ascending, with the paths from each.
  let links: [[(cell: Int, paths: Int)]]

  /// Windows in order of travel, as (kernel, stride, dilation, padding before, output extent).
  struct Step {
    var kernel: Int
    var stride: Int
    var dilation: Int
    var before: Int
    var extent: Int
  }

  init(source: Int, steps: [Step], gathered: Bool) {
    // Source cells with how many paths lead from each, ascending.
    var heard = (0..<source).map { [($0, 1)] }
    for step in steps {
      heard = (0..<step.extent).map { cell in
        var counts: [Int: Int] = [:]
        for tap in 0..<step.kernel {
          let place = step.stride * cell + step.dilation * tap - step.before
          guard heard.indices.contains(place) else { continue }
          for (source, paths) in heard[place] {
            counts[source] = Bounded.sum(counts[source] ?? 0, paths)
          }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      }
    }
    if gathered {
      // A dense layer hears everything that arrives.
      var counts: [Int: Int] = [:]
      for (source, paths) in heard.joined() {
        counts[source] = Bounded.sum(counts[source] ?? 0, paths)
      }
      heard = [counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }]
    }
    links = heard.map { row in row.map { (cell: $0.0, paths: $0.1) } }
    cells = heard.map { $0.map(\.0) }
    paths = heard.map { $0.reduce(0) { Bounded.sum($0, $1.1) } }
  }
}

extension AxisReach {
  /// For each source cell that the targets of a range hear, the paths to all of them.
  func sent(to range: Range<Int>) -> [Int: Int] {
    var sent: [Int: Int] = [:]
    for target in range {
      for link in links[target] { sent[link.cell] = Bounded.sum(sent[link.cell] ?? 0, link.paths) }
    }
    return sent
  }

  /// How many source cells have each number of paths to a range of targets.
  func pathCounts(to range: Range<Int>) -> [Int: Int] {
    // Counts are added up, so the order of the dictionary does not matter.
    sent(to: range).values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}

/// What the target cells of one range hear along one axis.
struct AxisSpan {
  /// Distinct source cells, ascending.
  var cells: [Int]
  var paths: Int
}

/// One connection as the placer sees it: separable into channels, rows and columns.
struct ConnectionReach {
  /// The source population; `nil` for the input.
  let source: Int?
  /// The input's shape, where it comes as spikes and takes axons as neurons do; a constant current is a
  /// bias of the neurons and takes none.
  let spikingInput: Shape?
  let weightBits: Int
  let rows: AxisReach
  let columns: AxisReach
  let sourceChannels: Int
  /// Channels of the source and of the target in one group; `nil` for a dense layer.
  let group: (inputs: Int, outputs: Int)?
  /// Weights of one target channel, where a kernel is kept once.
  let weightsPerChannel: Int

  init(_ connection: Connection, of program: SpikingProgram) {
    switch connection.source {
    case .input:
      source = nil
      spikingInput = program.input.encoding.varies ? program.input.shape : nil
    case .population(let index): (source, spikingInput) = (index, nil)
    }
    weightBits = connection.weightBits
    weightsPerChannel = connection.synapses.weights.shape.dimensions.dropFirst().reduce(
      1, Bounded.product)
    let planes = program.shape(of: connection.source).planes ?? (0, 0, 0)
    sourceChannels = planes.channels
    var windows = connection.relays
    switch connection.synapses {
    case .dense:
      group = nil
    case .convolution(let weights, let window, let groups):
      group = (weights.shape[1], max(1, weights.shape[0] / max(1, groups)))
      windows.append(window)
    }
    var extent = Extent(y: planes.height, x: planes.width)
    var vertical: [AxisReach.Step] = []
    var horizontal: [AxisReach.Step] = []
    for window in windows {
      extent = window.outputExtent(of: extent) ?? Extent(y: 0, x: 0)
      vertical.append(
        .init(
          kernel: window.kernel.y, stride: window.stride.y, dilation: window.dilation.y,
          before: window.padding.top, extent: extent.y))
      horizontal.append(
        .init(
          kernel: window.kernel.x, stride: window.stride.x, dilation: window.dilation.x,
          before: window.padding.left, extent: extent.x))
    }
    rows = AxisReach(source: planes.height, steps: vertical, gathered: group == nil)
    columns = AxisReach(source: planes.width, steps: horizontal, gathered: group == nil)
  }

  func rows(_ range: Range<Int>) -> AxisSpan { ConnectionReach.span(rows, range) }
  func columns(_ range: Range<Int>) -> AxisSpan { ConnectionReach.span(columns, range) }

  private static func span(_ axis: AxisReach, _ range: Range<Int>) -> AxisSpan {
    guard range.count > 1 else {
      return AxisSpan(cells: axis.cells[range.lowerBound], paths: axis.paths[range.lowerBound])
    }
    let cells = Set(axis.cells[range].joined()).sorted()
    return AxisSpan(cells: cells, paths: axis.paths[range].reduce(0, Bounded.sum))
  }

  /// The source channels that a range of target channels hears, and the paths a cell of each axis.
  func channels(_ range: Range<Int>) -> (heard: Range<Int>, paths: Int) {
    guard let group else {
      return (0..<sourceChannels, Bounded.product(range.count, sourceChannels))
    }
    let first = range.lowerBound / group.outputs
    let last = (range.upperBound - 1) / group.outputs
    return (
      first * group.inputs..<(last + 1) * group.inputs, Bounded.product(range.count, group.inputs)
    )
  }
}

/// Source neurons as the product of channels, rows and columns of one population.
struct SourceBox {
  var population: Int
  var channels: Range<Int>
  var rows: [Int]
  var columns: [Int]

  var count: Int { channels.count * rows.count * columns.count }
}

/// A block of neurons with what it takes from a core.
struct Block {
  var population: Int
  var channels: Range<Int>
  var rows: Range<Int>
  var columns: Range<Int>
  var boxes: [SourceBox]
  /// What it hears of an input that comes as spikes, as of a population 0 of the input's shape.
  var inputBoxes: [SourceBox] = []
  var inputShape: Shape?
  /// Everything but the axons, which depend on what else is on the core.
  var counts: CoreCounts
}

/// The counts of a core that holds `blocks`.
func coreCounts(_ blocks: [Block], shapes: [Shape]) -> CoreCounts {
  var total = CoreCounts()
  var boxes: [SourceBox] = []
  for block in blocks {
    total.neurons += block.counts.neurons
    total.senders += block.counts.senders
    total.synapses = Bounded.sum(total.synapses, block.counts.synapses)
    total.synapseBits = Bounded.sum(total.synapseBits, block.counts.synapseBits)
    total.weightBits = max(total.weightBits, block.counts.weightBits)
    total.storedWeights = Bounded.sum(total.storedWeights, block.counts.storedWeights)
    total.storedWeightBits = Bounded.sum(total.storedWeightBits, block.counts.storedWeightBits)
    total.kernelWeightBits = Bounded.sum(total.kernelWeightBits, block.counts.kernelWeightBits)
    boxes += block.boxes
  }
  if blocks.contains(where: { !$0.counts.axons.isEmpty }) {
    total.axons = CoreCounts.merged(blocks.map(\.counts.axons))
  }
  total.thresholds = Set(blocks.flatMap(\.counts.thresholds)).sorted()
  total.biases = Set(blocks.flatMap(\.counts.biases)).sorted()
  total.slices = blocks.count
  total.inAxons = distinctNeurons(boxes, shapes: shapes)
  if let input = blocks.lazy.compactMap(\.inputShape).first {
    total.inAxons += distinctNeurons(blocks.flatMap(\.inputBoxes), shapes: [input])
  }
  return total
}

/// The number of neurons in the union of the boxes.
func distinctNeurons(_ boxes: [SourceBox], shapes: [Shape]) -> Int {
  var total = 0
  for population in Set(boxes.map(\.population)).sorted() {
    let mine = boxes.filter { $0.population == population }
    guard mine.count > 1, let planes = shapes[population].planes else {
      total += mine.reduce(0) { $0 + $1.count }
      continue
    }
    var isHeard = [Bool](repeating: false, count: shapes[population].count)
    for box in mine {
      for channel in box.channels {
        for row in box.rows {
          let start = (channel * planes.height + row) * planes.width
          for column in box.columns where !isHeard[start + column] {
            isHeard[start + column] = true
            total += 1
          }
        }
      }
    }
  }
  return total
}
