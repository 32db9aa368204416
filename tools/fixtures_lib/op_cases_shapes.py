"""Reshaping, transposing and padding, in each form exporters write them."""

import numpy
from onnx import TensorProto

from .graph_builder import GraphBuilder

IMAGE = (2, 3, 4, 2)
FEATURES = 24


def integers(*values):
    return numpy.array(values, numpy.int64)


def flatten_cases():
    for name, attributes in {
        "flatten-13": {"axis": 1},
        "flatten-default-axis-13": {},
        "flatten-negative-axis-13": {"axis": -3},
    }.items():
        builder = GraphBuilder(name, 13, IMAGE)
        result = builder.node("Flatten", "x", **attributes)
        yield builder.finish(builder.linear(result, FEATURES, 4))


def constant_reshape_cases():
    shapes = {
        "reshape-zero-and-minus-one-13": (0, -1),
        "reshape-minus-one-batch-13": (-1, FEATURES),
        "reshape-to-image-13": (0, 6, 2, 2),
    }
    for name, shape in shapes.items():
        builder = GraphBuilder(name, 13, IMAGE)
        target = builder.tensor("shape", integers(*shape))
        yield builder.finish(builder.node("Reshape", "x", target))

    builder = GraphBuilder("reshape-fixed-batch-13", 13, IMAGE, batch=2)
    target = builder.tensor("shape", integers(2, -1))
    yield builder.finish(builder.node("Reshape", "x", target))

    # PyTorch's newer exporter always sets allowzero.
    builder = GraphBuilder("reshape-allow-zero-18", 18, IMAGE)
    target = builder.tensor("shape", integers(-1, FEATURES))
    yield builder.finish(builder.node("Reshape", "x", target, allowzero=1))


def unsqueeze(builder, x, axes):
    """Unsqueeze takes its axes as an input from opset 13 on."""
    if builder.opset < 13:
        return builder.node("Unsqueeze", x, axes=axes)
    label = f"unsqueeze_axes_{len(builder.nodes)}"
    return builder.node("Unsqueeze", x, builder.tensor(label, integers(*axes)))


def squeeze(builder, x, axes):
    if builder.opset < 13:
        return builder.node("Squeeze", x, axes=axes)
    label = f"squeeze_axes_{len(builder.nodes)}"
    return builder.node("Squeeze", x, builder.tensor(label, integers(*axes)))


def computed_reshape_cases():
    """x.view(x.size(0), -1): the shape is computed inside the graph."""
    for name in (
        "reshape-from-shape-11",
        "reshape-from-shape-13",
        "reshape-from-shape-cast-13",
    ):
        builder = GraphBuilder(name, int(name[-2:]), IMAGE)
        shape = builder.node("Shape", "x")
        zero = builder.tensor("zero", numpy.int64(0))
        size = builder.node("Gather", shape, zero, axis=0)
        if "cast" in name:
            size = builder.node("Cast", size, to=TensorProto.INT32)
            size = builder.node("Cast", size, to=TensorProto.INT64)
        rest = builder.tensor("rest", integers(-1))
        target = builder.node("Concat", unsqueeze(builder, size, [0]), rest, axis=0)
        result = builder.node("Reshape", "x", target)
        yield builder.finish(builder.linear(result, FEATURES, 4))

    # From opset 15 on Shape itself may select the dimensions.
    builder = GraphBuilder("reshape-from-shape-range-15", 15, IMAGE)
    size = builder.node("Shape", "x", start=0, end=1)
    rest = builder.tensor("rest", integers(FEATURES))
    target = builder.node("Concat", size, rest, axis=0)
    yield builder.finish(builder.node("Reshape", "x", target))


def transpose_cases():
    """Channels move last before flattening, as in models from TensorFlow."""
    builder = GraphBuilder("transpose-reshape-13", 13, IMAGE)
    result = builder.node("Transpose", "x", perm=[0, 2, 3, 1])
    target = builder.tensor("shape", integers(-1, FEATURES))
    yield builder.finish(builder.node("Reshape", result, target))

    builder = GraphBuilder("transpose-reshape-gemm-13", 13, IMAGE)
    result = builder.convolution("x", (5, 3, 3, 1), pads=[1, 0, 1, 0])
    result = builder.node("Relu", result)
    result = builder.node("Transpose", result, perm=[0, 2, 3, 1])
    target = builder.tensor("shape", integers(0, -1))
    result = builder.node("Reshape", result, target)
    yield builder.finish(builder.linear(result, 40, 4))


def squeeze_cases():
    for opset in (11, 13):
        builder = GraphBuilder(f"squeeze-{opset}", opset, IMAGE)
        result = builder.node("GlobalAveragePool", "x")
        result = squeeze(builder, result, [2, 3])
        yield builder.finish(builder.linear(result, 3, 4))

        builder = GraphBuilder(f"unsqueeze-{opset}", opset, (2, 4, 5))
        result = unsqueeze(builder, "x", [1])
        yield builder.finish(builder.convolution(result, (3, 1, 3, 3)))

        # A one-dimensional convolution which runs as a two-dimensional one.
        name = f"unsqueeze-conv-squeeze-{opset}"
        builder = GraphBuilder(name, opset, (2, 3, 8))
        result = unsqueeze(builder, "x", [2])
        result = builder.convolution(result, (4, 3, 1, 3))
        yield builder.finish(squeeze(builder, result, [2]))


def pad_cases():
    # name: (pads as onnx orders them, value or None)
    forms = {
        "pad-attributes-10": ([0, 0, 1, 1, 0, 0, 1, 1], 0.0),
        "pad-attributes-asymmetric-10": ([0, 0, 0, 1, 0, 0, 2, 3], None),
        "pad-inputs-13": ([0, 0, 1, 1, 0, 0, 1, 1], 0.0),
        "pad-inputs-asymmetric-13": ([0, 0, 0, 1, 0, 0, 2, 3], None),
        "pad-inputs-value-13": ([0, 0, 1, 0, 0, 0, 0, 1], 0.5),
        "pad-inputs-channels-13": ([0, 1, 0, 0, 0, 2, 0, 0], None),
    }
    for name, (pads, value) in forms.items():
        builder = GraphBuilder(name, int(name[-2:]), IMAGE)
        if builder.opset < 11:
            attributes = {"pads": pads, "mode": "constant"}
            if value is not None:
                attributes["value"] = value
            yield builder.finish(builder.node("Pad", "x", **attributes))
            continue
        inputs = ["x", builder.tensor("pads", integers(*pads))]
        if value is not None:
            inputs.append(builder.tensor("value", numpy.float32(value)))
        yield builder.finish(builder.node("Pad", *inputs, mode="constant"))


def pad_in_use_cases():
    builder = GraphBuilder("pad-conv-13", 13, IMAGE)
    pads = builder.tensor("pads", integers(0, 0, 0, 0, 0, 0, 1, 1))
    result = builder.node("Pad", "x", pads)
    yield builder.finish(builder.convolution(result, (4, 3, 3, 3), strides=[2, 1]))

    builder = GraphBuilder("pad-axes-18", 18, IMAGE)
    pads = builder.tensor("pads", integers(1, 0, 2, 1))
    axes = builder.tensor("axes", integers(2, -1))
    yield builder.finish(builder.node("Pad", "x", pads, "", axes))


def cases():
    yield from flatten_cases()
    yield from constant_reshape_cases()
    yield from computed_reshape_cases()
    yield from transpose_cases()
    yield from squeeze_cases()
    yield from pad_cases()
    yield from pad_in_use_cases()
