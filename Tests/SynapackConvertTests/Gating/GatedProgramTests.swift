import SynapackConvert
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// A gated program against the staggered one that it stands for, tick by tick.
struct GatedProgramTests {
  /// Random staggered programs that can be gated: payloads of one sign, wide membranes.
  private func program(_ random: inout RandomProgram) throws -> SpikingProgram? {
    var program = try random.next()
    guard case .staggered = program.schedule else { return nil }
    for index in program.populations.indices {
      program.populations[index].membrane = Population.membraneRange(bits: 28)
      let biases = program.populations[index].biases.values
      guard biases.count <= program.populations[index].shape[0] else { return nil }
      guard case .integrateAndFire(let behaviour) = program.populations[index].model else {
        continue
      }
      program.populations[index].model = .integrateAndFire(
        FiringBehaviour(payloads: 0...behaviour.payloads.upperBound))
    }
    // Thresholds at the end of a wider register are left out.
    return (try? program.verify()) == nil ? nil : program
  }

  @Test func sendsTheSamePayloadsInTheSameTicks() throws {
    var compared = 0
    for seed in 0..<400 {
      var random = RandomProgram(seed: UInt64(seed) + 50_000)
      guard let source = try program(&random) else { continue }
      let (gated, clocks) = try GatedProgram.gated(source)
      #expect(gated.schedule == .wavefront)
      let sample = random.sample(for: source)
      let before = try Simulator(source).record(sample)
      let after = try Simulator(gated).record(sample)
      let times = Clock(source).populations
      #expect(after.scores == before.scores, "seed \(seed)")
      for (index, records) in before.populations.enumerated() {
        var expected = Array(repeating: [0, 0], count: gated.timesteps)
        for (tick, record) in zip(times[index].begins..., records) {
          expected[tick] = [record.spikes, record.payload]
        }
        let found = after.populations[index + clocks].map { [$0.spikes, $0.payload] }
        #expect(found == expected, "seed \(seed), population \(index)")
      }
      compared += 1
    }
    #expect(compared > 60)
  }

  /// Reading the program back from its clocks gives the one that was gated, but for membranes that are
  /// wider.
  @Test func whatWasGatedIsReadBack() throws {
    var (compared, same) = (0, 0)
    for seed in 0..<400 {
      var random = RandomProgram(seed: UInt64(seed) + 50_000)
      guard let source = try program(&random) else { continue }
      let (gated, clocks) = try GatedProgram.gated(source)
      #expect(GatedProgram.source(of: source, schedule: source.schedule) == nil)
      // The windows are as long as the input is there; one that ends earlier tells nothing of them.
      guard clocks > 0, source.inputTicks == source.timesteps else { continue }
      let place: Comment = "seed \(seed)"
      let read = try #require(GatedProgram.source(of: gated, schedule: source.schedule), place)
      let windows = try #require(GatedProgram.windows(of: gated, schedule: source.schedule))
      #expect(Array(windows.dropFirst(clocks)) == Clock(source).populations, place)
      // A clock fires from the tick on that its window tells.
      for (index, train) in try Simulator(gated).trains(random.sample(for: source))
        .prefix(clocks).enumerated()
      {
        let first = train.firstIndex { $0.contains { $0 != 0 } }
        #expect(first == windows[index].opens, place)
      }
      #expect(read.populations.map(\.name) == source.populations.map(\.name), place)
      let sample = random.sample(for: source)
      let (before, after) = try (Simulator(source).decide(sample), Simulator(read).decide(sample))
      #expect(before == after, place)
      let trains = try (Simulator(source).trains(sample), Simulator(read).trains(sample))
      #expect(trains.0 == trains.1, place)
      var plain = read
      for index in read.populations.indices {
        let (old, channels) = (source.populations[index], source.populations[index].shape[0])
        plain.populations[index].membrane = old.membrane
        if old.initial.values.count == 1, read.populations[index].initial.values.count > 1 {
          #expect(read.populations[index].initial.values.count == channels, place)
          plain.populations[index].initial.values = [read.populations[index].initial.values[0]]
        }
        if old.biases.values.count == 1 {
          plain.populations[index].biases.values = [read.populations[index].biases.values[0]]
        }
      }
      plain.input.ticks = source.input.ticks
      same += plain == source ? 1 : 0
      // With one tick a bias cannot be told from the gate.
      #expect(plain == source || source.timesteps == 1, place)
      compared += 1
    }
    #expect(compared > 40 && same > 20, "\(compared) compared, \(same) the same")
  }

