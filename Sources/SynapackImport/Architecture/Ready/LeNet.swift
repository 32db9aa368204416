/// LeNet with the layer names of PyTorch's tutorials; the planes that the first linear layer takes
/// tell a 28×28 input with a padding of 2 from a 32×32 input without.
let leNetText = """
  name: lenet
  with: {size: 28, padding: 2, pool: max-pool, activation: relu}
  input: ["*", "{size}", "{size}"]
  detect:
    has: [conv1.weight, conv2.weight, fc1.weight, fc2.weight, fc3.weight]
  layers:
    - convolution: conv1
      padding: "{padding}"
    - "{activation}"
    - "{pool}": 2
    - convolution: conv2
    - "{activation}"
    - "{pool}": 2
    - flatten
    - linear: fc1
    - "{activation}"
    - linear: fc2
    - "{activation}"
    - linear: fc3
  """
