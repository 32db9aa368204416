"""One network in float32 and in int8, and small models for the other operators."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from .tflite_writer import Writer

NONE = schema.ActivationFunctionType.NONE
RELU = schema.ActivationFunctionType.RELU
RELU6 = schema.ActivationFunctionType.RELU6
SAME, VALID = schema.Padding.SAME, schema.Padding.VALID


class Network:
    """Adds layers of random weights, in float32, or in int8 with the ranges of a float run."""

    def __init__(self, seed, ranges=None, kind="int8"):
        self.random = numpy.random.default_rng(seed)
        self.writer = Writer()
        self.ranges = ranges
        self.kind = kind
        self.levels = {}

    def activation(self, name, shape, like=None, fixed=None):
        """A computed tensor; `like` has its levels, `fixed` are levels that the operator demands."""
        if self.ranges is None:
            return self.writer.tensor(name, shape)
        if like is not None:
            levels = self.levels[like]
        elif fixed is not None:
            levels = fixed
        else:
            low, high = min(0.0, self.ranges[name][0]), max(0.0, self.ranges[name][1])
            bottom = numpy.iinfo(self.kind).min
            scale = (high - low) / 255
            levels = ([scale], [int(round(bottom - low / scale))], 0)
        number = self.writer.tensor(name, shape, self.kind, levels)
        self.levels[number] = levels
        return number

    def weights(self, name, shape, source, axis, channels):
        """A kernel and its bias, for the levels of the tensor `source`."""
        kernel = self.random.normal(0, 0.4, shape).astype(numpy.float32)
        bias = self.random.normal(0, 0.3, channels).astype(numpy.float32)
        if self.ranges is None:
            return self.writer.constant(name, kernel), self.writer.constant(name + ".bias", bias)
        others = tuple(index for index in range(len(shape)) if index != axis)
        scales = numpy.abs(kernel).max(axis=others) / 127
        turned = [1] * len(shape)
        turned[axis] = channels
        integers = numpy.clip(numpy.round(kernel / scales.reshape(turned)), -127, 127)
        zeros = [0] * channels
        step = scales * self.levels[source][0][0]
        return (
            self.writer.constant(name, integers.astype(numpy.int8), (scales, zeros, axis)),
            self.writer.constant(
                name + ".bias", numpy.round(bias / step).astype(numpy.int32), (step, zeros, 0)
            ),
        )


def digits_like(ranges=None, kind="int8"):
    """Convolutions, a depthwise one, a residual sum, poolings, a join and a linear layer."""
    net = Network(11, ranges, kind)
    add, op = net.activation, net.writer.operator
    x = add("x", (1, 7, 6, 2))
    kernel, bias = net.weights("conv", (4, 3, 3, 2), x, 0, 4)
    a = op("CONV_2D", (x, kernel, bias), add("a", (1, 4, 3, 4)), "Conv2DOptions",
           padding=SAME, strideH=2, strideW=2, fusedActivationFunction=RELU)
    kernel, bias = net.weights("depthwise", (1, 3, 3, 4), a, 3, 4)
    b = op("DEPTHWISE_CONV_2D", (a, kernel, bias), add("b", (1, 4, 3, 4)),
           "DepthwiseConv2DOptions", padding=SAME, strideH=1, strideW=1, depthMultiplier=1,
           fusedActivationFunction=RELU6)
    kernel, bias = net.weights("pointwise", (4, 1, 1, 4), b, 0, 4)
    c = op("CONV_2D", (b, kernel, bias), add("c", (1, 4, 3, 4)), "Conv2DOptions",
           padding=VALID, strideH=1, strideW=1, fusedActivationFunction=NONE)
    d = op("ADD", (a, c), add("d", (1, 4, 3, 4)), "AddOptions", fusedActivationFunction=RELU)
    e = op("MAX_POOL_2D", (d,), add("e", (1, 2, 2, 4), like=d), "Pool2DOptions", padding=SAME,
           strideH=2, strideW=2, filterHeight=2, filterWidth=2, fusedActivationFunction=NONE)
    f = op("CONCATENATION", (e, e), add("f", (1, 2, 2, 8), like=e), "ConcatenationOptions",
           axis=3, fusedActivationFunction=NONE)
    shape = net.writer.constant("shape", numpy.array([-1, 32], numpy.int32))
    g = op("RESHAPE", (f, shape), add("g", (1, 32), like=f), "ReshapeOptions")
    kernel, bias = net.weights("dense", (5, 32), g, 0, 5)
    h = op("FULLY_CONNECTED", (g, kernel, bias), add("h", (1, 5)), "FullyConnectedOptions",
           fusedActivationFunction=NONE)
    bottom = numpy.iinfo(kind).min if ranges is not None else 0
    y = op("SOFTMAX", (h,), add("y", (1, 5), fixed=([1 / 256], [bottom], 0)), "SoftmaxOptions",
           beta=1.0)
    return net.writer.bytes([x], [y])


def single(name, shape, output, options=None, constants=(), **values):
    """A float model of one operator; further inputs are constants."""
    writer = Writer()
    x = writer.tensor("x", shape)
    inputs = [x] + [
        writer.constant(f"constant{index}", data) for index, data in enumerate(constants)
    ]
    y = writer.operator(name, inputs, writer.tensor("y", output), options, **values)
    return writer.bytes([x], [y])


def ints(*values):
    return numpy.array(values, numpy.int32)


def batch(writer, source):
    """The size of the batch, as Keras' converter computes it where it is left open."""
    shape = writer.operator(
        "SHAPE", (source,), writer.tensor("shape", (4,), "int32"), "ShapeOptions",
        outType=schema.TensorType.INT32)
    bounds = [writer.constant(f"bound{value}", ints(value)) for value in (0, 1)]
    size = writer.operator(
        "STRIDED_SLICE", (shape, *bounds, bounds[1]), writer.tensor("size", (), "int32"),
        "StridedSliceOptions", shrinkAxisMask=1)
    return shape, size


