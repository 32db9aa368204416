import ArgumentParser
import Synapack
import SynapackSupport

/// Training of the finished program; what changes the result is part of the recipe.
struct DistillationOptions: ParsableArguments {
  @Flag(
    name: .long,
    help: "Train the finished program to answer as its source does (default: 1000 steps).")
  var distil = false

  @Option(name: .long, help: "Steps of training, 64 inputs each.")
  var distilSteps: Int?

  @Option(
    name: .long,
    help: """
      Steps of training before that of a network that lost channels, in real numbers (default: \
      ten times --distil-steps where channels go).
      """)
  var distilSourceSteps: Int?

  @Option(name: .long, help: "The largest learning rate, after a warm-up (default: 0.001).")
  var distilRate: Double?

  @Option(
    name: .long,
    help: "Views of the inputs to train on: flip, shift=CELLS, mix (default: none).")
  var distilViews: String?

  @Option(
    name: .long,
    help: "What gradients go back through: rates, or ticks for a few timesteps (default: rates).")
  var distilThrough: String?

  @Option(
    name: .long,
    help: """
      What the values of every layer count beside the outputs, less and less to the last step \
      (default: 0).
      """)
  var distilFeatures: Double?

  @Option(
    name: .long,
    help: "What the operations that the program begins with count beside the outputs (default: 0).")
  var distilOperations: Double?

  @Option(name: .long, help: "Unlabelled inputs to train on (default: those of --calibration).")
  var distilData: String?

  @Option(
    name: .long,
    help: """
      A bundle whose program is the teacher, e.g. of more timesteps (default: the source network).
      """)
  var distilTeacher: String?

  @Option(name: .long, help: "One class for each input of --distil-data, where it is known.")
  var distilLabels: String?

  @Option(
    name: .long,
    help: "Minutes after which the best program so far is taken; an interrupt does the same.")
  var maxMinutes: Double?

  @Option(name: .long, help: "A file to keep the state of training in, and to go on from.")
  var checkpoint: String?

  /// The recipe with what is asked for.
  func resolved(_ recipe: Recipe) -> Recipe {
    var result = recipe
    if distil, result.distilSteps == 0 { result.distilSteps = 1_000 }
    result.distilSteps = distilSteps ?? result.distilSteps
    if result.distilSteps > 0, result.distilSourceSteps == 0, result.losesChannels {
      result.distilSourceSteps = Recipe.sourceSteps(for: result.distilSteps)
    }
    result.distilSourceSteps = distilSourceSteps ?? result.distilSourceSteps
    result.distilRate = distilRate ?? result.distilRate
    result.distilViews = distilViews ?? result.distilViews
    result.distilThrough = distilThrough ?? result.distilThrough
    result.distilFeatures = distilFeatures ?? result.distilFeatures
    result.distilOperations = distilOperations ?? result.distilOperations
    return result
  }

  /// - Throws: `SYN0701` for options of a training that nobody asks for.
  func request(for recipe: Recipe) throws(PackError) -> DistillationRequest {
    let given: [(String, Bool)] = [
      ("--distil-data", distilData != nil), ("--distil-teacher", distilTeacher != nil),
      ("--distil-labels", distilLabels != nil),
      ("--distil-features", distilFeatures != nil),
      ("--distil-operations", distilOperations != nil),
      ("--distil-rate", distilRate != nil), ("--distil-views", distilViews != nil),
      ("--distil-through", distilThrough != nil),
      ("--max-minutes", maxMinutes != nil), ("--checkpoint", checkpoint != nil),
    ]
    if !recipe.trains, let (option, _) = given.first(where: { $0.1 }) {
      throw PackError(
        .badOption, "there is no training that this could be for", at: .option(option),
        hint: "add --distil")
    }
    if let maxMinutes, !(maxMinutes > 0) {
      throw PackError(
        .badOption, "a training of \(maxMinutes) minutes", at: .option("--max-minutes"),
        hint: "use a number above 0, or leave it out")
    }
    if recipe.trains { Interrupt.watch() }
    var request = DistillationRequest(isInterrupted: { Interrupt.came })
    (request.data, request.labels) = (distilData, distilLabels)
    request.teacher = distilTeacher
    request.maxSeconds = maxMinutes.map { $0 * 60 }
    request.checkpoint = checkpoint
    return request
  }
}
