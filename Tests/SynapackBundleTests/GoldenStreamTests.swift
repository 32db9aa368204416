import SynapackTensor
import TestSupport
import Testing

@testable import SynapackBundle

/// Streams that the encoder of the second reader wrote (`tools/verify/bundle_reader/modelled`), which
/// shares no code with this one. They are part of format 1; no later version may change them.
@Suite struct GoldenStreamTests {
  @Test func integersAreTheBytesOfTheSecondReader() {
    let values: [Int64] = [0, 1, -1, 5, -300, 1 << 62, .min, 0, 0, 7, .max]
    var encoder = BinaryEncoder()
    var model = IntegerModel(widest: 64, contexts: 11)
    for (index, value) in values.enumerated() {
      enter(index, &model)
      #expect(model.code(value, &encoder) == value)
    }
    let stream = encoder.finish()
    #expect(stream == bytes(hexadecimal: integers))
    var decoder = BinaryDecoder(stream)
    model = IntegerModel(widest: 64, contexts: 11)
    for (index, value) in values.enumerated() {
      enter(index, &model)
      #expect(model.code(0, &decoder) == value)
    }
    #expect(decoder.isConsumed)
  }

  private func enter(_ index: Int, _ model: inout IntegerModel) {
    for (input, context) in [index % 3, index % 2, 0, index, 1, 2].enumerated() {
      model.enter(context, at: input)
    }
  }

  @Test func weightsAreTheBytesOfTheSecondReader() throws {
    var model = WeightModel()
    var encoder = BinaryEncoder()
    var kernels = levels(216, limit: 7)
    model.code(&kernels, shape: try Shape([6, 4, 3, 3]), bits: 4, &encoder)
    var rows = levels(240, limit: 127)
    model.code(&rows, shape: try Shape([10, 24]), bits: 8, &encoder)
    #expect(encoder.finish() == bytes(hexadecimal: weights))
  }

  /// A linear congruential sequence, a third of it zero.
  private func levels(_ count: Int, limit: Int) -> [Int16] {
    var state = 1
    return (0..<count).map { _ in
      state = (state * 1_103_515_245 + 12_345) % (1 << 31)
      let level = (state >> 16) % (2 * limit + 1) - limit
      return (state >> 9) % 3 == 0 ? 0 : Int16(level)
    }
  }
}

private let integers = """
  967a1f77152c261d0000000023f7387fffffffffb81190079c2362ffffffffffdf8008ec244500000000
  """

private let weights = """
  7e4819c1b78732e132f84e9f2609cdf50242800c0cadba618cefbfe9757944018a0d64f39a4e6e8481dedba91d
  b2c9f14dbb6fa562099a28241c204057b3e737c4d696494440abee29f26d16603a9352352c98ff333861da37e9
  90df5f0e09b30e7dcd53b7e32d0853b60644aa7017c11d6137ee17de9751e6d809ee5538f914093bd7f772c1d2
  5c9cfae58e54dd75ca484fb01d19fd5b356c8c8a04e172180b3853f8226e12b3b84d242a00c8b0bcda97ce3e10
  683c0afcdf5e3f62f95534f44acf1d3607a60aaf349389bd5f3217d4d8715824482399797e234155ee0b6957f9
  03933af054f8251db193ded2cbd39d77919f0af0c0fd65daa388e0171809868545ea862c63c29ba191b8b8bc07
  850cb3d19a58ac0cef6afabb6d9e5e4cef57edcabe91fc7ba7fd1f05f53d829bcda0
  """