def packed(writer, first, *rest):
    values = [first] + [
        writer.constant(f"value{index}", numpy.array(value, numpy.int32))
        for index, value in enumerate(rest)
    ]
    return writer.operator(
        "PACK", values, writer.tensor("target", (len(values),), "int32"), "PackOptions",
        valuesCount=len(values), axis=0)


def open_batch_flatten(*rest):
    """Flatten, its target computed from the batch."""
    writer = Writer()
    x = writer.tensor("x", PLANE)
    target = packed(writer, batch(writer, x)[1], *rest)
    y = writer.operator("RESHAPE", (x, target), writer.tensor("y", (1, 60)))
    return writer.bytes([x], [y])


def open_batch_dense():
    """A dense layer over the last axis, as TensorFlow's tensordot writes it."""
    writer = Writer()
    x = writer.tensor("x", (1, 1, 1, 3))
    shape = batch(writer, x)[0]
    axis = writer.constant("axis", ints(0))
    parts = []
    for name, places in (("free", ints(0, 1, 2)), ("last", ints(3))):
        part = writer.operator(
            "GATHER", (shape, writer.constant(name + ".places", places)),
            writer.tensor(name, (len(places),), "int32"), "GatherOptions", axis=0)
        product = writer.operator(
            "REDUCE_PROD", (part, axis), writer.tensor(name + ".product", (), "int32"),
            "ReducerOptions", keepDims=False)
        parts.append((part, product))
    target = writer.operator(
        "PACK", [product for _, product in parts], writer.tensor("target", (2,), "int32"),
        "PackOptions", valuesCount=2, axis=0)
    # What the converter states of a shape that it does not know.
    rows = writer.operator("RESHAPE", (x, target), writer.tensor("rows", (1, 1)))
    kernel = writer.constant("kernel", numpy.linspace(-1, 1, 6, dtype=numpy.float32).reshape(2, 3))
    dense = writer.operator(
        "FULLY_CONNECTED", (rows, kernel, -1), writer.tensor("dense", (1, 2)),
        "FullyConnectedOptions", fusedActivationFunction=NONE)
    back = writer.operator(
        "CONCATENATION", (parts[0][0], writer.constant("two", ints(2))),
        writer.tensor("back", (4,), "int32"), "ConcatenationOptions", axis=0,
        fusedActivationFunction=NONE)
    y = writer.operator("RESHAPE", (dense, back), writer.tensor("y", (1, 1, 1, 2)))
    return writer.bytes([x], [y])


def pairs(*values):
    return numpy.array(values, numpy.int32)


