internal import SynapackCompress
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The stages that make a network smaller before it is converted, and better after.
extension Pipeline {
  /// The network without the channels that the recipe has no use for, trained where it says so.
  ///
  /// - Parameter folded: the network to which every rule has been applied, which is its teacher.
  func smaller(
    _ folded: Graph<Analog>, _ calibration: [Float], _ report: inout Report
  ) throws(PackError) -> TaughtNetwork {
    guard recipe.losesChannels else { return TaughtNetwork(teacher: folded) }
    let pruned = try stage("channels", &report) { (report) throws(PackError) in
      let pruned = try ChannelPruning(
        folded, share: recipe.channelShare, samples: calibration, threads: threads)
      let (before, after) = pruned.parameters
      report.add(
        Loss(
          .channelsPruned, .note, subject: "channels",
          "\(pruned.channels - pruned.kept) of \(pruned.channels) channels were removed as asked, "
            + "\(before) numbers became \(after); `measured` is the share of numbers that went",
          measured: 1 - Double(after) / Double(max(1, before))))
      return pruned
    }
    var network = TaughtNetwork(teacher: folded, pruned)
    guard recipe.distilSourceSteps > 0 else { return network }
    network.graph = try stage("distil-source", &report) { [network] (report) throws(PackError) in
      try training(.source, recipe.distilSourceSteps).run(
        folded, calibration: calibration, &report
      ) { (teacher, samples, labels) throws(PackError) in
        try SourceDistillation(
          network.graph, teacher: teacher, samples: samples, labels: labels,
          features: network.features(for: teacher),
          options: recipe.training(steps: recipe.distilSourceSteps, threads: threads))
      }
    }
    return network
  }

  /// The program trained, where the recipe asks for it; how it is read is decided on the result.
  func distilled(
    _ lowered: LoweredProgram, _ network: TaughtNetwork, _ calibration: [Float],
    _ report: inout Report
  ) throws(PackError) -> SpikingProgram {
    guard recipe.distilSteps > 0 else { return lowered.program }
    return try stage("distil", &report) { (report) throws(PackError) in
      try training(.program, recipe.distilSteps).run(
        network.teacher, calibration: calibration, &report
      ) { (teacher, samples, labels) throws(PackError) in
        try ProgramDistillation(
          lowered.program, teacher: teacher, samples: samples, labels: labels,
          features: network.features(of: lowered, for: teacher),
          options: recipe.distillationOptions(threads: threads))
      }
    }
  }

  private func training(_ subject: Distillation.Subject, _ steps: Int) -> Distillation {
    Distillation(
      subject: subject, steps: steps, inputs: distillation,
      // Two trainings share the time that there is.
      share: recipe.distilSteps > 0 && recipe.distilSourceSteps > 0 ? 0.5 : 1,
      instruments: instruments)
  }
}
