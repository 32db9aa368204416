import SynapackExport
import SynapackPlace
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@Suite struct JSONExportTests {
  @Test func everythingOfRandomProgramsIsThere() throws {
    for seed in UInt64(1)...20 {
      var programs = RandomProgram(seed: seed, compensates: seed % 2 == 0)
      let program = try programs.next()
      let text = JSONExport.text(program)
      #expect(text == JSONExport.text(program))
      let value = try #require(JSON(parsing: text))
      guard case .object(let members) = value,
        case .array(let populations) = members["populations"] ?? .null,
        case .array(let connections) = members["connections"] ?? .null
      else {
        Issue.record("seed \(seed) has another form")
        continue
      }
      #expect(members["schema"] == "synapack.program/1" && members["placement"] == .null)
      #expect(populations.count == program.populations.count)
      for (stored, connection) in zip(connections, program.connections) {
        guard case .object(let fields) = stored else { continue }
        let weights = connection.synapses.weights.values.map { JSON.integer(Int($0)) }
        #expect(fields["weights"] == .array(weights), "seed \(seed)")
      }
      let clock = Clock(program)
      for (stored, times) in zip(populations, clock.populations) {
        guard case .object(let fields) = stored else { continue }
        #expect(
          fields["clock"] == [
            "begins": .integer(times.begins), "opens": .integer(times.opens),
            "ends": .integer(times.ends), "biasFrom": .integer(times.biasFrom),
          ])
      }
    }
  }

  @Test func aPlacementIsWrittenWithItsCost() throws {
    var programs = RandomProgram(seed: 3)
    let program = try programs.next()
    let placement = try Placer.place(
      program, on: try Chips.named("generic-mesh"), rates: program.populations.map { _ in 1 })
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program, placement: placement), to: try ExportTargets.named("json"),
      &report)
    let value = try #require(JSON(parsing: String(decoding: files[0].bytes, as: UTF8.self)))
    guard case .object(let members) = value,
      case .object(let placed) = members["placement"] ?? .null,
      case .array(let slices) = placed["slices"] ?? .null
    else {
      Issue.record("the placement has another form")
      return
    }
    #expect(placed["chip"] == "generic-mesh" && slices.count == placement.slices.count)
    #expect(report == Report())
  }
}