def in_blocks(name, kernel, options, shape, blocks, before, crops, output, **values):
    """A dilated convolution cut into blocks along the batch, as converters leave it."""
    writer = Writer()
    x = writer.tensor("x", shape)
    block = writer.constant("block", ints(*blocks))
    small = [
        (extent + sum(cells)) // size
        for extent, cells, size in zip(shape[1:], before, blocks)
    ]
    cut = writer.operator(
        "SPACE_TO_BATCH_ND", (x, block, writer.constant("before", pairs(*before))),
        writer.tensor("cut", (1, *small, shape[-1])))
    line = len(shape) == 3
    if line:
        small = [1, *small]
        cut = writer.operator(
            "EXPAND_DIMS", (cut, writer.constant("front", numpy.array(-3, numpy.int32))),
            writer.tensor("cut.plane", (1, *small, shape[-1])))
    small = [extent - size + 1 for extent, size in zip(small, kernel.shape[1:3])]
    channels = output[-1]
    bias = writer.constant("bias", numpy.linspace(0, 1, channels, dtype=numpy.float32))
    result = writer.operator(
        name, (cut, writer.constant("kernel", kernel), bias),
        writer.tensor("convolved", (1, *small, channels)), options, padding=VALID, strideH=1,
        strideW=1, fusedActivationFunction=RELU, **values)
    if line:
        result = writer.operator(
            "RESHAPE", (result, writer.constant("line", ints(-1, small[1], channels))),
            writer.tensor("convolved.line", (1, small[1], channels)))
    y = writer.operator(
        "BATCH_TO_SPACE_ND", (result, block, writer.constant("crops", pairs(*crops))),
        writer.tensor("y", output))
    return writer.bytes([x], [y])


def spaced(*shape):
    count = int(numpy.prod(shape))
    return numpy.sin(numpy.arange(count, dtype=numpy.float32)).reshape(shape)


def transposed(shape, kernel, output, padding, stride, bias=True):
    constants = [ints(*output), kernel]
    writer = Writer()
    x = writer.tensor("x", shape)
    numbers = [writer.constant(f"constant{index}", data) for index, data in enumerate(constants)]
    inputs = [*numbers, x]
    if bias:
        inputs.append(writer.constant("bias", spaced(output[-1])))
    y = writer.operator(
        "TRANSPOSE_CONV", inputs, writer.tensor("y", output), "TransposeConvOptions",
        padding=padding, strideH=stride, strideW=stride, fusedActivationFunction=NONE)
    return writer.bytes([x], [y])


PLANE = (1, 4, 5, 3)

