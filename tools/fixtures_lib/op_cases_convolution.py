"""Convolutions in every form the importer reads."""

from .graph_builder import GraphBuilder

# name: (input shape, weight shape, bias, attributes)
FORMS = {
    "conv2d-plain-13": ((2, 2, 6, 5), (3, 2, 3, 3), True, {}),
    "conv2d-stride-2-13": ((2, 2, 7, 6), (3, 2, 3, 3), True, {"strides": [2, 2]}),
    "conv2d-unequal-strides-13": (
        (2, 2, 7, 7), (3, 2, 3, 3), True, {"strides": [2, 1]},
    ),
    "conv2d-symmetric-pads-13": (
        (2, 2, 5, 6), (3, 2, 3, 3), True, {"pads": [1, 1, 1, 1]},
    ),
    "conv2d-asymmetric-pads-13": (
        (2, 2, 5, 6), (3, 2, 3, 3), True, {"pads": [1, 0, 2, 3]},
    ),
    "conv2d-asymmetric-pads-stride-2-13": (
        (2, 2, 6, 6), (3, 2, 3, 3), True, {"pads": [0, 0, 1, 1], "strides": [2, 2]},
    ),
    "conv2d-same-upper-stride-2-13": (
        (2, 2, 6, 7), (3, 2, 3, 3), True,
        {"auto_pad": "SAME_UPPER", "strides": [2, 2]},
    ),
    "conv2d-same-lower-stride-2-13": (
        (2, 2, 6, 7), (3, 2, 3, 3), True,
        {"auto_pad": "SAME_LOWER", "strides": [2, 2]},
    ),
    "conv2d-same-upper-even-kernel-13": (
        (2, 2, 5, 5), (3, 2, 2, 2), True, {"auto_pad": "SAME_UPPER"},
    ),
    "conv2d-valid-stride-2-13": (
        (2, 2, 6, 7), (3, 2, 3, 3), True, {"auto_pad": "VALID", "strides": [2, 2]},
    ),
    "conv2d-notset-pads-13": (
        (2, 2, 5, 5), (3, 2, 3, 3), True,
        {"auto_pad": "NOTSET", "pads": [1, 1, 1, 1]},
    ),
    "conv2d-dilation-2-13": (
        (2, 2, 7, 8), (3, 2, 3, 3), True, {"dilations": [2, 2]},
    ),
    "conv2d-dilation-2-pads-2-13": (
        (2, 2, 5, 5), (3, 2, 3, 3), True,
        {"dilations": [2, 2], "pads": [2, 2, 2, 2]},
    ),
    "conv2d-groups-2-13": ((2, 4, 5, 5), (6, 2, 3, 3), True, {"group": 2}),
    "conv2d-depthwise-13": (
        (2, 3, 5, 5), (3, 1, 3, 3), True, {"group": 3, "pads": [1, 1, 1, 1]},
    ),
    "conv2d-depthwise-multiplier-2-13": (
        (2, 3, 5, 5), (6, 1, 3, 3), True, {"group": 3},
    ),
    "conv2d-no-bias-13": ((2, 2, 5, 5), (3, 2, 3, 3), False, {}),
    "conv2d-pointwise-13": ((2, 4, 3, 5), (3, 4, 1, 1), True, {}),
    "conv2d-pointwise-stride-2-13": (
        (2, 4, 5, 5), (3, 4, 1, 1), True, {"strides": [2, 2]},
    ),
    "conv2d-unequal-kernel-13": (
        (2, 2, 6, 7), (3, 2, 1, 5), True, {"pads": [0, 2, 0, 2]},
    ),
    "conv1d-plain-13": ((2, 3, 9), (4, 3, 3), True, {}),
    "conv1d-stride-2-pads-1-13": (
        (2, 3, 9), (4, 3, 3), True, {"strides": [2], "pads": [1, 1]},
    ),
    "conv1d-asymmetric-pads-13": ((2, 3, 8), (4, 3, 5), True, {"pads": [3, 1]}),
    "conv1d-same-upper-stride-2-13": (
        (2, 3, 8), (4, 3, 3), True, {"auto_pad": "SAME_UPPER", "strides": [2]},
    ),
    "conv1d-depthwise-dilation-2-13": (
        (2, 3, 9), (3, 1, 3), False, {"group": 3, "dilations": [2]},
    ),
}


def cases():
    for name, (input_shape, weight_shape, bias, attributes) in FORMS.items():
        builder = GraphBuilder(name, 13, input_shape)
        # onnx allows the kernel's shape to be left to the weights' shape.
        if name != "conv2d-plain-13":
            attributes = {"kernel_shape": weight_shape[2:], **attributes}
        yield builder.finish(
            builder.convolution("x", weight_shape, bias, **attributes)
        )
