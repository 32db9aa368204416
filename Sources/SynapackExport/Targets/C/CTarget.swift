internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A pair of C11 files that runs the program on a microcontroller.
///
/// No heap, integers only, all arrays static; the machine is one engine (`engine.c.in`) over tables
/// that are written here. Sums are 32 bits wide where ``SpikingProgram/inputBounds()`` proves that no
/// membrane and no partial sum leaves them, else 64.
struct CTarget: ExportTarget {
  let id = "c"
  let summary = "C11 for a microcontroller: no heap, integers only, with a self-test"

  var capability: Capability {
    var capability = Capability(reader: "gcc 12, clang 17")
    capability.features.removeAll { $0 == .compensation }
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let layout = try CLayout(source.program)
    let tables = try CTables(source.program, layout)
    let engine = CTarget.filled(PackageResources.engine_c_in, with: tables.text)
    var files = [
      ExportedFile("program.c", tables.prologue + engine),
      ExportedFile("program.h", layout.header),
    ]
    if !source.conformance.isEmpty {
      let test = CTarget.filled(
        PackageResources.self_test_c_in, with: CSelfTest.tables(source, layout))
      files.append(ExportedFile("self_test.c", test))
    }
    files.append(
      ExportedFile("README.md", layout.readme(tables.size, hasTest: !source.conformance.isEmpty)))
    return files
  }

  /// A template whose line `@DATA@` is replaced.
  private static func filled(_ template: [UInt8], with data: String) -> String {
    let lines = String(decoding: template, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0 == "@DATA@" ? data : String($0) }.joined(separator: "\n")
  }
}

/// The widths and counts that all files of one program share.
struct CLayout {
  let program: SpikingProgram
  let clock: Clock
  /// Whether 32-bit sums are exact.
  let isNarrow: Bool
  let inputType: String
  let payloadType: String

  init(_ program: SpikingProgram) throws(PackError) {
    self.program = program
    clock = Clock(program)
    let bounds = try program.inputBounds()
    isNarrow = zip(program.populations, bounds).allSatisfy { population, bound in
      let range = population.membrane
      let reach = max(-Int64(range.lowerBound), Int64(range.upperBound))
      return bound + reach <= Int64(Int32.max)
    }
    let input = program.input.encoding.payloads
    let unsigned = input.upperBound <= 255 ? "uint8_t" : "uint16_t"
    let signed = input.lowerBound >= -128 ? "int8_t" : "int16_t"
    inputType = input.lowerBound >= 0 ? unsigned : signed
    let isByte = program.populations.allSatisfy {
      $0.payloads.lowerBound >= -128 && $0.payloads.upperBound <= 127
    }
    payloadType = isByte ? "int8_t" : "int16_t"
  }

  var sumType: String { isNarrow ? "int32_t" : "int64_t" }
  var sumBytes: Int { isNarrow ? 4 : 8 }
  var classes: Int { program.populations[program.readout.population].shape.count }
  /// The ticks after which nobody is awake.
  var life: Int { clock.populations.map(\.ends).max() ?? 0 }

  var header: String {
    """
    /* A spiking network of \(program.populations.count) layers and \(program.neurons) neurons, \
    \(program.timesteps) ticks. C11, no heap, integers only. */

    #ifndef SYNAPACK_PROGRAM_H
    #define SYNAPACK_PROGRAM_H

    #include <stddef.h>
    #include <stdint.h>

    #define SYNAPACK_INPUTS \(program.inputPayloads)u     /* payloads of one sample */
    #define SYNAPACK_CLASSES \(classes)u
    #define SYNAPACK_POPULATIONS \(program.populations.count)u
    #define SYNAPACK_LATENCY \(clock.latency) /* ticks from the first of the input to the result */
    #define SYNAPACK_LIFE \(life)    /* ticks until every layer is done */

    /* A payload of the input, \(program.input.encoding.payloads.lowerBound) to \
    \(program.input.encoding.payloads.upperBound): \(InputWords.rule(program.input.encoding)). */
    typedef \(inputType) synapack_input;

    /* Runs one sample and fills the scores of every class. Returns the ticks from the first of the input
       to the result: SYNAPACK_LATENCY, or fewer after an early exit. */
    int32_t synapack_run(const synapack_input *input, int64_t *scores);

    /* The lowest class with the largest score. */
    int32_t synapack_decision(const int64_t *scores);

    /* The same tick by tick: the sample must stay where it is until its last tick. */
    void synapack_start(const synapack_input *input);
    int32_t synapack_step(void); /* returns the ticks that are left until the result */
    void synapack_scores(int64_t *scores);

    /* What a layer did in the tick before; neurons are counted row-major. */
    uint32_t synapack_neurons(uint32_t population);
    int32_t synapack_membrane(uint32_t population, uint32_t neuron);
    int32_t synapack_payload(uint32_t population, uint32_t neuron);
    int32_t synapack_is_awake(uint32_t population, int32_t tick);

    #endif

    """
  }

  func readme(_ size: CTables.Size, hasTest: Bool) -> String {
    let test =
      hasTest
      ? """

      The self-test runs the bundle's conformance vectors and compares every layer in every tick:

          cc -std=c11 -O2 -Wall -Wextra program.c self_test.c -o self_test && ./self_test

      """ : "\nThe bundle has no conformance vectors, so there is no self-test.\n"
    return """
      # A spiking network as C

      `program.c` and `program.h` are all that a firmware needs: C11, no heap, no floating point, no
      library but `memset`. One sample:

          int64_t scores[SYNAPACK_CLASSES];
          synapack_run(payloads, scores);
          int32_t class_index = synapack_decision(scores);

      `synapack_run` returns the ticks from the first of the input to the result: \(clock.latency)\
      \(program.readout.exit == nil ? "" : ", or fewer after an early exit").

      Constant tables take \(size.constant) bytes and static arrays \(size.variable) bytes, code not
      counted; sums are \(isNarrow ? 32 : 64) bits wide, which the weights prove to be enough.
      \(test)
      """
  }
}
