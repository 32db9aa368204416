"""Linear layers, normalization, activations, adds, concats and whole chains."""

import numpy
import onnx

from .graph_builder import GraphBuilder

IMAGE = (2, 3, 5, 4)
ROW = (2, 6)

CHAIN_OPSETS = (7, 9, 11, 13, 17, 18, onnx.defs.onnx_opset_version())


def gemm_cases():
    # name: (weight shape, bias shape or None, attributes)
    forms = {
        "gemm-trans-b-0-13": ((6, 4), (4,), {"transB": 0}),
        "gemm-trans-b-1-13": ((4, 6), (4,), {"transB": 1}),
        "gemm-plain-13": ((6, 4), (4,), {}),
        "gemm-alpha-beta-13": ((4, 6), (4,), {"alpha": 0.5, "beta": 2.0, "transB": 1}),
        "gemm-no-bias-13": ((4, 6), None, {"transB": 1}),
        "gemm-bias-row-13": ((4, 6), (1, 4), {"transB": 1}),
        "gemm-bias-scalar-13": ((4, 6), (), {"transB": 1}),
        "gemm-plain-07": ((6, 4), (4,), {}),
        "gemm-trans-b-1-09": ((4, 6), (4,), {"transB": 1}),
    }
    for name, (weight_shape, bias_shape, attributes) in forms.items():
        builder = GraphBuilder(name, int(name[-2:]), ROW)
        inputs = ["x", builder.weight("weight", *weight_shape)]
        if bias_shape is not None:
            inputs.append(builder.weight("bias", *bias_shape))
        yield builder.finish(builder.node("Gemm", *inputs, **attributes))


def matmul_cases():
    for name in ("matmul-13", "matmul-add-13", "matmul-add-bias-first-13"):
        builder = GraphBuilder(name, 13, ROW)
        result = builder.node("MatMul", "x", builder.weight("weight", 6, 4))
        if name != "matmul-13":
            operands = [result, builder.weight("bias", 4)]
            if "bias-first" in name:
                operands.reverse()
            result = builder.node("Add", *operands)
        yield builder.finish(result)


def add_cases():
    constants = {
        "add-channel-constant-13": (1, 4, 1, 1),
        "add-channel-constant-rank-3-13": (4, 1, 1),
        "add-scalar-constant-13": (),
    }
    for name, shape in constants.items():
        builder = GraphBuilder(name, 13, IMAGE)
        result = builder.convolution("x", (4, 3, 3, 3), bias=False)
        constant = builder.weight("constant", *shape)
        yield builder.finish(builder.node("Add", result, constant))

    builder = GraphBuilder("add-residual-13", 13, IMAGE)
    trunk = builder.node("Relu", "x")
    branch = builder.convolution(trunk, (3, 3, 3, 3), pads=[1, 1, 1, 1])
    yield builder.finish(builder.node("Relu", builder.node("Add", branch, trunk)))

    builder = GraphBuilder("add-two-branches-13", 13, IMAGE)
    first = builder.convolution("x", (4, 3, 1, 1), label="first")
    second = builder.convolution("x", (4, 3, 3, 3), label="second", pads=[1] * 4)
    yield builder.finish(builder.node("Add", first, second))


def batch_normalization(builder, x, channels, **attributes):
    positive = builder.generator.uniform(0.5, 2.0, channels).astype(numpy.float32)
    return builder.node(
        "BatchNormalization",
        x,
        builder.weight("norm.scale", channels),
        builder.weight("norm.bias", channels),
        builder.weight("norm.mean", channels),
        builder.tensor("norm.variance", positive),
        **attributes,
    )


def batch_normalization_cases():
    for opset in (7, 9, 14, 15):
        name = f"batch-normalization-after-conv-{opset:02}"
        builder = GraphBuilder(name, opset, IMAGE)
        result = builder.convolution("x", (4, 3, 3, 3))
        yield builder.finish(batch_normalization(builder, result, 4, epsilon=1e-3))

        name = f"batch-normalization-after-relu-{opset:02}"
        builder = GraphBuilder(name, opset, IMAGE)
        result = builder.node("Relu", "x")
        yield builder.finish(batch_normalization(builder, result, 3))

    builder = GraphBuilder("batch-normalization-after-gemm-15", 15, ROW)
    result = builder.linear("x", 6, 4)
    yield builder.finish(batch_normalization(builder, result, 4, training_mode=0))

    builder = GraphBuilder("batch-normalization-between-relu-and-conv-15", 15, IMAGE)
    result = batch_normalization(builder, builder.node("Relu", "x"), 3)
    result = builder.convolution(result, (4, 3, 3, 3), pads=[1, 1, 1, 1])
    yield builder.finish(result)


