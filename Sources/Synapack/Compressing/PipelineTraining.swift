internal import SynapackCompress
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The stages that make a network smaller before it is converted, and better after.
extension Pipeline {
  /// The network without the channels that the recipe has no use for, trained where it says so.
  ///
  /// - Parameter teacher: the network as it was imported.
  func smaller(
    _ folded: Graph<Analog>, of teacher: Graph<Analog>, _ calibration: [Float],
    _ report: inout Report
  ) throws(PackError) -> Graph<Analog> {
    guard recipe.losesChannels else { return folded }
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
      return pruned.graph
    }
    guard recipe.distilSourceSteps > 0 else { return pruned }
    return try stage("distil-source", &report) { (report) throws(PackError) in
      try training(.source, recipe.distilSourceSteps).run(
        teacher, calibration: calibration, &report
      ) { (teacher, samples, labels) throws(PackError) in
        try SourceDistillation(
          pruned, teacher: teacher, samples: samples, labels: labels,
          options: recipe.training(steps: recipe.distilSourceSteps, threads: threads))
      }
    }
  }

  /// The program trained, where the recipe asks for it; how it is read is decided on the result.
  func distilled(
    _ program: SpikingProgram, _ teacher: Graph<Analog>, _ calibration: [Float],
    _ report: inout Report
  ) throws(PackError) -> SpikingProgram {
    guard recipe.distilSteps > 0 else { return program }
    return try stage("distil", &report) { (report) throws(PackError) in
      try training(.program, recipe.distilSteps).run(
        teacher, calibration: calibration, &report
      ) { (teacher, samples, labels) throws(PackError) in
        try ProgramDistillation(
          program, teacher: teacher, samples: samples, labels: labels,
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
