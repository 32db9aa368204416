/// ResNet-20 to -1202 for 32×32 images, as in He et al. 2016, section 4.2, with the names of
/// Y. Idelbayev's PyTorch implementation. Shortcuts of a stage are a convolution where the file
/// has one, else every second cell with channels of zeros around it (option A).
let resNetCIFARText = """
  name: resnet-cifar
  with: {size: 32}
  input: ["*", "{size}", "{size}"]
  detect:
    has: [conv1.weight, layer1.0.conv1.weight, layer3.0.conv2.weight, linear.weight]
    lacks: [layer4.0.conv1.weight]
  define:
    basic-block:
      with: {stride: 1}
      layers:
        - convolution: "{prefix}.conv1"
          stride: "{stride}"
          padding: 1
        - batch-normalization: "{prefix}.bn1"
        - relu
        - convolution: "{prefix}.conv2"
          padding: 1
        - batch-normalization: "{prefix}.bn2"
          name: body
        - subsample: "{stride}"
          from: input
          unless: ["{prefix}.short.weight", "{prefix}.shortcut.0.weight"]
        - pad-channels: body
          name: shortcut
          unless: ["{prefix}.short.weight", "{prefix}.shortcut.0.weight"]
        - convolution: "{prefix}.short"
          when: "{prefix}.short.weight"
          from: input
          stride: "{stride}"
          name: shortcut
        - convolution: "{prefix}.shortcut.0"
          when: "{prefix}.shortcut.0.weight"
          from: input
          stride: "{stride}"
        - batch-normalization: "{prefix}.shortcut.1"
          when: "{prefix}.shortcut.0.weight"
          name: shortcut
        - add: [body, shortcut]
        - relu
  layers:
    - convolution: conv1
      padding: 1
    - batch-normalization: bn1
    - relu
    - repeat: basic-block
      each: layer1.{n}
    - repeat: basic-block
      each: layer2.{n}
      first: {stride: 2}
    - repeat: basic-block
      each: layer3.{n}
      first: {stride: 2}
    - global-average-pool
    - flatten
    - linear: linear
  """

/// ResNet-18 to -152, ResNeXt and Wide ResNet for ImageNet, with torchvision's names.
let resNetText = """
  name: resnet
  with: {size: 224}
  input: ["*", "{size}", "{size}"]
  detect:
    has: [conv1.weight, bn1.weight, layer1.0.conv1.weight, layer4.0.conv1.weight, fc.weight]
  define:
    shortcut:
      with: {stride: 1}
      layers:
        - convolution: "{prefix}.downsample.0"
          when: "{prefix}.downsample.0.weight"
          stride: "{stride}"
        - batch-normalization: "{prefix}.downsample.1"
          when: "{prefix}.downsample.0.weight"
    basic-block:
      with: {stride: 1}
      layers:
        - convolution: "{prefix}.conv1"
          stride: "{stride}"
          padding: 1
        - batch-normalization: "{prefix}.bn1"
        - relu
        - convolution: "{prefix}.conv2"
          padding: 1
        - batch-normalization: "{prefix}.bn2"
          name: body
        - block: shortcut
          prefix: "{prefix}"
          with: {stride: "{stride}"}
          from: input
          name: shortcut
        - add: [body, shortcut]
        - relu
    bottleneck:
      with: {stride: 1}
      layers:
        - convolution: "{prefix}.conv1"
        - batch-normalization: "{prefix}.bn1"
        - relu
        - convolution: "{prefix}.conv2"
          stride: "{stride}"
          padding: 1
        - batch-normalization: "{prefix}.bn2"
        - relu
        - convolution: "{prefix}.conv3"
        - batch-normalization: "{prefix}.bn3"
          name: body
        - block: shortcut
          prefix: "{prefix}"
          with: {stride: "{stride}"}
          from: input
          name: shortcut
        - add: [body, shortcut]
        - relu
    stage:
      with: {stride: 2}
      layers:
        - repeat: bottleneck
          when: "{prefix}.0.conv3.weight"
          each: "{prefix}.{n}"
          first: {stride: "{stride}"}
        - repeat: basic-block
          unless: "{prefix}.0.conv3.weight"
          each: "{prefix}.{n}"
          first: {stride: "{stride}"}
  layers:
    - convolution: conv1
      stride: 2
      padding: 3
    - batch-normalization: bn1
    - relu
    - max-pool: 3
      stride: 2
      padding: 1
    - block: stage
      prefix: layer1
      with: {stride: 1}
    - block: stage
      prefix: layer2
    - block: stage
      prefix: layer3
    - block: stage
      prefix: layer4
    - global-average-pool
    - flatten
    - linear: fc
  """