  @Test func stopsEarlyInTheSameTick() throws {
    for seed in 0..<200 {
      var random = RandomProgram(seed: UInt64(seed) + 50_000)
      guard let source = try program(&random), source.readout.exit != nil else { continue }
      let gated = try GatedProgram.gated(source).program
      let sample = random.sample(for: source)
      let (before, after) = try (Simulator(source).decide(sample), Simulator(gated).decide(sample))
      #expect(before.scores == after.scores, "seed \(seed)")
      let earlier = Clock(source).populations[source.readout.population].ends - source.timesteps
      let isLast = before.ticks == source.timesteps
      #expect(after.ticks == (isLast ? gated.timesteps : before.ticks + earlier), "seed \(seed)")
    }
  }

  @Test func refusesWhatItCannotHold() throws {
    var refused: Set<String> = []
    for seed in 0..<300 {
      var random = RandomProgram(seed: UInt64(seed) + 50_000)
      guard var source = try program(&random) else { continue }
      var changes: [(String, SpikingProgram)] = []
      source.schedule = .wavefront
      changes.append(("schedule", source))
      source.schedule = .staggered(1)
      guard case .integrateAndFire = source.populations[0].model else { continue }
      source.populations[0].model = .integrateAndFire(FiringBehaviour(payloads: -1...1))
      changes.append(("sign", source))
      source.populations[0].model = .integrateAndFire(
        FiringBehaviour(payloads: 0...1, reset: .zero))
      changes.append(("reset", source))
      for (name, program) in changes {
        let error = #expect(throws: PackError.self) { try GatedProgram.gated(program) }
        #expect(error?.code == .cannotGate)
        refused.insert(name)
      }
      // Both reasons at once.
      source.schedule = .wavefront
      let both = #expect(throws: PackError.self) { try GatedProgram.gated(source) }
      #expect(both?.message.contains("no windows to gate; its neurons") == true)
    }
    #expect(refused == ["schedule", "sign", "reset"])
  }

  @Test func aMembraneThatMaySaturateIsRefused() throws {
    var random = RandomProgram(seed: 1)
    var source: SpikingProgram?
    while source == nil { source = try program(&random) }
    guard var narrow = source else { return }
    narrow.populations[0].membrane = -100...100
    narrow.populations[0].thresholds = Parameter([1])
    narrow.populations[0].initial = Parameter([0])
    narrow.populations[0].biases = Parameter([100])
    narrow.timesteps = max(2, narrow.timesteps)
    narrow = narrow.running(narrow.timesteps)
    narrow.readout.exit = nil
    narrow.readout.discards = 0
    let error = #expect(throws: PackError.self) { try GatedProgram.gated(narrow) }
    #expect(error?.code == .cannotGate)
  }

  /// The widths that a refusal names are enough, and one bit less of either is not.
  @Test func aRefusalNamesTheWidthsThatDo() throws {
    var tried: [String: Int] = [:]
    for seed in 0..<400 {
      var random = RandomProgram(seed: UInt64(seed) + 50_000)
      guard let wide = try program(&random) else { continue }
      func narrowed(_ membrane: Int, _ readout: Int) -> SpikingProgram {
        var narrow = wide
        for index in wide.populations.indices {
          narrow.populations[index].membrane = Population.membraneRange(
            bits: index == wide.readout.population ? readout : membrane)
        }
        return narrow
      }
      func hint(_ membrane: Int, _ readout: Int) -> String? {
        do throws(PackError) {
          _ = try GatedProgram.gated(narrowed(membrane, readout))
          return nil
        } catch {
          return error.code == .cannotGate ? error.hint : error.code.rawValue
        }
      }
      for option in ["--membrane-bits", "--readout-bits"] {
        func bits(_ value: Int) -> (Int, Int) {
          option == "--membrane-bits" ? (value, 28) : (28, value)
        }
        let (membrane, readout) = bits(8)
        guard let text = hint(membrane, readout) else { continue }
        let words = text.split(separator: " ").map(String.init)
        let place: Comment = "seed \(seed): \(text)"
        #expect(words.count == 3 && words[1] == option, place)
        let needed = try #require(Int(words[2]))
        let (enough, less) = (bits(needed), bits(needed - 1))
        // Thresholds that the narrower register does not hold.
        guard (try? narrowed(enough.0, enough.1).verify()) != nil else { continue }
        #expect(hint(enough.0, enough.1) == nil, place)
        #expect(hint(less.0, less.1) == text, place)
        tried[option, default: 0] += 1
      }
    }
    #expect(tried.values.allSatisfy { $0 > 20 } && tried.count == 2)
  }
}
