internal import SynapackHDF5
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

extension Recording {
  /// Takes the nodes of a recording of NIR.
  mutating func read(
    _ nodes: [String: NIRObservable], _ program: SpikingProgram
  ) throws(PackError) {
    let names = RecordedName(program)
    var seen: [String: String] = [:]
    for node in nodes.keys.sorted() {
      guard let observable = nodes[node], let subject = try names.subject(of: node) else {
        strangers.append(node)
        continue
      }
      if let other = seen.updateValue(node, forKey: subject) {
        throw Recording.wrong("the nodes `\(other)` and `\(node)` are both of `\(subject)`")
      }
      switch observable {
      case .gridded(let tensor): try take(subject, tensor, program)
      case .events(let neurons, let times, let values, let count, let end):
        layers[subject] = try within(.node(node)) { () throws(PackError) in
          guard let population = program.populations.first(where: { $0.name == subject }) else {
            throw Recording.wrong("the inputs are recorded as events, and payloads are wanted")
          }
          guard count == population.shape.count else {
            throw Recording.wrong("\(count) neurons for \(population.shape.count)")
          }
          return try Recording.events(neurons, times, values, count, program.timesteps, end)
        }
      }
    }
  }

  /// Events as payloads of the T ticks between 0 and `end`.
  private static func events(
    _ neurons: Tensor, _ times: Tensor, _ values: Tensor?, _ count: Int, _ ticks: Int,
    _ end: Double
  ) throws(PackError) -> Layer {
    guard neurons.shape == times.shape, values.map({ $0.shape == neurons.shape }) ?? true,
      neurons.shape.rank == 2, end > 0, let size = count.times(ticks), size <= 1 << 28
    else { throw wrong("events without one time and neuron each") }
    let (places, moments) = (try neurons.integers(), times.floats())
    let payloads = try values.map { (tensor) throws(PackError) in try integers(tensor) }
    let each = neurons.shape[1]
    var rows: [[Int64]] = []
    for sample in 0..<neurons.shape[0] {
      var row = Array(repeating: Int64(0), count: size)
      for event in sample * each..<(sample + 1) * each where places[event] != -1 {
        // A bit forward, as t = k·dt is rounded when it is computed.
        let moment = Double(moments[event]) / end * Double(ticks) + 1e-6
        guard let tick = Int(exactly: moment.rounded(.down)), (0..<ticks).contains(tick),
          (0..<Int64(count)).contains(places[event])
        else {
          throw wrong("an event of neuron \(places[event]) at \(moments[event]) of \(end)")
        }
        row[tick * count + Int(places[event])] += payloads?[event] ?? 1
      }
      rows.append(row)
    }
    return .trains(rows)
  }
}
