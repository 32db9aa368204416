import Testing

@testable import SynapackReport

struct IdentitySectionTests {
  /// Whatever identifies the bundle is there in full, and options that are off are not.
  @Test func everythingThatIdentifiesIsThere() {
    let page = PageReading(IdentitySection.self, PageDocument.full)
    let values = page.all("dd").map(\.text)
    #expect(
      values == [
        "sha256:0123", "bundle 1.0, written by synapack test", "onnx, pytorch 2.5", "abcd",
        "2 layers, 22 neurons, 1,234 weights of which 12.50 % are zero",
        "x, 1×8×8, after scale=1/16",
        "neuron if · weightBits 8",
      ])
  }
}
