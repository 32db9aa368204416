import ArgumentParser

/// What every conversion needs beside its recipe.
struct CalibrationOptions: ParsableArguments {
  @Argument(help: "The model; see `synapack formats`.")
  var model: String

  @Option(name: .long, help: "Unlabelled inputs, uint8 or float, shape [N, ...] (.npy, .npz).")
  var calibration: String

  @Option(name: .long, help: "The array of a .npz archive that --calibration means.")
  var calibrationKey: String?

  @Option(name: .long, help: "Ticks of every layer's window (default: 16).")
  var timesteps: Int?
}
