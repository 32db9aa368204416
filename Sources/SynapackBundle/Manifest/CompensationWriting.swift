internal import CBundleSchema
internal import SynapackProgram
internal import SynapackSupport

/// Compensated neurons as a message; every field that the function does not have keeps its default.
extension ManifestWrite {
  func compensation(
    _ compensation: Compensation, _ runs: ParameterRuns
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Compensation> {
    let message = unsafe try arena.message(synapack__bundle__compensation__init)
    unsafe message.pointee.lowest_payload = try fit(compensation.payloads.lowerBound)
    unsafe message.pointee.highest_payload = try fit(compensation.payloads.upperBound)
    if case .product(let product) = compensation.drive {
      unsafe message.pointee.product = try self.product(product)
    }
    if let table = runs.table { unsafe message.pointee.table = try run(table) }
    if let gains = runs.gains { unsafe message.pointee.gains = try run(gains) }
    if let offsets = runs.offsets { unsafe message.pointee.offsets = try run(offsets) }
    switch compensation.function {
    case .identity: unsafe message.pointee.function = SYNAPACK__BUNDLE__FUNCTION__IDENTITY
    case .table(let table):
      unsafe message.pointee.function = SYNAPACK__BUNDLE__FUNCTION__TABLE
      unsafe message.pointee.origin = try fit(table.origin)
    case .normalization(let norm):
      unsafe message.pointee.function = SYNAPACK__BUNDLE__FUNCTION__NORMALIZATION
      unsafe message.pointee.axis = axis(norm.axis)
      unsafe message.pointee.shift = try fit(norm.shift)
      unsafe message.pointee.epsilon = try fit(norm.epsilon)
    case .softmax(let softmax):
      unsafe message.pointee.function = SYNAPACK__BUNDLE__FUNCTION__SOFTMAX
      unsafe message.pointee.axis = axis(softmax.axis)
      unsafe message.pointee.gain = try fit(softmax.gain)
    }
    return unsafe message
  }

  private func axis(_ axis: GroupAxis) -> Synapack__Bundle__Axis {
    switch axis {
    case .channels: SYNAPACK__BUNDLE__AXIS__CHANNELS
    case .row: SYNAPACK__BUNDLE__AXIS__ROW
    }
  }

  private func product(
    _ product: OperandProduct
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Product> {
    let message = unsafe try arena.message(synapack__bundle__product__init)
    unsafe message.pointee.batch = try fit(product.batch)
    unsafe message.pointee.rows = try fit(product.rows)
    unsafe message.pointee.columns = try fit(product.columns)
    unsafe message.pointee.inner = try fit(product.inner)
    unsafe message.pointee.column_major = product.isColumnMajor ? 1 : 0
    unsafe message.pointee.left = try operand(product.left)
    unsafe message.pointee.right = try operand(product.right)
    return unsafe message
  }

  private func operand(
    _ operand: Operand
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Operand> {
    let message = unsafe try arena.message(synapack__bundle__operand__init)
    unsafe message.pointee.source = try fit(operand.source)
    unsafe message.pointee.offset = try fit(operand.offset)
    unsafe message.pointee.per_matrix = try fit(operand.perMatrix)
    unsafe message.pointee.per_line = try fit(operand.perLine)
    unsafe message.pointee.per_term = try fit(operand.perTerm)
    return unsafe message
  }
}
