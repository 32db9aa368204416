/// MobileNetV2 of any width, with torchvision's names.
let mobileNetV2Text = """
  name: mobilenet-v2
  with: {size: 224}
  input: ["*", "{size}", "{size}"]
  detect:
    has: [features.0.0.weight, features.1.conv.0.0.weight, features.18.0.weight, classifier.1.weight]
  define:
    first-block:
      layers:
        - convolution: "{prefix}.conv.0.0"
          padding: 1
        - batch-normalization: "{prefix}.conv.0.1"
        - relu6
        - convolution: "{prefix}.conv.1"
        - batch-normalization: "{prefix}.conv.2"
    inverted:
      with: {stride: 1}
      layers:
        - convolution: "{prefix}.conv.0.0"
        - batch-normalization: "{prefix}.conv.0.1"
        - relu6
        - convolution: "{prefix}.conv.1.0"
          stride: "{stride}"
          padding: 1
        - batch-normalization: "{prefix}.conv.1.1"
        - relu6
        - convolution: "{prefix}.conv.2"
        - batch-normalization: "{prefix}.conv.3"
    residual:
      layers:
        - block: inverted
          prefix: "{prefix}"
          name: body
        - add: [body, input]
  layers:
    - convolution: features.0.0
      stride: 2
      padding: 1
    - batch-normalization: features.0.1
    - relu6
    - {block: first-block, prefix: features.1}
    - {block: inverted, prefix: features.2, with: {stride: 2}}
    - {block: residual, prefix: features.3}
    - {block: inverted, prefix: features.4, with: {stride: 2}}
    - {repeat: residual, each: "features.{n}", numbers: [5, 6]}
    - {block: inverted, prefix: features.7, with: {stride: 2}}
    - {repeat: residual, each: "features.{n}", numbers: [8, 9, 10]}
    - {block: inverted, prefix: features.11}
    - {repeat: residual, each: "features.{n}", numbers: [12, 13]}
    - {block: inverted, prefix: features.14, with: {stride: 2}}
    - {repeat: residual, each: "features.{n}", numbers: [15, 16]}
    - {block: inverted, prefix: features.17}
    - convolution: features.18.0
    - batch-normalization: features.18.1
    - relu6
    - global-average-pool
    - flatten
    - linear: classifier.1
  """
