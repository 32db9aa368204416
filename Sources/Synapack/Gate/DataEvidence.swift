internal import SynapackBundle
internal import SynapackPolicy
internal import SynapackProgram
internal import SynapackSupport

/// Measures that a bundle shows only on data.
struct DataEvidence {
  let policy: Policy
  let threads: Int
  let instruments: Instruments

  /// What a model answered, and to which samples.
  struct Answers {
    fileprivate let input: InputPort
    fileprivate let timesteps: Int
    fileprivate let preprocess: String
    fileprivate let analog: Evaluation.Analog

    /// `nil` for a bundle that makes other samples of the same data.
    fileprivate func analog(for bundle: Bundle) -> Evaluation.Analog? {
      let isSame =
        bundle.program.input == input && bundle.program.timesteps == timesteps
        && bundle.preprocess == preprocess
      return isSame ? analog : nil
    }
  }

  private var needs: Set<Measure.Need> { Set(policy.measures.map(\.need)) }

  /// The files that are read; none where no rule asks for them.
  var files: [(role: GateInput.Role, path: String)] {
    guard let data = policy.data, !needs.isDisjoint(with: [.data, .labels, .model]) else {
      return []
    }
    let paths: [(GateInput.Role, String?)] = [
      (.inputs, data.inputs), (.labels, data.labels),
      (.model, needs.contains(.model) ? data.model : nil),
    ]
    return paths.compactMap { role, path in
      path.map { (role, PolicyFile.resolved($0, in: policy.path)) }
    }
  }

  /// Nothing where the policy names no data or no rule asks for it.
  ///
  /// - Parameters:
  ///   - answers: of the policy's model; taken where they fit, and given for a later bundle,
  ///     so that the model runs once for a bundle and its baseline.
  ///   - report: takes what makes the measures doubtful.
  func measures(
    _ stored: StoredBundle, _ answers: inout Answers?, _ report: inout Report
  ) throws(PackError) -> [Measure: Double] {
    let files = files
    func path(_ role: GateInput.Role) -> String? { files.first { $0.role == role }?.path }
    guard let inputs = path(.inputs) else { return [:] }
    let request = EvaluationRequest(
      file: policy.path, data: inputs, labels: path(.labels), timesteps: nil, model: path(.model),
      calibration: nil, limit: policy.data?.limit)
    let job = Job(recipe: Recipe(), threads: threads, instruments: instruments)
    let result = try job.evaluate(
      stored, request, known: answers?.analog(for: stored.bundle), &report)
    answers = result.analog.map {
      Answers(
        input: stored.bundle.program.input, timesteps: stored.bundle.program.timesteps,
        preprocess: stored.bundle.preprocess, analog: $0)
    }
    guard let row = result.spiking.first else { return [:] }
    let numbers: [(Measure.Name, Double?)] = [
      (.accuracy, row.accuracy), (.agreement, row.agreement),
      (.accuracyDrop, drop(row.accuracy, result.analog?.accuracy, of: result.samples)),
      (.spikesPerNeuron, row.spikesPerNeuron), (.effectiveMACs, row.effectiveMACs),
      (.effectiveACs, row.effectiveACs), (.synops, row.effectiveMACs + row.effectiveACs),
      (.activationSparsity, row.activationSparsity),
    ]
    var measures: [Measure: Double] = [:]
    for (name, value) in numbers { measures[.named(name)] = value }
    return measures
  }

  /// In points, hundredths of all inputs.
  ///
  /// Both are counts over the number of inputs; of the counts the difference is exact, and one point
  /// is 1 and not a little more.
  private func drop(_ spiking: Double?, _ analog: Double?, of samples: Int) -> Double? {
    guard let spiking, let analog else { return nil }
    let inputs = Double(max(1, samples))
    return 100 * ((analog * inputs).rounded() - (spiking * inputs).rounded()) / inputs
  }
}
