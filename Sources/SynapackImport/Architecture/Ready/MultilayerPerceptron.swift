/// Linear layers one behind the other, as numbered members of one sequence; every second number
/// is an activation.
let multilayerPerceptronText = """
  name: mlp
  with: {activation: relu}
  input: ["*"]
  detect:
    sequence: "{n}"
    ranks: [2]
  layers:
    - sequence: "{n}"
      start: [flatten]
      between-linear: ["{activation}", dropout]
  """