SINGLE = {
    "relu": lambda: single("RELU", PLANE, PLANE),
    "relu6": lambda: single("RELU6", PLANE, PLANE),
    "logistic": lambda: single("LOGISTIC", PLANE, PLANE),
    "tanh": lambda: single("TANH", (1, 9), (1, 9)),
    "hard-swish": lambda: single("HARD_SWISH", PLANE, PLANE),
    "leaky-relu": lambda: single("LEAKY_RELU", PLANE, PLANE, "LeakyReluOptions", alpha=0.2),
    "softmax-plane": lambda: single("SOFTMAX", PLANE, PLANE, "SoftmaxOptions", beta=0.5),
    "average-pool-same": lambda: single(
        "AVERAGE_POOL_2D", PLANE, (1, 2, 3, 3), "Pool2DOptions", padding=SAME, strideH=2,
        strideW=2, filterHeight=3, filterWidth=2, fusedActivationFunction=NONE),
    "mean-plane": lambda: single(
        "MEAN", PLANE, (1, 3), "ReducerOptions", (ints(1, 2),), keepDims=False),
    "mean-width-kept": lambda: single(
        "MEAN", PLANE, (1, 4, 1, 3), "ReducerOptions", (ints(2),), keepDims=True),
    "mean-channels": lambda: single(
        "MEAN", PLANE, (1, 4, 5), "ReducerOptions", (ints(-1),), keepDims=False),
    "reshape-plane": lambda: single(
        "RESHAPE", PLANE, (1, 60), "ReshapeOptions", (ints(-1, 60),)),
    "reshape-to-plane": lambda: single(
        "RESHAPE", (1, 60), (1, 4, 5, 3), "ReshapeOptions", (ints(1, 4, 5, 3),)),
    "squeeze": lambda: single(
        "SQUEEZE", (1, 1, 5, 3), (1, 5, 3), "SqueezeOptions", squeezeDims=[1]),
    "expand-dims": lambda: single("EXPAND_DIMS", (1, 5, 3), (1, 5, 3, 1), None, (ints(3),)),
    "transpose": lambda: single("TRANSPOSE", PLANE, (1, 5, 3, 4), None, (ints(0, 2, 3, 1),)),
    "pad": lambda: single(
        "PAD", PLANE, (1, 7, 6, 3), "PadOptions",
        (numpy.array([[0, 0], [1, 2], [0, 1], [0, 0]], numpy.int32),)),
    "strided-slice": lambda: single(
        "STRIDED_SLICE", PLANE, (1, 2, 3, 3), "StridedSliceOptions",
        (ints(0, 1, 0, 0), ints(1, 4, 5, 3), ints(1, 2, 2, 1)), beginMask=1, endMask=9),
    "mul-channels": lambda: single(
        "MUL", PLANE, PLANE, "MulOptions",
        (numpy.array([0.5, -1, 2], numpy.float32),), fusedActivationFunction=NONE),
    "add-plane": lambda: single(
        "ADD", PLANE, PLANE, "AddOptions",
        (numpy.linspace(-1, 1, 60, dtype=numpy.float32).reshape(PLANE),),
        fusedActivationFunction=RELU),
    "fully-connected-last-axis": lambda: single(
        "FULLY_CONNECTED", (1, 5, 3), (1, 5, 2), "FullyConnectedOptions",
        (numpy.linspace(-1, 1, 6, dtype=numpy.float32).reshape(2, 3),), keepNumDims=True,
        fusedActivationFunction=NONE),
    "depthwise-multiplier": lambda: single(
        "DEPTHWISE_CONV_2D", PLANE, (1, 3, 4, 6), "DepthwiseConv2DOptions",
        (numpy.linspace(-1, 1, 24, dtype=numpy.float32).reshape(1, 2, 2, 6),
         numpy.linspace(0, 1, 6, dtype=numpy.float32)),
        padding=VALID, strideH=1, strideW=1, depthMultiplier=2, fusedActivationFunction=NONE),
    "convolution-dilated": lambda: single(
        "CONV_2D", PLANE, (1, 4, 5, 2), "Conv2DOptions",
        (numpy.linspace(-1, 1, 54, dtype=numpy.float32).reshape(2, 3, 3, 3),
         numpy.array([1, -1], numpy.float32)),
        padding=SAME, strideH=1, strideW=1, dilationHFactor=2, dilationWFactor=1,
        fusedActivationFunction=NONE),
    "reduce-max-plane": lambda: single(
        "REDUCE_MAX", PLANE, (1, 3), "ReducerOptions", (ints(1, 2),), keepDims=False),
    "reduce-min-width": lambda: single(
        "REDUCE_MIN", PLANE, (1, 4, 1, 3), "ReducerOptions", (ints(2),), keepDims=True),
    "sum-channels": lambda: single(
        "SUM", PLANE, (1, 4, 5), "ReducerOptions", (ints(-1),), keepDims=False),
    "open-batch-flatten": lambda: open_batch_flatten(60),
    "open-batch-flatten-rest": lambda: open_batch_flatten(-1),
    "open-batch-dense": open_batch_dense,
    "blocks-convolution": lambda: in_blocks(
        "CONV_2D", spaced(2, 3, 3, 3), "Conv2DOptions", (1, 7, 5, 3), (2, 1), ((2, 3), (1, 1)),
        ((0, 1), (0, 0)), (1, 7, 5, 2)),
    "blocks-depthwise": lambda: in_blocks(
        "DEPTHWISE_CONV_2D", spaced(1, 3, 2, 3), "DepthwiseConv2DOptions", (1, 6, 7, 3), (2, 3),
        ((1, 3), (2, 3)), ((1, 1), (0, 2)), (1, 4, 7, 3), depthMultiplier=1),
    "blocks-line": lambda: in_blocks(
        "CONV_2D", spaced(2, 1, 3, 3), "Conv2DOptions", (1, 9, 3), (2,), ((2, 3),), ((0, 1),),
        (1, 9, 2)),
    "transposed-convolution-same": lambda: transposed(
        (1, 4, 3, 2), spaced(3, 3, 3, 2), (1, 8, 6, 3), SAME, 2),
    "transposed-convolution-valid": lambda: transposed(
        (1, 4, 3, 2), spaced(3, 2, 3, 2), (1, 12, 9, 3), VALID, 3, bias=False),
    "transposed-convolution-odd": lambda: transposed(
        (1, 4, 3, 2), spaced(3, 4, 3, 2), (1, 7, 5, 3), SAME, 2),
}
