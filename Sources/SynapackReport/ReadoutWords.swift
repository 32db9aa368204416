internal import SynapackSupport

/// How a bundle's answer is read, from the member `readout` of an inspection.
struct ReadoutWords {
  private let readout: JSON

  init(_ readout: JSON) {
    self.readout = readout
  }

  /// Ticks, from 1, in which the rule may stop, with the least measure that does.
  private var limits: [(tick: Int, limit: Int)] {
    readout["exit"]["limits"].items.enumerated().compactMap { index, limit in
      limit == .null ? nil : (index + 1, limit.number)
    }
  }

  /// Whether one limit holds for all ticks but the last.
  private var isLevel: Bool { readout["exit"]["measure"] == "level" }

  /// In a line, such as `membrane, early exit by margin 120 (tick 1) to 15 (tick 7)`.
  var line: String {
    var words = readout["decoding"].words
    if readout["discards"].number > 0 { words += " without \(readout["discards"].words) ticks" }
    guard readout["exit"] != .null else { return words }
    words += ", early exit by \(readout["exit"]["measure"].words) "
    guard let first = limits.first, let last = limits.last else { return words + "never" }
    return words
      + (isLevel || first.tick == last.tick
        ? "\(grouped(first.limit)) from tick \(first.tick) on"
        : "\(grouped(first.limit)) (tick \(first.tick)) to \(grouped(last.limit)) (tick \(last.tick))")
  }

  /// In sentences.
  var sentences: String {
    var sentences = [
      readout["decoding"] == "count"
        ? "The class is that of the neuron which has sent most."
        : "The class is that of the highest membrane."
    ]
    if readout["discards"].number > 0 {
      sentences.append("The first \(readout["discards"].words) ticks of the readout are left out.")
    }
    guard readout["exit"] != .null else { return sentences.joined(separator: " ") }
    if limits.isEmpty {
      sentences.append("It has an early exit that no score can reach.")
    } else if let first = limits.first, isLevel {
      sentences.append(
        "An input ends with the first tick in which a class reaches \(grouped(first.limit)).")
    } else {
      sentences.append(
        "An input ends with the first tick in which the highest class leads the second by the limit of "
          + "the tick.")
    }
    return sentences.joined(separator: " ")
  }

  private static let mostRows = 64

  /// The limits of each tick, where they differ.
  var table: PageTable? {
    guard !isLevel, !limits.isEmpty else { return nil }
    let left = limits.count - ReadoutWords.mostRows
    return PageTable(
      title: "Limits of the early exit",
      note: "The least lead that ends an input, in units of the scores; ticks of the readout."
        + (left > 0 ? " The last \(grouped(left)) are left out." : ""),
      columns: [.init("tick"), .init("limit")],
      rows: limits.prefix(ReadoutWords.mostRows).map { [grouped($0.tick), grouped($0.limit)] })
  }
}
