import Synapack
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

struct PreprocessTests {
  @Test func numbersAndFractionsAreRead() throws {
    let preprocess = try Preprocess("scale=1/255,mean=0.5:0.25,std=0.5,layout=nhwc")
    #expect(preprocess.scale == 1 / 255 && preprocess.mean == [0.5, 0.25])
    #expect(preprocess.deviation == [0.5] && preprocess.layout == .nhwc)
  }

  @Test(arguments: [
    "scale", "scale=", "scale=x", "scale=1/0", "scale=1/2/3", "std=0", "std=1:0", "layout=chw",
    "gamma=1", "scale=1/255,scale=2", "scale=inf", "mean=1::2", "scale=0", "scale=0/3",
  ])
  func malformedTextIsRefused(text: String) {
    #expect {
      _ = try Preprocess(text)
    } throws: { ($0 as? PackError)?.code == .malformedPreprocess }
  }

  @Test func channelsLastBecomesChannelsFirst() throws {
    let folder = TemporaryFolder()
    // Two samples of 2×2 cells and 3 channels: 0, 1, 2, … in the order of the file.
    folder.write(npy(shape: "2, 2, 2, 3", bytes: (0..<24).map { UInt8($0) }), to: "x.npy")
    let samples = try Samples(
      path: folder.path("x.npy"), shape: try Shape([3, 2, 2]),
      preprocess: try Preprocess("scale=2,mean=1:2:3,std=1:2:4,layout=nhwc"))
    #expect(samples.count == 2)
    let values = try samples.values(1..<2)
    // Channel c of cell p of sample 1 is 12 + 3p + c.
    let expected = (0..<12).map { index -> Float in
      let (channel, cell) = (index / 4, index % 4)
      return (Float(12 + 3 * cell + channel) * 2 - Float(channel + 1)) / [1, 2, 4][channel]
    }
    #expect(values == expected)
  }

  @Test func grayImagesNeedNoChannelAxis() throws {
    let folder = TemporaryFolder()
    folder.write(npy(shape: "5, 2, 2", bytes: Array(repeating: 7, count: 20)), to: "x.npy")
    let samples = try Samples(
      path: folder.path("x.npy"), shape: try Shape([1, 2, 2]), preprocess: try Preprocess(""))
    #expect(samples.count == 5)
    #expect(try samples.values(4..<5) == [7, 7, 7, 7])
  }

  /// A layout is not ignored where there is one channel: the axes must be those that it names.
  @Test func theLayoutHoldsForOneChannel() throws {
    let folder = TemporaryFolder()
    func open(_ shape: String, _ layout: String) throws -> Samples {
      folder.write(npy(shape: shape, bytes: Array(repeating: 7, count: 20)), to: "x.npy")
      return try Samples(
        path: folder.path("x.npy"), shape: try Shape([1, 2, 2]),
        preprocess: try Preprocess("layout=\(layout)"))
    }
    for (shape, layout) in [
      ("5, 2, 2, 1", "nhwc"), ("5, 2, 2", "nhwc"), ("5, 1, 2, 2", "nchw"), ("5, 2, 2", "nchw"),
    ] {
      #expect(try open(shape, layout).count == 5)
    }
    let error = try #require(throws: PackError.self) { try open("5, 1, 2, 2", "nhwc") }
    #expect(error.code == .wrongDataShape && error.hint.contains("leave layout=nhwc out"))
  }

  @Test(arguments: ["5, 2, 3", "5", "5, 4", "5, 2, 2, 2"])
  func otherShapesAreRefused(shape: String) throws {
    let folder = TemporaryFolder()
    let count = shape.split(separator: ",").reduce(1) {
      $0 * (Int($1.filter(\.isNumber)) ?? 0)
    }
    folder.write(
      npy(
        shape: shape + (shape.contains(",") ? "" : ","), bytes: Array(repeating: 0, count: count)),
      to: "x.npy")
    #expect {
      _ = try Samples(
        path: folder.path("x.npy"), shape: try Shape([1, 2, 2]), preprocess: try Preprocess(""))
    } throws: { ($0 as? PackError)?.code == .wrongDataShape }
  }

  private func npy(shape: String, bytes: [UInt8]) -> [UInt8] {
    var header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
      + Array(header.utf8) + bytes
  }
}
