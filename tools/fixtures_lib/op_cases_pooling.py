"""Max, average and global pooling."""

import numpy

from .graph_builder import GraphBuilder

IMAGE = (2, 2, 6, 7)

# name: (operator, input shape, attributes)
FORMS = {
    "max-pool-2x2-13": (
        "MaxPool", IMAGE, {"kernel_shape": [2, 2], "strides": [2, 2]},
    ),
    "max-pool-2x2-07": (
        "MaxPool", IMAGE, {"kernel_shape": [2, 2], "strides": [2, 2]},
    ),
    "max-pool-3x3-stride-2-pads-1-13": (
        "MaxPool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
    ),
    "max-pool-ceil-13": (
        "MaxPool", IMAGE, {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1},
    ),
    # A third window would start in the padding, and is left out.
    "max-pool-ceil-left-out-window-22": (
        "MaxPool", (2, 2, 6, 6),
        {"kernel_shape": [2, 2], "strides": [4, 4], "pads": [1, 1, 1, 1],
         "ceil_mode": 1},
    ),
    "max-pool-dilation-2-13": (
        "MaxPool", IMAGE, {"kernel_shape": [2, 2], "dilations": [2, 2]},
    ),
    "max-pool-default-strides-13": ("MaxPool", IMAGE, {"kernel_shape": [2, 3]}),
    "max-pool-asymmetric-pads-13": (
        "MaxPool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1]},
    ),
    "max-pool-same-upper-13": (
        "MaxPool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER"},
    ),
    "max-pool-1d-13": ("MaxPool", (2, 3, 9), {"kernel_shape": [2], "strides": [2]}),
    "average-pool-2x2-13": (
        "AveragePool", IMAGE, {"kernel_shape": [2, 2], "strides": [2, 2]},
    ),
    "average-pool-exclude-pads-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1],
         "count_include_pad": 0},
    ),
    "average-pool-include-pads-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1],
         "count_include_pad": 1},
    ),
    "average-pool-asymmetric-pads-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 1, 2, 0]},
    ),
    "average-pool-ceil-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1},
    ),
    "average-pool-ceil-exclude-pads-19": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1],
         "ceil_mode": 1, "count_include_pad": 0},
    ),
    "average-pool-ceil-include-pads-19": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1],
         "ceil_mode": 1, "count_include_pad": 1},
    ),
    "average-pool-overlapping-13": (
        "AveragePool", IMAGE, {"kernel_shape": [3, 3], "strides": [1, 1]},
    ),
    "average-pool-same-upper-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER"},
    ),
    "average-pool-same-lower-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_LOWER"},
    ),
    "average-pool-valid-13": (
        "AveragePool", IMAGE,
        {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "VALID"},
    ),
    "average-pool-1d-13": (
        "AveragePool", (2, 3, 9), {"kernel_shape": [3], "strides": [2]},
    ),
    "global-average-pool-13": ("GlobalAveragePool", IMAGE, {}),
    "global-average-pool-1d-13": ("GlobalAveragePool", (2, 3, 9), {}),
    # Global average pooling as PyTorch's newer exporter and x.mean() write it.
    "reduce-mean-attribute-13": ("ReduceMean", IMAGE, {"axes": [2, 3], "keepdims": 1}),
    "reduce-mean-attribute-drop-axes-13": (
        "ReduceMean", IMAGE, {"axes": [-2, -1], "keepdims": 0},
    ),
}


def reduce_mean_input_cases():
    """From opset 18 on the axes are an input."""
    for name, axes, keep in (
        ("reduce-mean-input-18", [-1, -2], 1),
        ("reduce-mean-input-drop-axes-18", [2, 3], 0),
    ):
        builder = GraphBuilder(name, 18, IMAGE)
        axes_name = builder.tensor("axes", numpy.array(axes, numpy.int64))
        result = builder.node(
            "ReduceMean", "x", axes_name, keepdims=keep, noop_with_empty_axes=0
        )
        yield builder.finish(result)


def cases():
    for name, (operator, input_shape, attributes) in FORMS.items():
        builder = GraphBuilder(name, int(name[-2:]), input_shape)
        yield builder.finish(builder.node(operator, "x", **attributes))
    yield from reduce_mean_input_cases()
