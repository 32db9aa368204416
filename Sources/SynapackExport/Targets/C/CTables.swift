internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The constants and arrays of one program as C.
struct CTables {
  /// Bytes of constant tables and of static arrays.
  struct Size: Hashable {
    var constant = 0
    var variable = 0
  }

  private(set) var size = Size()
  /// What stands before the engine: includes, constants, types.
  private(set) var prologue = ""
  /// What stands in the engine's middle: arrays and tables.
  private(set) var text = ""
  /// The widths of stored weights, and whether zeros are left out of any map.
  private var widths: Set<Int> = []
  private var isSparse = false
  private let layout: CLayout
  private let program: SpikingProgram

  init(_ program: SpikingProgram, _ layout: CLayout) throws(PackError) {
    self.program = program
    self.layout = layout
    var rows: [String] = []
    for (index, population) in program.populations.enumerated() {
      let connections = try addConnections(into: index)
      let parameters = addParameters(population, index)
      let arrays = addArrays(population, index)
      let times = layout.clock.populations[index]
      let payloads = population.payloads
      var behaviour = (memory: 0, zero: 0, leak: 0)
      if case .integrateAndFire(let firing) = population.model {
        behaviour = (
          firing.memory ? 1 : 0, firing.reset == .zero ? 1 : 0, firing.leakShift ?? 0
        )
      }
      rows.append(
        """
            {\(population.shape.count), \(program.incoming(index).count), \(connections), \
        \(parameters), \(population.membrane.lowerBound), \(population.membrane.upperBound), \
        \(payloads.lowerBound), \(payloads.upperBound), \(behaviour.memory), \(behaviour.zero), \
        \(behaviour.leak), \(times.begins), \(times.opens), \(times.ends), \(times.biasFrom), \
        \(arrays)}, /* \(CText.comment(population.name)) */
        """)
    }
    addReadout(rows)
    prologue = fixed
  }

  private var fixed: String {
    let readout = program.readout
    return """
      /* Generated from a bundle; the numbers are the network, the rest is the machine. */

      #include "program.h"

      #include <string.h>

      #define INPUT \(program.input.shape.count)u
      #define INPUT_TICKS \(program.inputTicks)
      #define INPUT_VARIES \(program.input.encoding.varies ? 1 : 0)
      #define TIMESTEPS \(program.timesteps)
      #define TRAVEL \(program.schedule.travel)
      #define READOUT \(readout.population)
      #define READOUT_COUNTS \(readout.decoding == .count ? 1 : 0)
      #define DISCARDS \(readout.discards)
      #define EXITS \(readout.exit == nil ? 0 : 1)
      #define EXIT_MARGIN \(readout.exit?.measure == .margin ? 1 : 0)
      #define LEAVES_OUT_ZEROS \(isSparse ? 1 : 0)
      #define EACH_WIDTH(f) \(widths.sorted().map { "f(\($0))" }.joined(separator: " "))

      typedef \(layout.sumType) sum_t;
      typedef \(layout.payloadType) payload_t;


      """
  }

  /// The arrays and table of what ends in a population; the name of the table.
  private mutating func addConnections(into index: Int) throws(PackError) -> String {
    var rows: [String] = []
    for (position, connection) in program.incoming(index).enumerated() {
      let name = "\(index)_\(position)"
      let shape = program.shape(of: connection.source)
      let arriving = try connection.relayedShape(from: shape)
      let synapses = CSynapses(connection, arriving: arriving)
      let weights = addWeights(synapses.rows, name)
      var relays = "0"
      if !connection.relays.isEmpty {
        relays = "relays_\(name)"
        text += "static const struct window \(relays)[] = {"
        text += CSynapses.relays(connection, from: shape).joined(separator: ", ") + "};\n"
        size.constant += 48 * connection.relays.count
      }
      let source =
        switch connection.source {
        case .input: -1
        case .population(let index): index
        }
      rows.append(
        "    {\(source), \(connection.relays.count), \(relays), \(synapses.window), "
          + "\(synapses.isDense ? 1 : 0), \(synapses.inGroup), \(synapses.outGroup), "
          + "\(weights)},\n")
    }
    guard !rows.isEmpty else { return "0" }
    text += "static const struct connection connections_\(index)[] = {\n"
    text += rows.joined() + "};\n"
    return "connections_\(index)"
  }

