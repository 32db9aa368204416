import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

/// The scan that comes before the decoder, on its own.
@Suite struct ProtobufScanTests {
  private func scan(_ bytes: [UInt8]) throws(PackError) -> SlimMessage {
    unsafe try ProtobufScan.slim(bytes.span.bytes, schemas: ONNXSchema.messages)
  }

  private func code(_ bytes: [UInt8]) -> ErrorCode? {
    SynapackImportTests.code { () throws(PackError) in _ = try scan(bytes) }
  }

  /// A model with messages nested to `depth`, the model counted.
  private func nested(_ depth: Int) -> [UInt8] {
    // Graph within attribute within node within graph, and again.
    let numbers: [UInt64] = [7] + (0..<depth).map { [1, 5, 6][$0 % 3] }
    var content: [UInt8] = []
    for number in numbers[0..<depth - 1].reversed() {
      content = WireWriter().block(number, content).bytes
    }
    return content
  }

  @Test func aHundredLevelsAreTheMost() {
    #expect(code(nested(100)) == nil)
    #expect(code(nested(101)) == .modelTooDeep)
  }

  @Test func messagesOfManyBytesDoNotRecurse() {
    #expect(code(nested(4000)) == .modelTooDeep)
  }

  @Test func numbersAreBounded() {
    let tag = WireWriter.tag(1, 0)
    #expect(code(tag + Array(repeating: 0xFF, count: 9) + [0x01]) == nil)
    #expect(code(tag + Array(repeating: 0xFF, count: 9) + [0x02]) == .malformedModel)
    #expect(code(tag + Array(repeating: 0x80, count: 10) + [0x00]) == .malformedModel)
    #expect(code(tag + [0x80]) == .malformedModel)
    #expect(code(tag) == .malformedModel)
  }

  @Test func tagsAreChecked() {
    #expect(code([0x00, 0x00]) == .malformedModel)
    #expect(code(WireWriter.tag(1 << 29, 0) + [0]) == .malformedModel)
    #expect(code(WireWriter.tag((1 << 29) - 1, 0) + [0]) == nil)
    for wireType: UInt64 in [3, 4, 6, 7] {
      #expect(code(WireWriter.tag(1, wireType) + [0]) == .malformedModel)
      #expect(code(WireWriter.tag(1000, wireType) + [0]) == .malformedModel)
    }
    // A known field with another field's wire type.
    #expect(code(WireWriter.tag(7, 0) + [0]) == .malformedModel)
    #expect(code(WireWriter.tag(1, 2) + [0]) == .malformedModel)
  }

  @Test func lengthsAreHeldAgainstWhatRemains() {
    #expect(code(WireWriter.tag(7, 2) + [1]) == .malformedModel)
    #expect(code(WireWriter.tag(7, 2) + WireWriter.varint(.max)) == .malformedModel)
    #expect(code(WireWriter.tag(2, 2) + [3, 0x61]) == .malformedModel)
    // A field that leaves its message, though not the file.
    let graph: [UInt8] = WireWriter.tag(7, 2) + [2] + WireWriter.tag(2, 2) + [2, 0x61, 0x61]
    #expect(code(graph) == .malformedModel)
  }

  @Test func listsHoldWholeNumbers() {
    func tensor(_ number: UInt64, _ content: [UInt8]) -> ErrorCode? {
      let tensor = WireWriter().block(number, content)
      return code(WireWriter().message(7, WireWriter().message(5, tensor)).bytes)
    }
    #expect(tensor(4, Array(repeating: 0, count: 8)) == nil)
    #expect(tensor(4, Array(repeating: 0, count: 7)) == .malformedModel)
    #expect(tensor(10, Array(repeating: 0, count: 12)) == .malformedModel)
    #expect(tensor(1, [0x01, 0x80]) == .malformedModel)
  }

  @Test func singularFieldsStandOnce() {
    let graph = WireWriter().message(7, WireWriter())
    #expect(code(graph.bytes) == nil)
    #expect(code(graph.message(7, WireWriter()).bytes) == .malformedModel)
  }

  @Test(arguments: [[0xFF], [0xC0, 0x80], [0x61, 0x00]] as [[UInt8]])
  func textIsUTF8WithoutZeroBytes(content: [UInt8]) {
    #expect(code(WireWriter().block(2, content).bytes) == .malformedModel)
  }

  @Test func rawDataIsLeftInTheFile() throws {
    let data = Array(repeating: UInt8(7), count: 1000)
    let tensor = WireWriter().block(9, data).text(8, "weight")
    let bytes = WireWriter().message(7, WireWriter().message(5, tensor)).integer(1, 8).bytes
    let slim = try scan(bytes)
    #expect(slim.bulk.map { Array(bytes[$0]) } == [data])
    let cut = WireWriter().block(9, [0, 0, 0, 0]).text(8, "weight")
    #expect(
      slim.bytes == WireWriter().message(7, WireWriter().message(5, cut)).integer(1, 8).bytes)
  }

  @Test func unknownFieldsAreCutOut() throws {
    let bytes = WireWriter().integer(1, 8).block(1000, Array(repeating: 0, count: 500))
      .integer(999, 1).integer(5, 3).bytes
    #expect(try scan(bytes).bytes == WireWriter().integer(1, 8).integer(5, 3).bytes)
  }

  @Test func emptyMessagesAreNotFree() {
    let tensors = Array(repeating: WireWriter.tag(5, 2) + [0], count: 1_000_000).flatMap { $0 }
    #expect(code(WireWriter().block(7, tensors).bytes) == .modelTooLarge)
  }
}
