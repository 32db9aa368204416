import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

/// Every rule of the format, each broken on its own.
@Suite struct SafetensorsFileTests {
  private let folder = TemporaryFolder()

  private func read(_ bytes: [UInt8]) throws(PackError) -> NamedTensors {
    folder.write(bytes, to: "a.safetensors")
    return try SafetensorsFile.read(try MappedFile(path: folder.path("a.safetensors")))
  }

  private func error(_ bytes: [UInt8]) -> PackError? {
    do {
      _ = try read(bytes)
      return nil
    } catch { return error }
  }

  private func code(_ header: String, _ count: Int = 4) -> ErrorCode? {
    error(SafetensorsWriter.file(header, Array(repeating: 0, count: count)))?.code
  }

  private func entry(
    _ name: String = "w", _ type: String = "F32", _ shape: String = "[1]",
    _ offsets: String = "[0,4]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test func aSoundFileIsRead() throws {
    let bytes = SafetensorsWriter.file([
      ("b", [2, 1], [1, -2]), ("empty", [0, 3], []), ("a", [], [0.5]),
    ])
    let tensors = try read(bytes)
    #expect(tensors.names == ["b", "empty", "a"])
    #expect(tensors["b"]?.floats() == [1, -2])
    #expect(tensors["b"]?.filePath == folder.path("a.safetensors"))
    #expect(tensors["a"]?.shape.rank == 0)
    #expect(tensors["empty"]?.shape.dimensions == [0, 3])
  }

  @Test func everyTypeHasItsSize() throws {
    let sizes = [
      ("BOOL", 1), ("U8", 1), ("I8", 1), ("I16", 2), ("U16", 2), ("F16", 2), ("BF16", 2),
      ("I32", 4), ("U32", 4), ("F32", 4), ("F64", 8), ("I64", 8), ("U64", 8),
    ]
    for (type, size) in sizes {
      let header = "{" + entry("w", type, "[3]", "[0,\(3 * size)]") + "}"
      let bytes = SafetensorsWriter.file(header, Array(repeating: 0, count: 3 * size))
      #expect(try read(bytes)["w"]?.floats() == [0, 0, 0], "\(type)")
    }
    for type in ["F8_E4M3", "F8_E5M2", "F4", "F6_E2M3", "C64", "f32", "", "F32 "] {
      #expect(code("{" + entry("w", type) + "}") == .unsupportedWeightType, "\(type)")
    }
  }

