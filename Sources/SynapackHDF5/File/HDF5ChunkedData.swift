internal import SynapackSupport

/// Puts a dataset together from its chunks.
struct HDF5ChunkedData {
  private let dataset: HDF5Dataset
  private let chunks: HDF5Chunks
  private let source: HDF5Source

  init(_ dataset: HDF5Dataset, _ chunks: HDF5Chunks, _ source: HDF5Source) {
    self.dataset = dataset
    self.chunks = chunks
    self.source = source
  }

  /// All elements, row-major; what no chunk covers has the fill value.
  ///
  /// - Throws: `SYN0224` before anything is allocated that the file's size does not explain.
  func bytes(_ budget: inout HDF5Budget) throws(PackError) -> [UInt8] {
    let total = dataset.byteCount ?? 0
    guard total > 0 else { return [] }
    try budget.spend(values: total)
    guard let chunkBytes = chunks.dimensions.checkedProduct()?.times(chunks.elementSize) else {
      throw HDF5.malformed("the size of a chunk overflows", 0..<0)
    }
    let index = HDF5ChunkIndex(
      chunks: chunks, space: dataset.space, isFiltered: !dataset.filters.filters.isEmpty,
      chunkBytes: chunkBytes, source: source)
    // Each chunk that is stored takes bytes of the file, of which deflate makes at most 1032
    // each; the filter and this budget refuse the rest.
    var result = HDF5ChunkedData.filled(dataset.fill, total)
    for chunk in try index.all(&budget) {
      try budget.spend(values: chunkBytes)
      let isPartial = zip(zip(chunk.position, chunks.dimensions), dataset.space.dimensions)
        .contains { ($0.0 + 1) * $0.1 > $1 }
      let mask = chunks.sparesEdges && isPartial ? ~0 : chunk.mask
      let values = try dataset.filters.decoded(
        chunk.stored, source, count: chunkBytes, mask: mask)
      if values.count == total, !isPartial {
        result = values
      } else {
        copy(values, chunk.position, into: &result)
      }
    }
    return result
  }

  static func filled(_ element: [UInt8], _ total: Int) -> [UInt8] {
    guard element.contains(where: { $0 != 0 }) else {
      return [UInt8](repeating: 0, count: total)
    }
    var result: [UInt8] = []
    result.reserveCapacity(total)
    while result.count < total { result += element }
    return result
  }

  /// Copies the part of a chunk that lies in the dataset, run by run along the last axis.
  private func copy(_ values: [UInt8], _ position: [Int], into result: inout [UInt8]) {
    let dimensions = dataset.space.dimensions
    let size = chunks.elementSize
    let start = zip(position, chunks.dimensions).map { $0 * $1 }
    let extent = dimensions.indices.map { min(chunks.dimensions[$0], dimensions[$0] - start[$0]) }
    let last = dimensions.count - 1
    let run = extent[last] * size
    var cell = extent.map { _ in 0 }
    for _ in 0..<extent.dropLast().reduce(1, *) {
      var source = 0
      var target = 0
      for axis in dimensions.indices {
        source = source * chunks.dimensions[axis] + cell[axis]
        target = target * dimensions[axis] + start[axis] + cell[axis]
      }
      result.replaceSubrange(
        target * size..<target * size + run, with: values[source * size..<source * size + run])
      for axis in stride(from: last - 1, through: 0, by: -1) {
        cell[axis] += 1
        if cell[axis] < extent[axis] { break }
        cell[axis] = 0
      }
    }
  }
}
