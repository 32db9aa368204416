/// VGG with torchvision's names, with and without batch normalization; the convolutions are those
/// that exist, and a number left out between them is a pooling.
let vggText = """
  name: vgg
  with: {size: 224, pool: max-pool}
  input: ["*", "{size}", "{size}"]
  detect:
    has: [features.0.weight, classifier.0.weight, classifier.3.weight, classifier.6.weight]
  layers:
    - sequence: features.{n}
      convolution: {padding: 1}
      between: [relu, {"{pool}": 2}]
      end: [relu, {"{pool}": 2}]
    - adaptive-average-pool: 7
    - flatten
    - sequence: classifier.{n}
      between-linear: [relu, dropout]
  """

/// VGG for 32×32 images with torchvision's names but one linear layer or few behind the features.
let vggCIFARText = """
  name: vgg-cifar
  with: {size: 32, pool: max-pool}
  input: ["*", "{size}", "{size}"]
  detect:
    has: [features.0.weight]
    lacks: [classifier.6.weight, features.0.0.weight, features.1.conv.0.0.weight]
  layers:
    - sequence: features.{n}
      convolution: {padding: 1}
      between: [relu, {"{pool}": 2}]
      end: [relu, {"{pool}": 2}]
    - flatten
    - linear: classifier
      when: classifier.weight
    - sequence: classifier.{n}
      unless: classifier.weight
      between-linear: [relu, dropout]
  """

/// A network of VGG's kind in one sequence: convolutions, a pooling where a number is left out,
/// and linear layers. Nothing in the tensors tells the kind of pooling, so it is never chosen
/// unasked.
let vggSequentialText = """
  name: vgg-sequential
  with: {size: 32, pool: max-pool, padding: 1}
  input: ["*", "{size}", "{size}"]
  layers:
    - sequence: "{n}"
      convolution: {padding: "{padding}"}
      between: [relu, {"{pool}": 2}, flatten]
      between-linear: [relu, dropout]
  """