  @Test func lengthsOfTheHeaderAreBounded() {
    let sound = "{" + entry() + "}"
    for length: UInt64 in [0, 1, 7, 100_000_001, 1 << 63, .max] {
      let bytes = SafetensorsWriter.file(sound, [0, 0, 0, 0], length: length)
      #expect(error(bytes)?.code == .malformedSafetensors, "\(length)")
    }
    let long = SafetensorsWriter.file(sound, [], length: UInt64(sound.utf8.count + 1))
    #expect(error(long)?.trail.first == .bytes(0..<8))
    for count in 0..<8 { #expect(error(Array(repeating: 0, count: count)) != nil) }
  }

  @Test func onlyBlanksMayFollowTheObject() {
    let sound = "{" + entry() + "}"
    #expect(code(sound + "    ") == nil)
    for end in ["\0", "\t", "\n", "x", "{}", " ]"] {
      #expect(code(sound + end) == .malformedSafetensors)
    }
    for start in [" ", "\u{FEFF}", "[", ""] {
      #expect(code(start + sound.dropFirst(start == " " ? 0 : 1)) == .malformedSafetensors)
    }
  }

  @Test func nothingStandsTwice() {
    #expect(
      code("{" + entry() + "," + entry("w", "F32", "[0]", "[0,0]") + "}") == .malformedSafetensors)
    // An escape is undone before names are compared.
    let escaped = entry("\\u0077", "F32", "[0]", "[0,0]")
    #expect(code("{" + entry() + "," + escaped + "}") == .malformedSafetensors)
    let key = "\"dtype\":\"F32\","
    #expect(
      code("{\"w\":{" + key + key + "\"shape\":[1],\"data_offsets\":[0,4]}}")
        == .malformedSafetensors)
    #expect(
      code("{\"w\":{" + key + "\"\\u0064type\":\"U8\",\"shape\":[1],\"data_offsets\":[0,4]}}")
        == .malformedSafetensors)
    #expect(code("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}," + entry() + "}") != nil)
    #expect(code("{\"__metadata__\":{},\"__metadata__\":{}," + entry() + "}") != nil)
  }

  @Test func metadataAreTexts() {
    #expect(code("{\"__metadata__\":{\"format\":\"pt\"}," + entry() + "}") == nil)
    for value in ["1", "null", "[\"a\"]", "{\"a\":\"b\"}", "true"] {
      #expect(code("{\"__metadata__\":{\"a\":\(value)}," + entry() + "}") == .malformedSafetensors)
    }
    #expect(code("{\"__metadata__\":\"a\"," + entry() + "}") == .malformedSafetensors)
  }

  @Test(arguments: [
    "1e0", "1.0", "-0", "-1", "01", "18446744073709551616", "+1", "\"1\"", "null",
  ])
  func numbersAreDigits(number: String) {
    #expect(code("{" + entry("w", "F32", "[\(number)]") + "}") == .malformedSafetensors)
    #expect(code("{" + entry("w", "F32", "[1]", "[\(number),4]") + "}") == .malformedSafetensors)
  }

  @Test func offsetsFillTheData() {
    #expect(code("{" + entry("w", "F32", "[1]", "[4,0]") + "}") == .malformedSafetensors)
    #expect(code("{" + entry("w", "F32", "[1]", "[1,5]") + "}", 5) == .malformedSafetensors)
    #expect(code("{" + entry() + "}", 5) == .malformedSafetensors)
    #expect(code("{" + entry() + "}", 3) == .malformedSafetensors)
    func pair(_ offsets: String) -> String {
      "{" + entry() + "," + entry("v", "F32", "[1]", offsets) + "}"
    }
    #expect(code(pair("[4,8]"), 8) == nil)
    #expect(code(pair("[5,9]"), 9) == .malformedSafetensors)
    #expect(code(pair("[3,7]"), 7) == .malformedSafetensors)
    #expect(code(pair("[0,4]"), 4) == .malformedSafetensors)
    #expect(code("{" + entry("w", "F32", "[1]", "[0,9223372036854775807]") + "}") != nil)
    #expect(
      code("{" + entry("w", "F32", "[1]", "[9223372036854775803,9223372036854775807]") + "}") != nil
    )
  }

  @Test func emptyTensorsMayLieAnywhereBetweenOthers() {
    for place in ["[0,0]", "[4,4]"] {
      let header = "{" + entry() + "," + entry("e", "F32", "[0]", place) + "}"
      #expect(code(header) == nil, "\(place)")
    }
    #expect(code("{" + entry() + "," + entry("e", "F32", "[0]", "[2,2]") + "}") != nil)
    #expect(code("{}", 0) == nil)
  }

  @Test func sizesAreThoseOfShapeAndType() {
    for shape in ["[2]", "[0]", "[4294967296,4294967296]", "[1,1,2]", "[1", "{}", "1"] {
      #expect(code("{" + entry("w", "F32", shape) + "}") == .malformedSafetensors, "\(shape)")
    }
    #expect(code("{" + entry("w", "F32", "[]") + "}") == nil)
  }

  @Test func otherFormsAreRefused() {
    for header in [
      "{\"w\":[]}", "{\"w\":{}}", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}", "{\"w\"}", "{w:1}",
      "{\"w\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}}",
      "{" + entry("w", "F32", "[1]", "[0]") + "}", "{" + entry("w", "F32", "[1]", "[0,4,4]") + "}",
      "{" + entry() + ",}", "{" + entry(), "{,}", "{" + entry("\\ud800") + "}",
      "{" + entry("\\ud800\\u0061") + "}", "{" + entry("\\x") + "}", "{" + entry("a\u{1}") + "}",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}",
    ] {
      #expect(code(header) == .malformedSafetensors, "\(header)")
    }
    #expect(code("{" + entry("\\ud83d\\ude00") + "}") == nil)
  }

  @Test func depthAndLengthCostNothing() {
    let nested = String(repeating: "[", count: 100_000)
    #expect(code("{" + entry("w", "F32", nested) + "}") == .malformedSafetensors)
    #expect(code("{" + entry(String(repeating: "n", count: 5000)) + "}") == .malformedSafetensors)
    let numbers = "[" + String(repeating: "1,", count: 100_000) + "1]"
    #expect(code("{" + entry("w", "F32", numbers) + "}") == .malformedSafetensors)
  }

  @Test func textThatIsNoUnicodeIsRefused() {
    var bytes = SafetensorsWriter.file("{" + entry("ab") + "}", [0, 0, 0, 0])
    bytes[10] = 0xFF
    #expect(error(bytes)?.code == .malformedSafetensors)
    #expect(error(bytes)?.isInFile == true)
  }

  @Test func everyCutIsRefusedAndEveryChangedByteIsAnAnswer() {
    let bytes = SafetensorsWriter.file([("a.b", [2], [1, 2]), ("c", [1], [3])])
    for count in bytes.indices { #expect(error(Array(bytes.prefix(count))) != nil, "\(count)") }
    for index in bytes.indices {
      for flip: UInt8 in [1, 2, 0x10, 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        _ = error(changed)
      }
    }
  }
}
