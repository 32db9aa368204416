internal import SynapackConvert
internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Calibration inputs from which no thresholds can be told.
extension Samples {
  /// Below this share of what they are added to, or with inputs below this share of them, biases and
  /// inputs do not meet as they did in training.
  private static let negligible: Float = 1e-5

  /// From fewer inputs than these, thresholds are told badly. The MLP on digits at T=2 is right for 36,
  /// 60, 85 and 92 % of others where 2, 4, 8 and 16 were given, for 95 % from 32 on and 97 % from 256.
  private static let fewestInputs = 32

  /// Warns of inputs that are all the same, or few.
  func noteConstant(_ values: [Float], _ report: inout Report) {
    guard let first = values.first else { return }
    let size = values.count / max(1, count)
    if values.allSatisfy({ $0 == first }) {
      warn(
        "all values of the calibration inputs are \(first), so the thresholds fit no others",
        &report)
    } else if count == 1 {
      warn(
        "there is one calibration input alone, and thresholds, ranges and weights that are solved for it "
          + "fit few others: give a few hundred", &report)
    } else if (size..<values.count).allSatisfy({ values[$0] == values[$0 % size] }) {
      warn("all \(count) calibration inputs are the same, so the thresholds fit no others", &report)
    } else if count < Samples.fewestInputs {
      warn(
        "there are \(count) calibration inputs alone, and thresholds that fit them may not fit others: "
          + "give a few hundred", &report)
    }
  }

  /// Warns of inputs of quite another scale than the network's biases were trained with.
  ///
  ///     max |b| < 10⁻⁵·min_l max |a_l|  or  max |x| < 10⁻⁵·max |b|
  ///
  /// a_l: the values of site l; b: all biases; x: the inputs.
  func noteScale(
    _ calibration: Calibration, _ graph: Graph<Analog>, _ report: inout Report
  ) throws(PackError) {
    var bias: Float = 0
    for node in graph.nodes {
      let name: String? =
        switch node.op {
        case .convolution(let op): op.bias
        case .linear(let op): op.bias
        default: nil
        }
      guard let name else { continue }
      bias = try graph.weights.floats(name).reduce(bias) { max($0, $1.magnitude) }
    }
    let range = calibration.inputRange
    let input = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    let reaches = calibration.sites.values.map { site in
      site.channels.reduce(Float(0)) { max($0, $1.maximum.magnitude, $1.minimum.magnitude) }
    }
    guard bias > 0, input > 0, let least = reaches.min() else { return }
    if bias < Samples.negligible * least {
      warn(
        "the calibration inputs reach \(input), and no bias of the model counts beside what they become: "
          + "it was not trained on inputs of this scale", &report)
    } else if input < Samples.negligible * bias {
      warn(
        "the calibration inputs reach no more than \(input), which counts for nothing beside the model's "
          + "biases: it was not trained on inputs of this scale", &report)
    }
  }

  private func warn(_ message: String, _ report: inout Report) {
    report.add(
      Finding(
        .constantCalibration, .warning, message + "; check --preprocess, and the file",
        at: .file(name)))
  }
}