def activation_cases():
    for opset in (7, 13, 14):
        builder = GraphBuilder(f"relu-{opset:02}", opset, IMAGE)
        yield builder.finish(builder.node("Relu", "x"))

    clip_attributes = {
        "clip-attributes-06": {"min": 0.0, "max": 0.75},
        "clip-attributes-07": {"min": 0.0, "max": 0.75},
        "clip-attribute-only-min-07": {"min": 0.0},
    }
    for name, attributes in clip_attributes.items():
        builder = GraphBuilder(name, int(name[-2:]), IMAGE)
        yield builder.finish(builder.node("Clip", "x", **attributes))

    clip_inputs = {
        "clip-inputs-11": (0.0, 0.75),
        "clip-inputs-13": (0.0, 0.75),
        "clip-only-min-11": (0.0,),
        "clip-only-min-13": (0.0,),
        "clip-only-max-13": (None, 0.75),
        "clip-negative-min-13": (-0.5, 0.75),
    }
    for name, limits in clip_inputs.items():
        builder = GraphBuilder(name, int(name[-2:]), IMAGE)
        inputs = [
            "" if limit is None else builder.tensor(label, numpy.float32(limit))
            for label, limit in zip(("minimum", "maximum"), limits)
        ]
        yield builder.finish(builder.node("Clip", "x", *inputs))


def softmax_cases():
    for name, attributes in {
        "softmax-11": {},
        "softmax-axis-1-11": {"axis": 1},
        "softmax-13": {},
        "softmax-axis-1-13": {"axis": 1},
    }.items():
        builder = GraphBuilder(name, int(name[-2:]), ROW)
        result = builder.linear("x", 6, 4)
        yield builder.finish(builder.node("Softmax", result, **attributes))


def pass_through_cases():
    """Nodes which change nothing when a model only infers."""
    builder = GraphBuilder("identity-13", 13, ROW)
    result = builder.node("Identity", builder.linear("x", 6, 4))
    yield builder.finish(builder.node("Relu", result))

    builder = GraphBuilder("dropout-07", 7, ROW)
    result = builder.node("Dropout", builder.linear("x", 6, 4), ratio=0.5)
    yield builder.finish(builder.node("Relu", result))

    builder = GraphBuilder("dropout-12", 12, ROW)
    ratio = builder.tensor("ratio", numpy.float32(0.5))
    training = builder.tensor("training", numpy.bool_(False))
    result = builder.node("Dropout", builder.linear("x", 6, 4), ratio, training)
    yield builder.finish(builder.node("Relu", result))

    builder = GraphBuilder("dropout-no-inputs-12", 12, ROW)
    result = builder.node("Dropout", builder.linear("x", 6, 4))
    yield builder.finish(builder.node("Relu", result))


def concat_cases():
    for name, axis in (("concat-channels-13", 1), ("concat-negative-axis-13", -3)):
        builder = GraphBuilder(name, 13, IMAGE)
        first = builder.convolution("x", (4, 3, 3, 3), label="first", pads=[1] * 4)
        second = builder.convolution("x", (2, 3, 1, 1), label="second")
        result = builder.node("Concat", first, second, axis=axis)
        yield builder.finish(builder.node("Relu", result))

    builder = GraphBuilder("concat-features-13", 13, ROW)
    first = builder.node("Relu", builder.linear("x", 6, 3, "first"))
    second = builder.node("Relu", builder.linear("x", 6, 2, "second"))
    result = builder.node("Concat", first, second, axis=1)
    yield builder.finish(builder.linear(result, 5, 4, "head"))


def chain(name, opset, batch="batch"):
    """Convolution, ReLU, max pooling, flattening and a linear layer."""
    builder = GraphBuilder(name, opset, (2, 2, 6, 6), batch)
    result = builder.convolution("x", (3, 2, 3, 3), pads=[1, 1, 1, 1])
    result = builder.node("Relu", result)
    result = builder.node("MaxPool", result, kernel_shape=[2, 2], strides=[2, 2])
    result = builder.node("Flatten", result)
    return builder.finish(builder.linear(result, 27, 4))


def chain_cases():
    for opset in CHAIN_OPSETS:
        yield chain(f"chain-opset-{opset:02}", opset)
    yield chain("chain-fixed-batch-13", 13, batch=2)
    yield chain("chain-unnamed-batch-13", 13, batch=None)


def cases():
    yield from gemm_cases()
    yield from matmul_cases()
    yield from add_cases()
    yield from batch_normalization_cases()
    yield from activation_cases()
    yield from softmax_cases()
    yield from pass_through_cases()
    yield from concat_cases()
    yield from chain_cases()
