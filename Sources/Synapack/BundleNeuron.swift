internal import SynapackBundle
internal import SynapackConvert
internal import SynapackProgram
internal import SynapackSupport

/// What a bundle's recipe tells of its program that the program itself does not.
extension Bundle {
  /// The neuron that the recipe names.
  var neuron: String { named("neuron") ?? "if" }

  /// What the payloads of the program are sent as.
  var coding: PayloadCoding { Neuron(neuron)?.coding ?? .whole }

  /// The schedule that the conversion was asked for, that of the windows of a gated program.
  private var schedule: Schedule { named("schedule").flatMap(Schedule.init) ?? program.schedule }

  /// The program without the gates that it may have, whose payloads are the same.
  var ungated: SpikingProgram { GatedProgram.source(of: program, schedule: schedule) ?? program }

  /// The times of its populations; those of a gated program by what its clocks open and close.
  var windows: [Clock.Times] {
    GatedProgram.windows(of: program, schedule: schedule) ?? Clock(program).populations
  }

  private func named(_ key: String) -> String? {
    guard case .string(let name)? = JSON(parsing: recipe)?.member(key) else { return nil }
    return name
  }
}
