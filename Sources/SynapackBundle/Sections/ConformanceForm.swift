internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What a program fixes about its conformance vectors.
struct ConformanceForm {
  /// The shape of the inputs of one tick.
  let inputShape: Shape
  /// The inputs of all ticks.
  let inputs: Int
  let payloads: ClosedRange<Int>
  let scores: Int
  /// The records of each population.
  let ticks: [Int]

  static let recordBytes = 20

  init(_ program: SpikingProgram) {
    inputShape = program.input.shape
    inputs = program.inputPayloads
    payloads = program.input.encoding.payloads
    scores = program.populations[program.readout.population].shape.count
    ticks = Clock(program).populations.map { max(0, $0.ends - $0.begins) }
  }

  /// The raw bytes of one vector; `nil` where they do not fit an integer.
  var bytesOfVector: Int? {
    var bytes = inputs.times(4)?.adding(8)
    bytes = bytes.flatMap { sum in scores.times(8)?.adding(8)?.adding(sum) }
    for count in ticks {
      bytes = bytes.flatMap { sum in
        count.times(ConformanceForm.recordBytes)?.adding(8)?.adding(sum)
      }
    }
    return bytes
  }

  /// The raw bytes of the section with `count` vectors.
  func bytes(ofVectors count: Int) -> Int? { bytesOfVector?.times(count)?.adding(8) }
}
