internal import Dispatch
internal import Synchronization

/// Runs independent units of work on several threads and returns their results in unit order.
///
/// A unit's result may depend only on its index. Results are gathered by index and the first
/// failing unit, by index, decides the error, so nothing depends on the number of threads.
public func parallelUnits<Result: Sendable>(
  count: Int, threads: Int, _ work: @Sendable (Int) throws(PackError) -> Result
) throws(PackError) -> [Result] {
  let workers = max(1, min(threads, count))
  guard workers > 1 else {
    var results: [Result] = []
    results.reserveCapacity(count)
    for index in 0..<count { results.append(try work(index)) }
    return results
  }
  let next = Atomic<Int>(0)
  let gathered = Mutex<[Int: Swift.Result<Result, PackError>]>([:])
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let outcome = Swift.Result { () throws(PackError) in try work(index) }
      gathered.withLock { $0[index] = outcome }
    }
  }
  let outcomes = gathered.withLock { $0 }
  var results: [Result] = []
  results.reserveCapacity(count)
  for index in 0..<count {
    guard let outcome = outcomes[index] else { continue }
    results.append(try outcome.get())
  }
  return results
}
