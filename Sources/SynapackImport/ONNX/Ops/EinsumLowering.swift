internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Einsum of two values, opset 12 and newer, where it is a matrix product.
///
///     Einsum("bhid,bhjd->bhij", x, y) → transpose each to [common, own, summed], matrixProduct,
///                                       transpose
///
/// Letters of both inputs and the output are stacked, letters of both inputs alone are summed over;
/// a repeated letter, an ellipsis or a letter of one input that is summed over is refused.
enum EinsumLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Einsum", opsets: 12...ONNXOpsets.newest, inputs: .init(2...2), attributes: ["equation"],
      activations: { (context, builder) throws(PackError) in
        .activation(try lower(context, &builder))
      })
  ]

  private struct Equation {
    let left: [Character]
    let right: [Character]
    let output: [Character]

    /// Letters of both inputs that stay.
    var stacked: [Character] { output.filter { left.contains($0) && right.contains($0) } }
    var summed: [Character] { left.filter { right.contains($0) && !output.contains($0) } }
    var rows: [Character] { output.filter { left.contains($0) && !right.contains($0) } }
    var columns: [Character] { output.filter { right.contains($0) && !left.contains($0) } }

    init?(_ text: String) {
      let sides = text.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      let inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false)
      guard inputs.count == 2 else { return nil }
      (left, right, output) = (Array(inputs[0]), Array(inputs[1]), Array(sides[1]))
      for letters in [left, right, output] {
        guard Set(letters).count == letters.count, letters.allSatisfy(\.isLetter) else {
          return nil
        }
      }
      let known = Set(left).union(right)
      guard output.allSatisfy(known.contains),
        left.allSatisfy({ output.contains($0) || right.contains($0) }),
        right.allSatisfy({ output.contains($0) || left.contains($0) })
      else { return nil }
    }
  }

  private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let text = try context.string("equation", default: "")
    guard let equation = Equation(text) else {
      throw context.unsupported(
        "the equation `\(text.prefix(80))` is no product of two matrices",
        hint: "write it as MatMul")
    }
    let a = try arranged(
      0, equation.left, [equation.stacked, equation.rows, equation.summed], context, &builder)
    let b = try arranged(
      1, equation.right, [equation.stacked, equation.summed, equation.columns], context, &builder)
    let name = builder.uniqueName(context.name + ".product")
    let product = try MatMulLowering.product(a, b, name, context, &builder)
    var extents: [Character: Int] = [:]
    for (index, letters) in [(0, equation.left), (1, equation.right)] {
      guard case .activation(let value) = try context.value(index) else {
        for (letter, extent) in zip(letters, try context.constant(index).tensor.shape.dimensions) {
          extents[letter] = extent
        }
        continue
      }
      for (letter, extent) in zip(letters, value.dimensions) { extents[letter] = extent }
    }
    let letters = equation.stacked + equation.rows + equation.columns
    let spread = try builder.view(
      product, letters.map { extents[$0] ?? 1 }, product.batch, name: context.name + ".spread")
    let order = equation.output.map { letters.firstIndex(of: $0) ?? 0 }
    return try TransposeLowering.turned(spread, order, context.name, &builder)
  }

  /// An input with its letters in groups, the last two groups read as one axis each.
  private static func arranged(
    _ index: Int, _ letters: [Character], _ groups: [[Character]], _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var input = try context.activation(index, &builder)
    guard input.rank == letters.count else {
      throw context.wrongShape("\(input.dimensions) for the letters \(String(letters))")
    }
    let order = groups.flatMap { $0 }.map { letter in letters.firstIndex(of: letter) ?? 0 }
    // The batch may be stacked, but not part of a matrix.
    let inner = letters.indices.filter { !groups[0].contains(letters[$0]) }
    input = try builder.separated(input, from: inner, context)
    let name = builder.uniqueName("\(context.name).\(index == 0 ? "left" : "right")")
    let turned = try TransposeLowering.turned(input, order, name, &builder)
    let stacked = groups[0].count
    let first = turned.dimensions[stacked..<stacked + groups[1].count].reduce(1, *)
    let second = turned.dimensions[(stacked + groups[1].count)...].reduce(1, *)
    return try builder.view(
      turned, turned.dimensions[..<stacked] + [first, second], turned.batch, name: name + ".matrix")
  }
}
