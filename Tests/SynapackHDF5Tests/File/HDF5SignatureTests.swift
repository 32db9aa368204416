import Testing

@testable import SynapackHDF5

struct HDF5SignatureTests {
  @Test func theSignatureIsThatOfTheSpecification() {
    #expect(HDF5Signature.bytes == [0x89] + Array("HDF\r\n\u{1A}\n".utf8))
  }
}