  /// The arrays of one weight map; what a connection says of them.
  private mutating func addWeights(_ rows: CRows, _ name: String) -> String {
    widths.insert(rows.bits)
    isSparse = isSparse || rows.isSparse
    size.constant += rows.bytes
    let starts = CText.bytes(rows.starts)
    let type = rows.bits < 8 ? "uint8_t" : "int\(rows.bits)_t"
    let arrays = [
      ("weights", type, rows.weights), ("palette", "int16_t", rows.palette),
      ("gaps", "uint8_t", rows.gaps), ("starts", "int\(8 * starts)_t", rows.starts),
    ]
    // A map of zeros alone has rows without any.
    for (role, type, values) in arrays where !values.isEmpty {
      text += "static const \(type) \(role)_\(name)[] = {\n" + CText.list(values) + "};\n"
    }
    let names = arrays.map { role, _, values in values.isEmpty ? "0" : "\(role)_\(name)" }
    return "\(rows.bits), \(names[0]), \(names[1]), \(names[2]), "
      + "{\(names[3]), \(rows.isSparse ? starts : 0), 1}"
  }

  private mutating func addParameters(_ population: Population, _ index: Int) -> String {
    let roles = [
      ("thresholds", population.thresholds), ("biases", population.biases),
      ("initial", population.initial),
    ]
    var rows: [String] = []
    for (role, parameter) in roles {
      let values = parameter.values
      let bytes = CText.bytes(values)
      text += "static const int\(8 * bytes)_t \(role)_\(index)[] = {\n"
      text += CText.list(values) + "};\n"
      size.constant += values.count * bytes
      rows.append("{\(role)_\(index), \(bytes), \(population.shape.count / max(1, values.count))}")
    }
    return rows.joined(separator: ", ")
  }

  private mutating func addArrays(_ population: Population, _ index: Int) -> String {
    let neurons = population.shape.count
    var memory = false
    if case .integrateAndFire(let firing) = population.model { memory = firing.memory }
    let counts = program.readout.population == index && program.readout.decoding == .count
    let fires = population.payloads != 0...0
    let hearsConstant =
      !program.input.encoding.varies
      && program.incoming(index).contains { $0.source == .input }
    let arrays = [
      ("membranes", "sum_t", layout.sumBytes, true),
      ("currents", "sum_t", layout.sumBytes, hearsConstant),
      ("payloads", "payload_t", layout.payloadType == "int8_t" ? 1 : 2, fires),
      ("totals", "int32_t", 4, fires && (memory || counts)),
    ]
    for (name, type, bytes, isPresent) in arrays where isPresent {
      text += "static \(type) \(name)_\(index)[\(neurons)];\n"
      size.variable += neurons * bytes
    }
    return arrays.map { name, _, _, isPresent in isPresent ? "\(name)_\(index)" : "0" }
      .joined(separator: ", ")
  }

  private mutating func addReadout(_ rows: [String]) {
    let limits = program.readout.exit?.limits ?? [ExitRule.never]
    text += "static const struct population populations[] = {\n"
    text += rows.joined(separator: "\n") + "\n};\n"
    text += "static int64_t warm[SYNAPACK_CLASSES]; /* the scores of the discarded ticks */\n"
    text += "static const int64_t exit_limits[] = {\n"
    // The least number of 64 bits has no literal in C.
    text += CText.list(limits.map { max($0, Int64.min + 1) }, suffix: "LL") + "};"
    size.variable += 8 * layout.classes
    size.constant += 8 * limits.count
  }
}
