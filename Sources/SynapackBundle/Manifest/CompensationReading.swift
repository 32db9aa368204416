internal import CBundleSchema
internal import SynapackProgram
internal import SynapackSupport

/// Compensated neurons from their message; their values follow from the section of parameters.
extension ManifestRead {
  static func compensation(
    _ message: Synapack__Bundle__Compensation, _ runs: inout ParameterRuns
  ) throws(PackError) -> Compensation {
    let (lowest, highest) = unsafe (Int(message.lowest_payload), Int(message.highest_payload))
    guard lowest <= highest else { throw Manifest.refusal("payloads from \(lowest) to \(highest)") }
    var drive = Drive.synapses
    if let product = unsafe message.product {
      drive = .product(unsafe try self.product(product.pointee))
    }
    return Compensation(
      payloads: lowest...highest, drive: drive,
      function: unsafe try function(message, &runs))
  }

  private static func function(
    _ message: Synapack__Bundle__Compensation, _ runs: inout ParameterRuns
  ) throws(PackError) -> CompensatedFunction {
    switch unsafe message.function {
    case SYNAPACK__BUNDLE__FUNCTION__IDENTITY: return .identity
    case SYNAPACK__BUNDLE__FUNCTION__TABLE:
      runs.table = unsafe try run(message.table)
      return .table(FunctionTable(values: [], origin: Int(unsafe message.origin)))
    case SYNAPACK__BUNDLE__FUNCTION__NORMALIZATION:
      runs.gains = unsafe try run(message.gains)
      runs.offsets = unsafe try run(message.offsets)
      return unsafe .normalization(
        MeanNormalization(
          axis: try axis(message.axis), shift: Int(message.shift),
          epsilon: try int32(message.epsilon), gains: Parameter([]), offsets: Parameter([])))
    case SYNAPACK__BUNDLE__FUNCTION__SOFTMAX:
      runs.table = unsafe try run(message.table)
      return unsafe .softmax(
        SoftmaxTable(
          axis: try axis(message.axis), values: [], gain: try int32(message.gain)))
    default: throw Manifest.refusal("an unknown function")
    }
  }

  private static func axis(_ axis: Synapack__Bundle__Axis) throws(PackError) -> GroupAxis {
    switch axis {
    case SYNAPACK__BUNDLE__AXIS__CHANNELS: return .channels
    case SYNAPACK__BUNDLE__AXIS__ROW: return .row
    default: throw Manifest.refusal("an unknown axis")
    }
  }

  private static func int32(_ value: UInt32) throws(PackError) -> Int32 {
    guard let int = Int32(exactly: value) else { throw Manifest.refusal("the number \(value)") }
    return int
  }

  private static func product(
    _ message: Synapack__Bundle__Product
  ) throws(PackError) -> OperandProduct {
    guard let left = unsafe message.left, let right = unsafe message.right else {
      throw Manifest.refusal("a product without its operands")
    }
    return unsafe OperandProduct(
      batch: try int(message.batch), rows: try int(message.rows),
      columns: try int(message.columns), inner: try int(message.inner),
      isColumnMajor: message.column_major != 0, left: try operand(left.pointee),
      right: try operand(right.pointee))
  }

  private static func operand(
    _ message: Synapack__Bundle__Operand
  ) throws(PackError) -> Operand {
    unsafe Operand(
      source: Int(message.source), offset: try int(message.offset),
      perMatrix: try int(message.per_matrix), perLine: try int(message.per_line),
      perTerm: try int(message.per_term))
  }
}
