internal import SynapackSupport

/// The links of a large group: link messages in a fractal heap, found by a B-tree of their names.
///
/// Source: HDF5 File Format Specification 3.0, III.A.2 (record type 5) and III.G.
struct HDF5DenseLinks {
  private(set) var links: [HDF5Link] = []

  init(
    heap: Int, names: Int, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) {
    let heap = try HDF5FractalHeap(at: heap, source, &budget)
    for record in try HDF5NewerTree(at: names, type: 5, source, &budget).records {
      // A hash of the name, then the identifier in the heap.
      guard record.count > 4 else {
        throw HDF5.malformed("a record of a B-tree is too short", record)
      }
      let place = try heap.object(record.dropFirst(4), &budget)
      var cursor = try source.cursor(place, "link")
      links.append(try HDF5Link(&cursor))
    }
    // The tree is ordered by hash; the names make an order that does not depend on it.
    links.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
