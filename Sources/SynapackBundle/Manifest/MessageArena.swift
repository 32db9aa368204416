internal import CBundleSchema
internal import CProtobufC
internal import SynapackSupport

/// Memory for the C messages of one manifest, freed as a whole, with a cap on its size.
///
/// libprotobuf-c unpacks into it and messages for packing are built in it. What is handed out is
/// valid while the arena lives.
@unsafe
final class MessageArena {
  private var blocks: [UnsafeMutableRawPointer] = unsafe []
  private var taken = 0
  private let limit: Int

  init(limit: Int = BundleLimits.manifestHeapBytes) {
    unsafe self.limit = limit
  }

  deinit {
    unsafe blocks.forEach { unsafe $0.deallocate() }
  }

  /// Zeroed memory, or `nil` once the cap is reached.
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, unsafe size <= limit - taken else { return nil }
    unsafe taken += size
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 16)
    unsafe block.initializeMemory(as: UInt8.self, repeating: 0, count: max(size, 1))
    unsafe blocks.append(block)
    return unsafe block
  }

  private func require(_ size: Int) throws(PackError) -> UnsafeMutableRawPointer {
    guard let block = unsafe allocate(size) else {
      throw Manifest.refusal("it would take more than \(unsafe limit) bytes of memory")
    }
    return unsafe block
  }

  /// A message with its defaults.
  func message<Message>(
    _ initialise: (UnsafeMutablePointer<Message>?) -> Void
  ) throws(PackError) -> UnsafeMutablePointer<Message> {
    let block = unsafe try require(MemoryLayout<Message>.size)
    let pointer = unsafe block.bindMemory(to: Message.self, capacity: 1)
    unsafe initialise(pointer)
    return unsafe pointer
  }

  /// A copy of `values` as a C array; `nil` for none.
  func array<Value: BitwiseCopyable>(
    _ values: [Value]
  ) throws(PackError) -> UnsafeMutablePointer<Value>? {
    guard !values.isEmpty else { return nil }
    let block = unsafe try require(values.count * MemoryLayout<Value>.stride)
    let pointer = unsafe block.bindMemory(to: Value.self, capacity: values.count)
    for (index, value) in values.enumerated() { unsafe pointer[index] = value }
    return unsafe pointer
  }

  /// A C array of pointers to messages.
  func pointers<Message>(
    _ messages: [UnsafeMutablePointer<Message>]
  ) throws(PackError) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?>? {
    guard unsafe !messages.isEmpty else { return nil }
    let size = unsafe messages.count * MemoryLayout<UnsafeMutablePointer<Message>?>.stride
    let block = unsafe try require(size)
    let pointer = unsafe block.bindMemory(
      to: UnsafeMutablePointer<Message>?.self, capacity: messages.count)
    for index in unsafe messages.indices { unsafe pointer[index] = messages[index] }
    return unsafe pointer
  }

  /// A C string.
  ///
  /// - Throws: `SYN0606` for text over `limit` bytes or with a zero byte in it.
  func text(
    _ text: String, atMost limit: Int = BundleLimits.nameBytes
  ) throws(PackError) -> UnsafeMutablePointer<CChar> {
    let bytes = Array(text.utf8)
    guard bytes.count <= limit, !bytes.contains(0) else {
      throw Manifest.refusal("a text of \(bytes.count) bytes that is too long or holds a zero byte")
    }
    let block = unsafe try require(bytes.count + 1)
    let pointer = unsafe block.bindMemory(to: CChar.self, capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { unsafe pointer[index] = CChar(bitPattern: byte) }
    return unsafe pointer
  }

  /// Lends libprotobuf-c an allocator whose memory lives and dies with the arena.
  func withAllocator<Result>(
    _ body: (UnsafeMutablePointer<ProtobufCAllocator>) throws(PackError) -> Result
  ) throws(PackError) -> Result {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    var allocator = unsafe ProtobufCAllocator(
      alloc: { context, size in
        guard let context = unsafe context, let size = Int(exactly: size) else { return nil }
        let arena = unsafe Unmanaged<MessageArena>.fromOpaque(context).takeUnretainedValue()
        return unsafe arena.allocate(size)
      },
      // Freed with the arena.
      free: { _, _ in },
      allocator_data: context)
    return unsafe try body(&allocator)
  }
}
