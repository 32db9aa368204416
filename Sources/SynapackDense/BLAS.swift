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

  /// C ← A · B + C·beta for row-major A [m × k], B [k × n] or, transposed, [n × k], and C [m × n].
  ///
  /// The offsets count elements from the start of each array.
  ///
  /// - Precondition: each matrix lies inside its array.
  static func multiply(
    m: Int, n: Int, k: Int, _ a: Span<Float>, at aStart: Int, _ b: Span<Float>, at bStart: Int,
    transposeB: Bool = false, beta: Float = 0, into c: inout MutableSpan<Float>, at cStart: Int
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
            CblasRowMajor, CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, Int32(m),
            Int32(n), Int32(k), 1, a + aStart, Int32(k), b + bStart,
            Int32(transposeB ? k : n), beta, c + cStart, Int32(n))
        }
      }
    }
  }
}
