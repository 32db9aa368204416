internal import SynapackPlace

/// Neurons in feed-forward order, cut where a core is full: Jin et al. 2023.
enum SequentialPartition {
  /// Rows, columns, then channels: the other order, channel by channel, makes halos of whole planes
  /// and was worse on every network here.
  ///
  /// Nil where a single neuron hears more than a core takes.
  static func parts(_ network: LayeredNetwork, _ chip: VirtualChip) -> [[LayeredNetwork.Box]]? {
    var filling = Filling(network, chip)
    for (index, layer) in network.layers.enumerated() {
      // All channels of a cell hear the same unless one channel hears one.
      let isSplit = layer.inputs.contains(where: \.isDepthwise)
      let all = isSplit ? (0..<layer.channels).map { $0..<$0 + 1 } : [0..<layer.channels]
      for y in 0..<layer.height {
        for x in 0..<layer.width {
          for channels in all {
            let box = LayeredNetwork.Box(
              layer: index, channels: channels, rows: y..<y + 1, columns: x..<x + 1)
            guard filling.add(box) else { return nil }
          }
        }
      }
    }
    return filling.finished
  }

  /// The part that is being filled, with the neurons that it hears.
  private struct Filling {
    let network: LayeredNetwork
    let chip: VirtualChip
    var parts: [[LayeredNetwork.Box]] = []
    var open: [LayeredNetwork.Box] = []
    var neurons = 0
    var axons: Axons

    init(_ network: LayeredNetwork, _ chip: VirtualChip) {
      self.network = network
      self.chip = chip
      axons = Axons(network)
    }

    var finished: [[LayeredNetwork.Box]] { open.isEmpty ? parts : parts + [open] }

    /// Adds neurons of one cell that hear the same, in as many parts as they need.
    mutating func add(_ box: LayeredNetwork.Box) -> Bool {
      var rest = box
      while !rest.channels.isEmpty {
        let added = axons.add(rest, limit: chip.inboundAxons)
        if !added || neurons >= chip.neurons {
          guard !open.isEmpty else { return false }
          close()
          continue
        }
        let room = min(rest.channels.count, chip.neurons - neurons)
        var now = rest
        now.channels = rest.channels.lowerBound..<rest.channels.lowerBound + room
        rest.channels = now.channels.upperBound..<rest.channels.upperBound
        neurons += room
        append(now)
      }
      return true
    }

    private mutating func close() {
      parts.append(open)
      open = []
      neurons = 0
      axons.clear()
    }

    /// Joins boxes that together are one.
    private mutating func append(_ box: LayeredNetwork.Box) {
      open.append(box)
      while open.count > 1, let joined = open[open.count - 2].joined(open[open.count - 1]) {
        open.removeLast(2)
        open.append(joined)
      }
    }
  }
}

extension LayeredNetwork.Box {
  /// The box of both where they touch along one axis and agree on the others.
  func joined(_ next: LayeredNetwork.Box) -> LayeredNetwork.Box? {
    guard layer == next.layer else { return nil }
    var box = self
    let same = (channels == next.channels, rows == next.rows, columns == next.columns)
    switch same {
    case (true, true, false) where columns.upperBound == next.columns.lowerBound:
      box.columns = columns.lowerBound..<next.columns.upperBound
    case (true, false, true) where rows.upperBound == next.rows.lowerBound:
      box.rows = rows.lowerBound..<next.rows.upperBound
    case (false, true, true) where channels.upperBound == next.channels.lowerBound:
      box.channels = channels.lowerBound..<next.channels.upperBound
    default: return nil
    }
    return box
  }
}

/// The distinct neurons that a part hears.
struct Axons {
  private let network: LayeredNetwork
  /// For each layer and cell the last part that hears all channels, and for each neuron any.
  private var whole: [[Int32]] = []
  private var single: [[Int32]] = []
  private var part: Int32 = 1
  private(set) var count = 0

  init(_ network: LayeredNetwork) {
    self.network = network
    whole = network.layers.map { Array(repeating: 0, count: $0.height * $0.width) }
    single = network.layers.map { Array(repeating: 0, count: $0.size) }
  }

  mutating func clear() {
    part += 1
    count = 0
  }

  /// Adds what a box hears; where that passes the limit nothing changes but marks, and false.
  mutating func add(_ box: LayeredNetwork.Box, limit: Int) -> Bool {
    var more = 0
    var marked: [(layer: Int, cell: Int, channels: Range<Int>, wasWhole: Int32)] = []
    var singles: [(layer: Int, index: Int, was: Int32)] = []
    for input in network.layers[box.layer].inputs {
      let heard = network.heard(box, input)
      let layer = network.layers[heard.layer]
      let isWhole = heard.channels.count == layer.channels
      for y in heard.rows {
        for x in heard.columns {
          let cell = y * layer.width + x
          guard whole[heard.layer][cell] != part else { continue }
          if isWhole {
            marked.append((heard.layer, cell, heard.channels, whole[heard.layer][cell]))
            whole[heard.layer][cell] = part
          }
          for channel in heard.channels {
            let index = cell * layer.channels + channel
            guard single[heard.layer][index] != part else { continue }
            singles.append((heard.layer, index, single[heard.layer][index]))
            single[heard.layer][index] = part
            more += 1
          }
        }
      }
    }
    guard count + more <= limit else {
      for mark in marked { whole[mark.layer][mark.cell] = mark.wasWhole }
      for mark in singles { single[mark.layer][mark.index] = mark.was }
      return false
    }
    count += more
    return true
  }
}
