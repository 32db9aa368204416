import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// A recording is followed as long as it is right, and left at its first wrong number.
struct RecordingReplayTests {
  private let path = Fixtures.path("bundles/v1/full.synapack")

  private func golden() throws -> Bundle {
    var report = Report()
    return try BundleReader.read(try MappedFile(path: path), &report).bundle
  }

  /// An array of numpy's format 1.0.
  private func array(_ shape: [Int], _ values: [Int64]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '<i8', 'fortran_order': False, 'shape': (\(sizes),), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let count = header.utf8.count
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8)
    bytes += [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(header.utf8)
    for value in values {
      for shift in stride(from: Int64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    return bytes
  }

  /// Entries that are stored as they are.
  private func archive(
    _ entries: [(String, [UInt8])], in folder: TemporaryFolder
  ) throws -> String {
    var writer = ZipWriter(naming: .labels)
    for (name, bytes) in entries { try writer.add(name + ".npy", bytes) }
    folder.write(writer.finish(), to: "r.npz")
    return folder.path("r.npz")
  }

  private func trains(_ bundle: Bundle) throws -> [[[[Int32]]]] {
    let simulator = try Simulator(bundle.program)
    return try bundle.conformance.map { try simulator.trains($0.input) }
  }

  @Test func trainsAgreeWithTheConformanceRecords() throws {
    let bundle = try golden()
    let clock = Clock(bundle.program)
    for (vector, trains) in zip(bundle.conformance, try trains(bundle)) {
      for index in bundle.program.populations.indices {
        let skipped = clock.populations[index].opens - clock.populations[index].begins
        let records = vector.populations[index].dropFirst(skipped)
        let spikes = trains[index].map { tick in tick.count { $0 != 0 } }
        let payloads = trains[index].map { tick in tick.reduce(0) { $0 + Int($1) } }
        // A population that never fires has a life without a window to send in.
        #expect(records.map(\.spikes) == spikes)
        #expect(records.map(\.payload) == payloads)
      }
    }
  }

  @Test func aTrueRecordingIsIdenticalAndEveryWrongNumberIsFound() throws {
    let bundle = try golden()
    let all = try trains(bundle)
    let spiking = bundle.program.populations.indices.filter {
      bundle.program.populations[$0].payloads != 0...0
    }
    let (ticks, samples) = (bundle.program.timesteps, all.count)
    let folder = TemporaryFolder()
    func values(_ index: Int) -> [Int64] { all.flatMap { $0[index].joined().map(Int64.init) } }
    func recording(changing wrong: (layer: Int, place: Int)? = nil) throws -> String {
      try archive(
        spiking.map { index in
          let population = bundle.program.populations[index]
          var values = values(index)
          if let wrong, wrong.layer == index { values[wrong.place] += 1 }
          return (
            population.name, array([samples, ticks, population.shape.count], values)
          )
        }, in: folder)
    }
    let good = try RecordingReplay.run(path, against: recording(), threads: 2)
    #expect(good.findings.isEmpty && good.differing == 0 && good.samples == samples)
    #expect(good.layers == spiking.map { bundle.program.populations[$0].name })

    var generator = SeededGenerator(seed: 5)
    for round in 0..<20 {
      let layer = try #require(spiking.randomElement(using: &generator))
      let neurons = bundle.program.populations[layer].shape.count
      let place = Int.random(in: 0..<samples * ticks * neurons, using: &generator)
      let bad = try RecordingReplay.run(
        path, against: recording(changing: (layer, place)), threads: 2)
      #expect(bad.differing == 1, "seed 5, round \(round)")
      let finding = try #require(bad.findings.first)
      #expect(finding.code == .recordingDiffers)
      #expect(finding.place == .layer(bundle.program.populations[layer].name))
      let words =
        "sample \(place / (ticks * neurons)) differs first here, neuron "
        + "\(place % neurons), tick \(place / neurons % ticks) of its window"
      #expect(finding.message.hasPrefix(words), "\(finding.message), seed 5, round \(round)")
    }
  }

  /// What happens in an early tick of a late layer follows from no late tick of an early one.
  @Test func theFirstDivergenceIsTheEarliestInTime() throws {
    let bundle = try golden()
    let all = try trains(bundle)
    let (program, clock) = (bundle.program, Clock(bundle.program))
    let spiking = program.populations.indices.filter { program.populations[$0].payloads != 0...0 }
    let (early, late) = (try #require(spiking.first), try #require(spiking.last))
    let (ticks, folder) = (program.timesteps, TemporaryFolder())
    for (first, second) in [(ticks - 1, 0), (0, ticks - 1), (1, 0)] {
      let arrays = spiking.map { index in
        let neurons = program.populations[index].shape.count
        var values = all.flatMap { $0[index].joined().map(Int64.init) }
        if index == early { values[first * neurons] += 1 }
        if index == late { values[second * neurons] += 1 }
        return (
          program.populations[index].name, array([all.count, ticks, neurons], values)
        )
      }
      let result = try RecordingReplay.run(path, against: archive(arrays, in: folder), threads: 1)
      let times = (
        clock.populations[early].opens + first, clock.populations[late].opens + second
      )
      let expected = early == late || times.0 <= times.1 ? early : late
      #expect(result.findings.map(\.place) == [.layer(program.populations[expected].name)])
    }
  }

  /// The output's integrators send nothing, and that they sent nothing proves nothing.
  @Test func aRecordingOfWhatNeverSendsIsRefused() throws {
    let bundle = try golden()
    let output = bundle.program.populations[bundle.program.readout.population]
    #expect(output.payloads == 0...0)
    let folder = TemporaryFolder()
    let zeros = Array(repeating: Int64(0), count: output.shape.count)
    let recording = try archive([(output.name, array([1, output.shape.count], zeros))], in: folder)
    let error = #expect(throws: PackError.self) {
      try RecordingReplay.run(path, against: recording, threads: 1)
    }
    #expect(error?.code == .wrongDataShape)
  }

  @Test func countsAndInputsAreTakenToo() throws {
    let bundle = try golden()
    let all = try trains(bundle)
    let folder = TemporaryFolder()
    let population = bundle.program.populations[0]
    let counts = all.flatMap { sample in
      (0..<population.shape.count).map { neuron in
        sample[0].reduce(Int64(0)) { $0 + Int64($1[neuron]) }
      }
    }
    let inputs = bundle.conformance.flatMap { $0.input.map(Int64.init) }
    let arrays = [
      (population.name, array([all.count, population.shape.count], counts)),
      ("input", array([all.count, bundle.program.inputPayloads], inputs)),
    ]
    let result = try RecordingReplay.run(path, against: archive(arrays, in: folder), threads: 1)
    #expect(result.findings.isEmpty && result.compared == counts.count)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let bundle = try golden()
    let folder = TemporaryFolder()
    let name = bundle.program.populations[0].name
    let neurons = bundle.program.populations[0].shape.count
    let cases: [[(String, [UInt8])]] = [
      [(name, array([1, neurons + 1], Array(repeating: 0, count: neurons + 1)))],
      [(name, array([99, neurons], Array(repeating: 0, count: 99 * neurons)))],
      [(name, array([neurons], Array(repeating: 0, count: neurons)))],
    ]
    for arrays in cases {
      let recording = try archive(arrays, in: folder)
      #expect {
        _ = try RecordingReplay.run(path, against: recording, threads: 1)
      } throws: { ($0 as? PackError)?.code == .wrongDataShape }
    }
  }

  /// Ticks and neurons in each other's place are as many numbers.
  @Test func theOrderOfTheAxesIsHeldToo() throws {
    let bundle = try golden()
    let all = try trains(bundle)
    let folder = TemporaryFolder()
    let ticks = bundle.program.timesteps
    let index = try #require(
      bundle.program.populations.indices.first { index in
        let population = bundle.program.populations[index]
        return population.payloads != 0...0 && population.shape.count != ticks
      })
    let population = bundle.program.populations[index]
    let (samples, neurons) = (all.count, population.shape.count)
    let values = all.flatMap { $0[index].joined().map(Int64.init) }
    func replay(_ shape: [Int]) throws -> RecordingReplay.Result {
      let recording = try archive([(population.name, array(shape, values))], in: folder)
      return try RecordingReplay.run(path, against: recording, threads: 1)
    }
    for shape in [
      [samples, ticks, neurons], [samples, ticks * neurons],
      [samples, ticks] + population.shape.dimensions,
    ] {
      #expect(try replay(shape).findings.isEmpty, "\(shape)")
    }
    for shape in [
      [samples, neurons, ticks], [samples, ticks, neurons, 1], [samples, 1, ticks * neurons],
      [samples, ticks * neurons, 1],
    ] where shape.dropFirst() != [ticks] + population.shape.dimensions {
      let error = #expect(throws: PackError.self) { try replay(shape) }
      #expect(error?.code == .wrongDataShape, "\(shape)")
      let words = "are [\(samples), \(ticks), \(neurons)] for each tick"
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  /// A single sample without its axis is told how it is to be written.
  @Test func oneAxisIsNamedWithTheShapeThatIsMeant() throws {
    let bundle = try golden()
    let name = bundle.program.populations[0].name
    let neurons = bundle.program.populations[0].shape.count
    let folder = TemporaryFolder()
    let flat = array([neurons], Array(repeating: 0, count: neurons))
    let recording = try archive([(name, flat)], in: folder)
    let error = #expect(throws: PackError.self) {
      try RecordingReplay.run(path, against: recording, threads: 1)
    }
    #expect(error?.message.contains("one sample is [1, \(neurons)]") == true)
  }

  /// What is damaged at its start is not called by the name of a format that it does not have.
  @Test(arguments: [
    ([], "the recording is empty"), (Array("PK".utf8), "neither .npz nor HDF5"),
    (Array("text\n".utf8), "neither .npz nor HDF5"),
  ])
  func aFileOfNoFormatIsRefused(bytes: [UInt8], words: String) throws {
    let folder = TemporaryFolder()
    folder.write(bytes, to: "r.npz")
    let error = #expect(throws: PackError.self) {
      try RecordingReplay.run(path, against: folder.path("r.npz"), threads: 1)
    }
    #expect(error?.code == .unknownFormat && error?.message.contains(words) == true)
  }

