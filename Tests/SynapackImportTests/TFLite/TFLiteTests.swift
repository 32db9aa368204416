import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

@Suite struct TFLiteTests {
  private let folder = TemporaryFolder()

  private func graph(_ bytes: [UInt8]) throws(PackError) -> Graph<Analog> {
    folder.write(bytes, to: "a.tflite")
    var report = Report()
    let file = try MappedFile(path: folder.path("a.tflite"))
    guard case .analog(let graph) = try TFLiteImporter.read(file, ImportOptions(), &report) else {
      throw PackError(.defect, "no conventional network", hint: "")
    }
    return graph
  }

  private func error(_ bytes: [UInt8]) -> PackError? {
    do {
      _ = try graph(bytes)
      return nil
    } catch { return error }
  }

  @Test(arguments: FixtureFiles.names(in: "tflite", suffix: ".tflite"))
  func fixturesAgree(name: String) throws {
    let graph = try graph(fixtureBytes("tflite/\(name).tflite"))
    let inputs = try NumPyArrayFile.read(path: Fixtures.path("tflite/\(name).input.npy"))
    let expected = try NumPyArrayFile.read(path: Fixtures.path("tflite/\(name).output.npy"))
    let shape = graph.shape(of: graph.inputs[0])
    #expect(shape.dimensions == Array(inputs.shape.dimensions.dropFirst()))
    #expect(
      graph.shape(of: graph.outputs[0]).dimensions == Array(expected.shape.dimensions.dropFirst()))
    let size = expected.shape.count / expected.shape[0]
    for sample in 0..<inputs.shape[0] {
      let values = inputs.floats(in: sample * shape.count..<(sample + 1) * shape.count)
      let output = try #require(
        try graph.evaluateReference(FloatArray(shape: shape, values: values)).first)
      for (got, want) in zip(
        output.values, expected.floats(in: sample * size..<(sample + 1) * size))
      {
        #expect(abs(got - want) <= 1e-5 * max(1, abs(want)), "sample \(sample)")
      }
    }
  }

  @Test func quantizedWeightsKeepTheirIntegers() throws {
    let graph = try graph(fixtureBytes("tflite/network-int8.tflite"))
    let weight = try graph.weights.tensor("conv")
    #expect(weight.type == .int8 && weight.shape.dimensions == [4, 2, 3, 3])
    #expect(weight.quantization?.scales.count == 4 && weight.quantization?.axis == 0)
    let depthwise = try graph.weights.tensor("depthwise")
    #expect(depthwise.shape.dimensions == [4, 1, 3, 3])
    #expect(depthwise.quantization?.axis == 0)
    #expect(try graph.weights.tensor("conv.bias").type == .int32)
    let ops = graph.nodes.map(\.op.name)
    // The input and every operator but the reshape, which only moves values.
    #expect(ops.filter { $0 == "quantization" }.count == 9)
    #expect(ops.filter { $0 == "dequantization" }.count == 9)
  }

  @Test func everyFileOfLoweringsIsRegistered() {
    let files = FixtureFiles.names(
      inFolder: Fixtures.root + "/Sources/SynapackImport/TFLite/Ops", suffix: ".swift")
    #expect(Set(files) == Set(tfliteLoweringFamilies.map { String(describing: $0) }))
    #expect(tfliteLowerings.count == tfliteLoweringFamilies.reduce(0) { $0 + $1.lowerings.count })
    for lowering in tfliteLowerings.values {
      #expect(TFLiteOperatorNames.name(lowering.code) == lowering.name)
    }
  }

  // MARK: - Files put together by hand

  private typealias Field = FlatBufferWriter.Field

  /// One RELU over [1, 2], field by field.
  private func sample(_ change: (inout Parts) -> Void = { _ in }) -> [UInt8] {
    var parts = Parts()
    change(&parts)
    var graph: [Int: Field] = [
      0: .tables(parts.tensors), 1: .integers(parts.inputs), 2: .integers(parts.outputs),
      3: .tables(parts.operators),
    ]
    if parts.tensors.isEmpty { graph[0] = nil }
    return FlatBufferWriter.file([
      0: .number(parts.version), 1: .tables(parts.codes),
      2: .tables(Array(repeating: graph, count: parts.graphs)), 4: .tables(parts.buffers),
    ])
  }

  private struct Parts {
    var version = 3
    var graphs = 1
    var codes: [[Int: Field]] = [[0: .byte(19), 3: .number(19)]]
    var buffers: [[Int: Field]] = [[:]]
    var inputs = [0]
    var outputs = [1]
    var tensors: [[Int: Field]] = [
      [0: .integers([1, 2]), 3: .text("x")], [0: .integers([1, 2]), 3: .text("y")],
    ]
    var operators: [[Int: Field]] = [[1: .integers([0]), 2: .integers([1])]]
  }

  @Test func theSampleIsSound() throws {
    let graph = try graph(sample())
    #expect(graph.nodes.map(\.op.name) == ["relu"])
    #expect(graph.origin.format == "tflite" && graph.origin.version == "3")
  }

  @Test func otherVersionsAndInterfacesAreRefused() {
    #expect(error(sample { $0.version = 2 })?.code == .unsupportedVersion)
    #expect(error(sample { $0.graphs = 2 })?.code == .unsupportedInterface)
    #expect(error(sample { $0.inputs = [0, 0] })?.code == .unsupportedInterface)
    #expect(error(sample { $0.outputs = [] })?.code == .unsupportedInterface)
    #expect(error(sample { $0.outputs = [-1] })?.code == .unsupportedInterface)
    #expect(error(sample { $0.inputs = [7] })?.code == .malformedGraph)
    #expect(error(sample { $0.inputs = [-1] })?.code == .malformedGraph)
    #expect(error(sample { $0.tensors[0][0] = .integers([]) })?.code == .unknownShape)
    #expect(error(sample { $0.tensors[0][0] = .integers([1, -1]) })?.code == .unknownShape)
    #expect(error(sample { $0.tensors[0][7] = .integers([1, -1]) })?.code == .unknownShape)
    #expect(error(sample { $0.tensors[0][7] = .integers([-1, 2]) }) == nil)
    #expect(error(sample { $0.tensors[0][1] = .byte(2) })?.code == .unsupportedInterface)
    #expect(error(sample { $0.tensors[0][6] = .table([:]) })?.code == .unsupportedAttribute)
    #expect(error(FlatBufferWriter.file([:], identifier: "TFL2"))?.code == .malformedFlatBuffer)
  }

  @Test func numbersOfTensorsAndOperatorsAreChecked() {
    for input in [-1, 2, 1 << 30] {
      let result = error(sample { $0.operators[0][1] = .integers([input]) })
      #expect(result?.code == .malformedGraph, "\(input)")
    }
    #expect(error(sample { $0.operators[0][1] = .integers([]) })?.code == .malformedGraph)
    #expect(error(sample { $0.operators[0][2] = .integers([]) })?.code == .malformedGraph)
    #expect(error(sample { $0.operators[0][2] = .integers([5]) })?.code == .malformedGraph)
    #expect(error(sample { $0.operators[0][0] = .number(1) })?.code == .malformedGraph)
    // Read before it is computed, and computed twice.
    #expect(error(sample { $0.operators[0][1] = .integers([1]) })?.code == .malformedGraph)
    #expect(error(sample { $0.operators += $0.operators })?.code == .malformedGraph)
    #expect(error(sample { $0.operators[0][2] = .integers([0]) })?.code == .malformedGraph)
    #expect(error(sample { $0.tensors[1][0] = .integers([1, 3]) })?.code == .wrongShape)
  }

  @Test func allUnknownOperatorsAreNamedAtOnce() {
    let result = error(
      sample {
        $0.codes = [
          [0: .byte(16)], [0: .byte(32), 1: .text("Mine")], [0: .byte(127), 3: .number(150)],
          [3: .number(-5)], [3: .number(210)],
        ]
        $0.operators = (0..<5).map { [0: .number($0), 1: .integers([0]), 2: .integers([1])] }
      })
    #expect(result?.code == .unsupportedOperators)
    for name in ["LSTM (1)", "CUSTOM Mine (1)", "GELU (1)", "operator 210 (1)"] {
      #expect(result?.message.contains(name) == true, "\(result?.message ?? "")")
    }
  }

  /// SHAPE, PACK and RESHAPE over [1, 2]: what the target may be.
  @Test func targetsComputedFromTheBatchKeepSamplesApart() {
    func code(_ packed: [Int]) -> ErrorCode? {
      error(
        sample { parts in
          parts.codes = [[0: .byte(77)], [0: .byte(45)], [0: .byte(83)], [0: .byte(22)]]
          parts.buffers += [0, 1, 2, -1].map { [0: .bytes(little($0))] }
          let list: Field = .integers([1])
          parts.tensors[1][0] = .integers([1, 2])
          parts.tensors += [
            [0: .integers([2]), 1: .byte(2), 3: .text("shape")],
            [0: list, 1: .byte(2), 2: .number(1), 3: .text("zero")],
            [0: list, 1: .byte(2), 2: .number(2), 3: .text("one")],
            [0: .integers([]), 1: .byte(2), 3: .text("size")],
            [0: .integers([]), 1: .byte(2), 2: .number(3), 3: .text("two")],
            [0: .integers([]), 1: .byte(2), 2: .number(4), 3: .text("open")],
            [0: .integers([2]), 1: .byte(2), 3: .text("target")],
          ]
          parts.operators = [
            [0: .number(0), 1: .integers([0]), 2: .integers([2])],
            [
              0: .number(1), 1: .integers([2, 3, 4, 4]), 2: .integers([5]), 3: .byte(32),
              4: .table([4: .number(1)]),
            ],
            [0: .number(2), 1: .integers(packed), 2: .integers([8])],
            [0: .number(3), 1: .integers([0, 8]), 2: .integers([1])],
          ]
        })?.code
    }
    let (size, two, open) = (5, 6, 7)
    #expect(code([size, two]) == nil)
    #expect(code([size, open]) == nil)
    #expect(code([two, size]) == .unsupportedAttribute)
    #expect(code([size, two, two]) == .unsupportedAttribute)
    #expect(code([size, size]) == .unsupportedAttribute)
    #expect(code([size, open, open]) == .unsupportedAttribute)
    // A list and an activation are no numbers to pack.
    #expect(code([size, 2]) == .unsupportedAttribute)
    #expect(code([size, 0]) == .unsupportedAttribute)
  }

  /// Planes that stay in blocks, or are cut otherwise than they were put together.
  @Test func blocksWithoutTheirEndAreRefused() throws {
    var file = try fixtureBytes("tflite/blocks-convolution.tflite")
    #expect(error(file) == nil)
    // The operator's code in both of its fields: BATCH_TO_SPACE_ND becomes RELU.
    for index in file.indices where file[index] == 37 {
      var changed = file
      changed[index] = 19
      _ = error(changed)
    }
    let crops = try #require(file.firstRange(of: little(2) + little(3) + little(1) + little(1)))
    file.replaceSubrange(crops.lowerBound..<crops.lowerBound + 4, with: little(-1))
    #expect(error(file)?.code == .malformedGraph)
    file.replaceSubrange(crops.lowerBound..<crops.lowerBound + 4, with: little(3))
    #expect(error(file)?.code == .malformedGraph)
    file.replaceSubrange(crops.lowerBound..<crops.lowerBound + 4, with: little(.max))
    #expect(error(file) != nil)
  }

  @Test func buffersStayInTheFile() {
    func constant(_ buffer: [Int: Field]) -> ErrorCode? {
      error(
        sample {
          $0.codes = [[0: .byte(18)]]
          $0.buffers.append(buffer)
          $0.tensors.append([0: .integers([2]), 2: .number(1), 3: .text("w")])
          $0.operators[0][1] = .integers([0, 2])
        })?.code
    }
    #expect(constant([0: .bytes(Array(repeating: 0, count: 8))]) == nil)
    #expect(constant([0: .bytes(Array(repeating: 0, count: 7))]) == .malformedTensor)
    #expect(constant([1: .long(16), 2: .long(8)]) == nil)
    #expect(constant([1: .long(1 << 40), 2: .long(8)]) == .malformedFlatBuffer)
    #expect(constant([1: .long(.max), 2: .long(.max)]) == .malformedFlatBuffer)
    #expect(constant([1: .long(-1), 2: .long(8)]) == .malformedFlatBuffer)
    #expect(constant([0: .bytes([0x00, 0x00, 0xC0, 0x7F, 0, 0, 0, 0])]) == .notFinite)
    let missing = error(
      sample {
        $0.tensors[1][2] = .number(9); $0.operators[0][1] = .integers([1])
      })
    #expect(missing?.code == .malformedGraph)
  }

  @Test func scalesAreChecked() {
    func input(_ scales: [Float], _ zeros: [Int], axis: Int = 0, type: Int = 9) -> ErrorCode? {
      error(
        sample {
          $0.tensors[0][1] = .byte(type)
          $0.tensors[0][4] = .table([
            2: .integers(scales.map { Int($0.bitPattern) }), 3: .longs(zeros), 6: .number(axis),
          ])
        })?.code
    }
    #expect(input([0.5], [3]) == nil)
    #expect(input([0.5], []) == nil)
    for scale: Float in [0, -1, .nan, .infinity] {
      #expect(input([scale], [0]) == .malformedQuantization)
    }
    #expect(input([0.5], [128]) == .malformedQuantization)
    #expect(input([0.5], [.max]) == .malformedQuantization)
    #expect(input([0.5], [.min]) == .malformedQuantization)
    #expect(input([0.5], [0, 0]) == .malformedQuantization)
    #expect(input([0.5, 0.5], [0, 0], axis: 1) == .malformedQuantization)
    #expect(input([0.5, 0.5], [0, 0], axis: 7) == .malformedQuantization)
    #expect(input([0.5, 0.5], [0, 0], axis: -1) == .malformedQuantization)
    #expect(input([0.5], [0], type: 2) == .malformedQuantization)
    let custom = error(
      sample { $0.tensors[0][4] = .table([4: .byte(1), 5: .table([:])]) })
    #expect(custom?.code == .unsupportedAttribute)
  }

  @Test func offsetsStayAheadAndInside() {
    let sound = sample()
    func code(_ place: Int, _ value: UInt32) -> ErrorCode? {
      var bytes = sound
      for index in 0..<4 {
        bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
      }
      return error(bytes)?.code
    }
    // The root's offset: to itself, backwards, past the end, unaligned.
    for value: UInt32 in [0, 1, 3, .max, 1 << 31, UInt32(sound.count), UInt32(sound.count) - 2, 9] {
      #expect(code(0, value) == .malformedFlatBuffer, "\(value)")
    }
    let root = Int(sound[0])
    // The distance to the vtable: outside on both sides, odd, and the table itself.
    for value: UInt32 in [.max, 1 << 31, 1 << 30, 3, UInt32(root) + 2] {
      #expect(code(root, value) == .malformedFlatBuffer, "\(value)")
    }
    // The first vector: as long as can be, and a little too long.
    let codes = root + 8 + 8
    let vector = codes + Int(sound[codes])
    for value: UInt32 in [.max, 1 << 30, UInt32(sound.count)] {
      #expect(code(vector, value) == .malformedFlatBuffer, "\(value)")
    }
  }

  @Test func sharedTablesAreCountedEachTime() {
    // A thousand offsets to one table of a thousand offsets to one tensor.
    var bytes = sample { parts in
      parts.tensors = Array(repeating: [3: .text(String(repeating: "n", count: 4000))], count: 3000)
    }
    // All tensors become the first one.
    let place = bytes.firstRange(of: little(3000)).map { $0.lowerBound } ?? 0
    let first = place + 4 + Int(bytes[place + 4]) + Int(bytes[place + 5]) << 8
    for index in 0..<3000 {
      let own = place + 4 + 4 * index
      bytes.replaceSubrange(own..<own + 4, with: little(first - own))
      if first <= own { return }
    }
    bytes = Array(bytes.prefix(first + 4200))
    #expect(error(bytes) != nil)
  }

  private func little(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  @Test func everyCutIsAnAnswerAndEveryByteMayBeWrong() throws {
    let bytes = sample()
    for count in bytes.indices { _ = error(Array(bytes.prefix(count))) }
    for count in 0..<bytes.count / 2 {
      #expect(error(Array(bytes.prefix(count))) != nil, "\(count)")
    }
    for index in bytes.indices {
      for flip: UInt8 in [1, 4, 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        _ = error(changed)
      }
    }
    var random = SeededGenerator(seed: 5)
    for name in [
      "network-int8", "strided-slice", "mean-channels", "pad", "open-batch-dense", "blocks-line",
      "transposed-convolution-odd",
    ] {
      let fixture = try fixtureBytes("tflite/\(name).tflite")
      for _ in 0..<1000 {
        var changed = fixture
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          changed[Int.random(in: changed.indices, using: &random)] =
            [0, 1, 0x7F, 0x80, 0xFF]
            .randomElement(using: &random) ?? 0
        }
        _ = error(changed)
      }
      for count in stride(from: 0, to: fixture.count, by: 61) {
        _ = error(Array(fixture.prefix(count)))
      }
    }
  }
}
