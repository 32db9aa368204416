internal import CZlib

/// A zlib stream (RFC 1950) in a file, inflated piece by piece from its start.
///
/// It costs a window of 32 KiB and a piece of the stream, whatever comes out in all.
@safe
public final class InflateStream {
  /// The most bytes of the stream that are taken from the file at a time.
  private static let part = 1 << 15
  /// The most bytes that the system is taken to bring around one that is read.
  private static let around = 1 << 17

  private let file: MappedFile
  private let range: Range<Int>
  private let state: UnsafeMutablePointer<z_stream>
  /// Where the next byte of the stream lies in the file.
  private var next: Int
  private var input: [UInt8] = []
  /// How much of `input` was eaten.
  private var eaten = 0
  private var hasEnded = false
  /// How many bytes came out so far.
  public private(set) var position = 0

  /// - Parameter range: of the stream, cut to the file.
  /// - Throws: `SYN0901` where zlib cannot start.
  public init(_ file: MappedFile, _ range: Range<Int>) throws(PackError) {
    self.file = file
    self.range = range.clamped(to: 0..<file.count)
    next = self.range.lowerBound
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: z_stream())
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(state, 15, ZLIB_VERSION, size) == Z_OK else {
      throw PackError(.defect, "zlib cannot start", hint: "check the free memory")
    }
  }

  deinit {
    unsafe inflateEnd(state)
    unsafe state.deallocate()
  }

  /// The next `count` bytes.
  ///
  /// - Throws: `SYN0233` where the stream is damaged or ends before them.
  public func read(_ count: Int) throws(PackError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(count)
    var piece = [UInt8](repeating: 0, count: min(max(count, 1), InflateStream.part))
    while output.count < count {
      let made = try step(&piece, room: min(piece.count, count - output.count))
      output += piece[0..<made]
      position += made
    }
    return output
  }

  /// Passes over `count` bytes.
  ///
  /// - Throws: as ``read(_:)``.
  public func skip(_ count: Int) throws(PackError) {
    var left = count
    while left > 0 {
      let amount = min(left, InflateStream.part)
      _ = try read(amount)
      left -= amount
    }
  }

  /// - Throws: `SYN0233` where more comes out, or bytes follow the stream.
  public func finish() throws(PackError) {
    var piece: [UInt8] = [0]
    while !hasEnded {
      let made = try step(&piece, room: 1)
      guard made == 0 else { throw damaged("it holds more than \(position) bytes") }
    }
    let rest = range.upperBound - next + input.count - eaten
    guard rest == 0 else { throw damaged("\(rest) bytes follow its end") }
  }

  /// Inflates once into `piece`; returns how many bytes came out.
  private func step(_ piece: inout [UInt8], room: Int) throws(PackError) -> Int {
    guard !hasEnded else { throw damaged("it holds \(position) bytes only") }
    if eaten == input.count { fill() }
    let offered = input.count - eaten
    let start = eaten
    let status = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe piece.withUnsafeMutableBufferPointer { target in
        unsafe state.pointee.next_in = source.baseAddress.map { unsafe $0 + start }
        unsafe state.pointee.avail_in = uInt(offered)
        unsafe state.pointee.next_out = target.baseAddress
        unsafe state.pointee.avail_out = uInt(room)
        return unsafe inflate(state, Z_NO_FLUSH)
      }
    }
    let used = unsafe offered - Int(state.pointee.avail_in)
    let made = unsafe room - Int(state.pointee.avail_out)
    eaten += used
    hasEnded = status == Z_STREAM_END
    guard hasEnded || (status == Z_OK && used + made > 0) else {
      throw damaged("zlib stops with status \(status) behind byte \(next - range.lowerBound)")
    }
    return made
  }

  private func fill() {
    let end = min(next + InflateStream.part, range.upperBound)
    input = file.withBytes { $0.copy(next..<end) }
    // A fault brings pages around the one that is read, also such as were given back before.
    file.release(max(range.lowerBound, next - InflateStream.around)..<end)
    next = end
    eaten = 0
  }

  private func damaged(_ reason: String) -> PackError {
    PackError(
      .malformedCompression, "the compressed data is refused: \(reason)",
      hint: "fetch the file again from its source")
  }
}