  /// An archive that is cut is refused as an archive.
  @Test func aCutArchiveIsRefusedAsOne() throws {
    let bundle = try golden()
    let folder = TemporaryFolder()
    let neurons = bundle.program.populations[0].shape.count
    let whole = try archive(
      [
        (
          bundle.program.populations[0].name,
          array([1, neurons], Array(repeating: 0, count: neurons))
        )
      ],
      in: folder)
    let bytes = try MappedFile(path: whole).copy
    for count in [4, 20, 40, bytes.count / 2, bytes.count - 1] {
      folder.write(Array(bytes[..<count]), to: "cut.npz")
      let error = #expect(throws: PackError.self) {
        try RecordingReplay.run(path, against: folder.path("cut.npz"), threads: 1)
      }
      let code = error?.code.rawValue ?? ""
      #expect(["SYN0230", "SYN0231", "SYN0232"].contains(code), "\(count) bytes: \(code)")
    }
  }

  /// A layer that is left out because its name is mistyped would pass unseen.
  @Test func anArrayOfNoLayerIsRefusedWithTheNearestName() throws {
    let bundle = try golden()
    let folder = TemporaryFolder()
    let name = bundle.program.populations[0].name
    let neurons = bundle.program.populations[0].shape.count
    let zeros = array([1, neurons], Array(repeating: 0, count: neurons))
    let recording = try archive([(name, zeros), (name + "x", zeros)], in: folder)
    #expect {
      _ = try RecordingReplay.run(path, against: recording, threads: 1)
    } throws: { error in
      guard let error = error as? PackError else { return false }
      return error.code == .unknownArray && error.message.contains("the nearest is `\(name)`")
    }
  }

  /// Names of layers that no file may have, as exporters of ONNX write them.
  @Test(arguments: ["/2/Relu", "conv1:0", "..", "a\\b", "block 1/", "C:x", "/"])
  func aLayerOfAnyNameIsRecordedUnderIt(name: String) throws {
    var bundle = try golden()
    bundle.program.populations[0].name = name
    let folder = TemporaryFolder()
    folder.write(try BundleWriter.bytes(of: bundle), to: "b.synapack")
    let neurons = bundle.program.populations[0].shape.count
    let counts = try trains(bundle).flatMap { sample in
      (0..<neurons).map { neuron in sample[0].reduce(Int64(0)) { $0 + Int64($1[neuron]) } }
    }
    let recording = try archive(
      [(name, array([bundle.conformance.count, neurons], counts))], in: folder)
    let result = try RecordingReplay.run(
      folder.path("b.synapack"), against: recording, threads: 1)
    #expect(result.layers == [name] && result.differing == 0 && result.compared == counts.count)
    let others = bundle.program.populations.dropFirst().filter { $0.payloads != 0...0 }
    #expect(result.unrecorded == others.map(\.name))
  }
}
