/// The shapes of well-known networks, with rates drawn from fixed seeds.
enum Networks {
  static let all: [LayeredNetwork] = [
    digitsSmall, digitsLarge, lenet, vgg11, alexnet, resnet18, mobilenet,
  ]

  /// The convolutional network for 8 × 8 digits: 16 and 32 channels.
  static var digitsSmall: LayeredNetwork {
    var net = NetworkBuilder("digits-cnn", channels: 1, side: 8, seed: 11)
    net.convolve(16, kernel: 3)
    net.pool(2)
    net.convolve(32, kernel: 3)
    net.pool(2)
    net.dense(64)
    net.dense(10)
    return net.network()
  }

  static var digitsLarge: LayeredNetwork {
    var net = NetworkBuilder("digits-cnn-wide", channels: 1, side: 8, seed: 12)
    for channels in [32, 32] { net.convolve(channels, kernel: 3) }
    net.pool(2)
    for channels in [64, 64] { net.convolve(channels, kernel: 3) }
    net.pool(2)
    net.dense(128)
    net.dense(10)
    return net.network()
  }

  /// LeNet-5 on 32 × 32 colour images.
  static var lenet: LayeredNetwork {
    var net = NetworkBuilder("lenet", channels: 3, side: 32, seed: 13)
    net.convolve(6, kernel: 5, padding: 0)
    net.pool(2)
    net.convolve(16, kernel: 5, padding: 0)
    net.pool(2)
    for width in [120, 84, 10] { net.dense(width) }
    return net.network()
  }

  /// VGG-11 on 32 × 32 colour images.
  static var vgg11: LayeredNetwork {
    var net = NetworkBuilder("vgg11", channels: 3, side: 32, seed: 14)
    for stage in [[64], [128], [256, 256], [512, 512], [512, 512]] {
      for channels in stage { net.convolve(channels, kernel: 3) }
      net.pool(2)
    }
    for width in [4096, 4096, 10] { net.dense(width) }
    return net.network()
  }

  /// AlexNet on 224 × 224 colour images.
  static var alexnet: LayeredNetwork {
    var net = NetworkBuilder("alexnet", channels: 3, side: 224, seed: 15)
    net.convolve(64, kernel: 11, stride: 4, padding: 2)
    net.pool(3, stride: 2)
    net.convolve(192, kernel: 5)
    net.pool(3, stride: 2)
    for channels in [384, 256, 256] { net.convolve(channels, kernel: 3) }
    net.pool(3, stride: 2)
    for width in [4096, 4096, 1000] { net.dense(width) }
    return net.network()
  }

  /// MobileNet on 224 × 224 colour images.
  static var mobilenet: LayeredNetwork {
    var net = NetworkBuilder("mobilenet", channels: 3, side: 224, seed: 16)
    net.convolve(32, kernel: 3, stride: 2)
    let blocks = [
      (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
      (512, 1), (512, 1), (1024, 2), (1024, 1),
    ]
    for (channels, stride) in blocks {
      net.convolve(net.layers[net.last].channels, kernel: 3, stride: stride, isDepthwise: true)
      net.convolve(channels, kernel: 1)
    }
    net.pool(7)
    net.dense(1000)
    return net.network()
  }

  /// ResNet-18 on 224 × 224 colour images; a sum of two branches is one layer that hears both.
  static var resnet18: LayeredNetwork {
    var net = NetworkBuilder("resnet18", channels: 3, side: 224, seed: 17)
    net.convolve(64, kernel: 7, stride: 2)
    net.pool(2)
    for (channels, first) in [(64, 1), (128, 2), (256, 2), (512, 2)] {
      for stride in [first, 1] {
        let input = net.last
        net.convolve(channels, kernel: 3, stride: stride)
        // A shortcut between equal shapes passes each neuron on; others are 1 × 1 convolutions.
        net.convolve(
          channels, kernel: 3,
          plus: .init(
            layer: input, kernel: 1, stride: stride, padding: 0,
            isDepthwise: stride == 1 && net.layers[input].channels == channels))
      }
    }
    net.pool(7)
    net.dense(1000)
    return net.network()
  }
}
