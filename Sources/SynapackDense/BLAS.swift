internal import CBLAS

/// Single-precision matrix products on the system's BLAS.
///
/// The library runs single-threaded here: threads go over units of samples, so that no sum
/// depends on their number. Kernels of another processor may round otherwise.
enum BLAS {
  /// Done once, before the first product.
  private static let singleThreaded: Void = {
    #if os(Linux)
      openblas_set_num_threads(1)
    #endif
  }()

  /// C ← A · B + C·beta for row-major A [m × k] or, transposed, [k × m], B [k × n] or, transposed,
  /// [n × k], and C [m × n].
  ///
  /// The offsets count elements from the start of each array.
  ///
  /// - Precondition: each matrix lies inside its array.
  static func multiply(
    m: Int, n: Int, k: Int, _ a: Span<Float>, at aStart: Int, transposeA: Bool = false,
    _ b: Span<Float>, at bStart: Int, transposeB: Bool = false, beta: Float = 0,
    into c: inout MutableSpan<Float>, at cStart: Int
  ) {
    guard m > 0, n > 0, k > 0 else { return }
    _ = singleThreaded
    precondition(aStart >= 0 && aStart + m * k <= a.count, "A leaves its array")
    precondition(bStart >= 0 && bStart + n * k <= b.count, "B leaves its array")
    precondition(cStart >= 0 && cStart + m * n <= c.count, "C leaves its array")
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          unsafe cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a + aStart,
            Int32(transposeA ? m : k), b + bStart, Int32(transposeB ? k : n), beta, c + cStart,
            Int32(n))
        }
      }
    }
  }

  /// H ← H + A·Aᵀ for row-major A [rows × columns]; only the upper triangle of H is touched.
  ///
  /// - Precondition: H is [rows × rows], A lies inside its array.
  static func addGram(
    of a: Span<Float>, rows: Int, columns: Int, to gram: inout [Float]
  ) {
    guard rows > 0, columns > 0 else { return }
    _ = singleThreaded
    precondition(a.count >= rows * columns && gram.count == rows * rows)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe gram.withUnsafeMutableBufferPointer { gram in
        guard let a = a.baseAddress, let gram = gram.baseAddress else { return }
        unsafe cblas_ssyrk(
          CblasRowMajor, CblasUpper, CblasNoTrans, Int32(rows), Int32(columns), 1, a,
          Int32(columns), 1, gram, Int32(rows))
      }
    }
  }

  /// B ← B·M⁻¹ for a symmetric positive definite M, whose upper triangle is replaced by its
  /// Cholesky factor; row-major B [sides × order]. False where M is not positive definite.
  static func solve(_ matrix: inout [Float], order: Int, _ values: inout [Float], sides: Int)
    -> Bool
  {
    guard order > 0, sides > 0 else { return false }
    _ = singleThreaded
    precondition(matrix.count == order * order && values.count == sides * order)
    // LAPACK counts columns first: our upper triangle is its lower one.
    let triangle = CChar(UInt8(ascii: "L"))
    var (n, columns, info) = (Int32(order), Int32(sides), Int32(0))
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe withUnsafePointer(to: triangle) { triangle in
          unsafe spotrf_(triangle, &n, matrix.baseAddress, &n, &info)
          guard info == 0 else { return false }
          unsafe spotrs_(
            triangle, &n, &columns, matrix.baseAddress, &n, values.baseAddress, &n, &info)
          return info == 0
        }
      }
    }
  }

  /// A·M for a symmetric M of which the upper triangle is read; row-major A [rows × order].
  static func symmetricProduct(
    _ a: Span<Float>, rows: Int, _ matrix: Span<Float>, order: Int
  ) -> [Float] {
    var product = Array(repeating: Float(0), count: rows * order)
    guard rows > 0, order > 0 else { return product }
    _ = singleThreaded
    precondition(a.count == rows * order && matrix.count == order * order)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe matrix.withUnsafeBufferPointer { matrix in
        unsafe product.withUnsafeMutableBufferPointer { product in
          guard let a = a.baseAddress, let matrix = matrix.baseAddress,
            let product = product.baseAddress
          else { return }
          unsafe cblas_ssymm(
            CblasRowMajor, CblasRight, CblasUpper, Int32(rows), Int32(order), 1, matrix,
            Int32(order), a, Int32(order), 0, product, Int32(order))
        }
      }
    }
    return product
  }

  /// M⁻¹ for a symmetric positive definite M, of which the upper triangle is read; the upper
  /// triangle of the result is set. `nil` where M is not positive definite.
  ///
  /// `spotri` gets even orders alone, by a last row and column of the identity: OpenBLAS 0.3.21 ends
  /// the process at odd orders from 133 on (an aligned load of what is not, in `strsm`) with the
  /// kernels of Prescott, which it takes for any Intel processor that is newer than itself.
  static func inverse(_ matrix: [Float], order: Int) -> [Float]? {
    guard order % 2 == 1, order > 1 else { return evenInverse(matrix, order: order) }
    precondition(matrix.count == order * order)
    var wider: [Float] = []
    wider.reserveCapacity((order + 1) * (order + 1))
    for row in 0..<order { wider += matrix[row * order..<(row + 1) * order] + [0] }
    wider += Array(repeating: 0, count: order) + [1]
    return evenInverse(wider, order: order + 1).map { inverse in
      (0..<order).flatMap { inverse[$0 * (order + 1)..<$0 * (order + 1) + order] }
    }
  }

  private static func evenInverse(_ matrix: [Float], order: Int) -> [Float]? {
    unsafe factored(matrix, order: order) { triangle, n, values, info in
      unsafe spotrf_(triangle, &n, values, &n, &info)
      guard info == 0 else { return }
      unsafe spotri_(triangle, &n, values, &n, &info)
    }
  }

  /// The upper triangular U with M = Uᵀ·U; `nil` where M is not positive definite.
  static func factor(_ matrix: [Float], order: Int) -> [Float]? {
    unsafe factored(matrix, order: order) { triangle, n, values, info in
      unsafe spotrf_(triangle, &n, values, &n, &info)
    }
  }

  private static func factored(
    _ matrix: [Float], order: Int,
    _ work: (UnsafePointer<CChar>, inout Int32, UnsafeMutablePointer<Float>?, inout Int32) -> Void
  ) -> [Float]? {
    guard order > 0 else { return nil }
    _ = singleThreaded
    precondition(matrix.count == order * order)
    let triangle = CChar(UInt8(ascii: "L"))
    var values = matrix
    var (n, info) = (Int32(order), Int32(0))
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe withUnsafePointer(to: triangle) { triangle in
        unsafe work(triangle, &n, values.baseAddress, &info)
      }
    }
    return info == 0 && values.allSatisfy(\.isFinite) ? values : nil
  }
}
