internal import SynapackProgram
internal import SynapackSupport

/// Compensated neurons as JSON; the keys are the symbols of ``Compensation`` by name.
enum CompensationJSON {
  static func function(_ function: CompensatedFunction) -> JSON {
    var members: [String: JSON] = ["kind": .string(function.name)]
    switch function {
    case .identity: break
    case .table(let table):
      members["values"] = numbers(table.values)
      members["origin"] = .integer(table.origin)
    case .normalization(let norm):
      members["axis"] = .string(norm.axis.rawValue)
      members["shift"] = .integer(norm.shift)
      members["epsilon"] = .integer(Int(norm.epsilon))
      members["gains"] = numbers(norm.gains.values)
      members["offsets"] = numbers(norm.offsets.values)
    case .softmax(let softmax):
      members["axis"] = .string(softmax.axis.rawValue)
      members["values"] = numbers(softmax.values)
      members["gain"] = .integer(Int(softmax.gain))
    }
    return .object(members)
  }

  static func product(_ product: OperandProduct) -> JSON {
    .object([
      "batch": .integer(product.batch), "rows": .integer(product.rows),
      "columns": .integer(product.columns), "inner": .integer(product.inner),
      "isColumnMajor": .bool(product.isColumnMajor),
      "left": operand(product.left), "right": operand(product.right),
    ])
  }

  private static func operand(_ operand: Operand) -> JSON {
    .object([
      "source": .integer(operand.source), "offset": .integer(operand.offset),
      "perMatrix": .integer(operand.perMatrix), "perLine": .integer(operand.perLine),
      "perTerm": .integer(operand.perTerm),
    ])
  }

  private static func numbers(_ values: [Int32]) -> JSON {
    .array(values.map { .integer(Int($0)) })
  }
}
