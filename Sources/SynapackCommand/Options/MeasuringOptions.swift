import ArgumentParser
import Synapack

/// What is measured on data, and against what, beside the data itself.
struct MeasuringOptions: ParsableArguments {
  @Option(name: .long, help: "The array of a .npz archive that --data means.")
  var dataKey: String?

  @Option(name: .long, help: "One class for each input (.npy or .npz of integers).")
  var labels: String?

  @Option(name: .long, help: "The array of a .npz archive that --labels means.")
  var labelsKey: String?

  @Option(name: .long, help: "For a bundle: the model it was made from, to compare with.")
  var model: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Unlabelled inputs (.npy, .npz) to convert a model with; for a bundle whose drop is explained, "
        + "to convert its --model again with wide integers."))
  var calibration: String?

  @Option(name: .long, help: "The array of a .npz archive that --calibration means.")
  var calibrationKey: String?

  @Option(name: .long, help: "Use only the first N inputs.")
  var limit: Int?

  /// What to measure of `file` on `data`.
  func request(file: String, data: String, timesteps: [Int]? = nil) -> EvaluationRequest {
    var request = EvaluationRequest(
      file: file, data: data, labels: labels, timesteps: timesteps, model: model,
      calibration: calibration, limit: limit)
    request.keys = .init(data: dataKey, labels: labelsKey, calibration: calibrationKey)
    return request
  }

  /// The files that are read beside the data.
  var files: [String?] { [labels, model, calibration] }

  /// The options that were given which need data.
  var given: [String] {
    [
      ("--labels", labels != nil), ("--model", model != nil), ("--limit", limit != nil),
      ("--data-key", dataKey != nil), ("--labels-key", labelsKey != nil),
    ].filter(\.1).map(\.0)
  }
}
