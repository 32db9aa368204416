"""ONNX operators with attributes and constants that no exporter writes."""

from . import onnx_parts as onnx
from .case import single

FAMILY = "onnx-operator"
HUGE = 1 << 62
DOUBLINGS = 40


def constant(name, *values):
    return onnx.tensor(name, [len(values)], onnx.integers(*values), onnx.INT64)


def scalar(name, value):
    return onnx.tensor(name, [], onnx.integers(value), onnx.INT64)


def numbers(name, *values):
    return onnx.tensor(name, [len(values)], onnx.floats(*values))


def one(operator, inputs, initializers=(), shape=("batch", 2, 6, 6), **attributes):
    node = onnx.node(operator, inputs, ["y"], **attributes)
    return onnx.chain(node, shape=shape, initializers=initializers)


def windows():
    kernel = onnx.tensor("w", [2, 2, 3, 3], onnx.floats(*[0.5] * 36))

    def convolution(**attributes):
        return one("Conv", ["x", "w"], [kernel], **attributes)

    def pool(operator="MaxPool", **attributes):
        return one(operator, ["x"], kernel_shape=[3, 3], **attributes)

    yield "conv-stride-0", "a stride of 0 divides by zero", convolution(strides=[0, 1])
    yield "conv-stride-negative", "a stride of -1", convolution(strides=[-1, -1])
    yield "conv-stride-huge", "a stride of 2^62", convolution(strides=[HUGE, HUGE])
    yield "conv-dilation-0", "a dilation of 0", convolution(dilations=[0, 1])
    yield "conv-dilation-huge", "a dilation of 2^62 times the kernel overflows", (
        convolution(dilations=[HUGE, HUGE]))
    yield "conv-pads-huge", "pads of 2^62 on both sides overflow", convolution(pads=[HUGE] * 4)
    yield "conv-pads-large", "pads of 2^30 make an output of 2^62 values", (
        convolution(pads=[1 << 30] * 4))
    yield "conv-pads-negative", "pads that leave nothing of the input", convolution(pads=[-9] * 4)
    yield "conv-pads-3", "three pads for two axes", convolution(pads=[1, 1, 1])
    yield "conv-kernel-differs", "a kernel's shape that is not the weight's", (
        convolution(kernel_shape=[5, 5]))
    yield "conv-group-0", "no group", convolution(group=0)
    yield "conv-group-negative", "-2 groups", convolution(group=-2)
    yield "conv-group-3", "three groups of two channels", convolution(group=3)
    yield "conv-auto-pad-unknown", "a way of padding that does not exist", (
        convolution(auto_pad="DIAGONAL"))
    yield "conv-auto-pad-and-pads", "pads beside automatic ones", (
        convolution(auto_pad="SAME_UPPER", pads=[1] * 4))
    yield "conv-channels", "a weight for three channels", one("Conv", ["x", "w"], [
        onnx.tensor("w", [2, 3, 3, 3], onnx.floats(*[0.5] * 54))])
    yield "conv-kernel-larger", "a kernel larger than the input", one("Conv", ["x", "w"], [
        onnx.tensor("w", [1, 2, 7, 7], onnx.floats(*[0.5] * 98))])
    yield "pool-stride-0", "a pooling stride of 0", pool(strides=[0, 0])
    yield "pool-pads-as-large-as-kernel", "windows that lie in the padding alone", (
        pool(pads=[3] * 4))
    yield "pool-kernel-0", "a window of no cells", one("AveragePool", ["x"], kernel_shape=[0, 3])
    yield "pool-kernel-huge", "a window of 2^124 cells", one(
        "AveragePool", ["x"], kernel_shape=[HUGE, HUGE])
    yield "pool-kernel-missing", "a pooling without a window", one("MaxPool", ["x"])
    yield "pool-kernel-rank", "a window of three axes on an image", one(
        "MaxPool", ["x"], kernel_shape=[2, 2, 2])
    yield "pool-indices", "the places of the maxima are asked for", onnx.chain(
        onnx.node("MaxPool", ["x"], ["z", "y"], kernel_shape=[2, 2]))
    yield "transposed-output-padding-huge", "an output padding of 2^62", one(
        "ConvTranspose", ["x", "w"], [kernel], output_padding=[HUGE, HUGE])
    yield "transposed-stride-huge", "a stride of 2^40 makes an output of 2^85 values", one(
        "ConvTranspose", ["x", "w"], [kernel], strides=[1 << 40, 1 << 40])
    yield "transposed-pads-cut-all", "pads that cut the whole output", one(
        "ConvTranspose", ["x", "w"], [kernel], pads=[50] * 4)


def shapes():
    x = "x"
    yield "reshape-two-unknown", "two sizes to be guessed", one(
        "Reshape", [x, "s"], [constant("s", -1, -1)])
    yield "reshape-negative", "a size of -5", one("Reshape", [x, "s"], [constant("s", 0, -5)])
    yield "reshape-overflow", "sizes whose product is 72 in 64 bits", one(
        "Reshape", [x, "s"], [constant("s", 0, (1 << 62) + 18, 4)])
    yield "reshape-wrong-size", "71 values of 72", one("Reshape", [x, "s"], [constant("s", 0, 71)])
    yield "reshape-zero-behind", "a size taken from an axis that does not exist", one(
        "Reshape", [x, "s"], [constant("s", 0, 0, 0, 0, 0)])
    yield "reshape-dynamic", "a shape that depends on the input", one("Reshape", [x, x])
    yield "flatten-axis", "an axis behind the last", one("Flatten", [x], axis=9)
    yield "flatten-axis-lowest", "an axis of -2^63", one("Flatten", [x], axis=-1 << 63)
    yield "transpose-repeats", "an axis twice", one("Transpose", [x], perm=[0, 1, 1, 3])
    yield "transpose-out-of-range", "an axis that does not exist", one(
        "Transpose", [x], perm=[0, 1, 2, 7])
    yield "transpose-moves-batch", "the batch moves behind the channels", one(
        "Transpose", [x], perm=[1, 0, 2, 3])
    yield "squeeze-axis", "an axis that is not 1", one("Squeeze", [x, "a"], [constant("a", 1)])
    yield "squeeze-axis-far", "an axis of 2^62", one("Squeeze", [x, "a"], [constant("a", HUGE)])
    yield "unsqueeze-twice", "an axis twice", one("Unsqueeze", [x, "a"], [constant("a", 1, 1)])
    yield "unsqueeze-1000", "1,000 new axes", one(
        "Unsqueeze", [x, "a"], [constant("a", *range(1, 1001))])
    yield "concat-axis", "an axis that does not exist", one("Concat", [x, x], axis=12)
    yield "concat-batch", "samples one behind the other", one("Concat", [x, x], axis=0)
    yield "softmax-axis", "an axis that does not exist", one("Softmax", [x], axis=-9)
    yield "pad-huge", "2^62 zeros on both sides", one(
        "Pad", [x, "p"], [constant("p", 0, 0, HUGE, 0, 0, 0, HUGE, 0)])
    yield "pad-large", "2^40 zeros ask for 8 TB", one(
        "Pad", [x, "p"], [constant("p", 0, 0, 1 << 40, 0, 0, 0, 0, 0)])
    yield "pad-seven", "seven pads for four axes", one(
        "Pad", [x, "p"], [constant("p", *[1] * 7)])
    yield "pad-not-a-number", "zeros that are not a number", one(
        "Pad", [x, "p", "v"], [constant("p", *[0, 0, 1, 1] * 2),
                               onnx.tensor("v", [], onnx.floats(float("nan")))])
    yield "slice-step-0", "a step of 0", one(
        "Slice", [x, "s", "e", "a", "t"],
        [constant("s", 0), constant("e", 4), constant("a", 2), constant("t", 0)])
    yield "slice-step-lowest", "a step of -2^63", one(
        "Slice", [x, "s", "e", "a", "t"],
        [constant("s", 5), constant("e", -99), constant("a", 2), constant("t", -1 << 63)])
    yield "slice-empty", "nothing is left", one(
        "Slice", [x, "s", "e", "a"], [constant("s", 4), constant("e", 4), constant("a", 2)])
    yield "slice-axis-twice", "an axis twice", one(
        "Slice", [x, "s", "e", "a"],
        [constant("s", 0, 1), constant("e", 4, 5), constant("a", 2, 2)])
    yield "split-sum", "parts of five rows in six", onnx.chain(
        onnx.node("Split", ["x", "s"], ["y", "z"], axis=2), initializers=[constant("s", 2, 3)])
    yield "split-negative", "parts of -2 and 8 rows", onnx.chain(
        onnx.node("Split", ["x", "s"], ["y", "z"], axis=2), initializers=[constant("s", -2, 8)])
    yield "gather-out-of-range", "an index behind the last", one(
        "Gather", [x, "i"], [constant("i", 6)], axis=2)
    yield "gather-lowest", "an index of -2^63", one(
        "Gather", [x, "i"], [constant("i", -1 << 63)], axis=2)
    yield "depth-to-space-0", "blocks of no cells", one("DepthToSpace", [x], blocksize=0)
    yield "depth-to-space-huge", "blocks of 2^62 cells", one("DepthToSpace", [x], blocksize=HUGE)
    yield "space-to-depth-5", "blocks that do not divide the image", one(
        "SpaceToDepth", [x], blocksize=5)


def amplification():
    x = "x"
    yield "tile-huge", "2^40 copies", one(
        "Tile", [x, "r"], [constant("r", 1, 1 << 20, 1 << 20, 1)])
    yield "tile-negative", "-1 copies", one("Tile", [x, "r"], [constant("r", 1, -1, 1, 1)])
    yield "expand-huge", "one value in 2^60 places", onnx.chain(
        onnx.node("Expand", ["c", "s"], ["big"]), onnx.node("Add", ["x", "big"], ["y"]),
        initializers=[numbers("c", 1.0), constant("s", 1 << 30, 1 << 30)])
    yield "constant-of-shape-huge", "2^40 zeros from eight bytes", onnx.chain(
        onnx.node("ConstantOfShape", ["s"], ["big"]), onnx.node("Add", ["x", "big"], ["y"]),
        initializers=[constant("s", 1 << 40)])
    yield "constant-of-shape-negative", "-1 zeros", onnx.chain(
        onnx.node("ConstantOfShape", ["s"], ["big"]), onnx.node("Add", ["x", "big"], ["y"]),
        initializers=[constant("s", -1)])
    yield "range-huge", "2^62 numbers from three", onnx.chain(
        onnx.node("Range", ["a", "b", "c"], ["big"]), onnx.node("Reshape", ["x", "big"], ["y"]),
        initializers=[scalar("a", 0), scalar("b", HUGE), scalar("c", 1)])
    yield "range-step-0", "steps of 0 that never arrive", onnx.chain(
        onnx.node("Range", ["a", "b", "c"], ["big"]), onnx.node("Reshape", ["x", "big"], ["y"]),
        initializers=[scalar("a", 0), scalar("b", 4), scalar("c", 0)])
    yield "range-overflow", "from -2^63 to 2^63 - 1", onnx.chain(
        onnx.node("Range", ["a", "b", "c"], ["big"]), onnx.node("Reshape", ["x", "big"], ["y"]),
        initializers=[scalar("a", -1 << 63), scalar("b", (1 << 63) - 1), scalar("c", 1)])
    yield "resize-huge", "an image 10^30 times as large", one(
        "Resize", [x, "", "s"], [numbers("s", 1, 1, 1e30, 1)], mode="nearest")
    yield "resize-not-a-number", "a factor that is not a number", one(
        "Resize", [x, "", "s"], [numbers("s", 1, 1, float("nan"), 1)], mode="nearest")
    yield "resize-negative", "a factor of -2", one(
        "Resize", [x, "", "s"], [numbers("s", 1, 1, -2, 1)], mode="nearest")
    yield "resize-size-huge", "2^62 rows", one(
        "Resize", [x, "", "", "s"], [constant("s", 1, 2, HUGE, 6)], mode="nearest")
    names = [f"c{index}" for index in range(DOUBLINGS + 1)]
    doubled = [onnx.node("Concat", [source, source], [target], f"double{index}", axis=0)
               for index, (source, target) in enumerate(zip(names, names[1:]))]
    yield "constants-double", "40 nodes that each double a constant: 2^40 values", onnx.chain(
        *doubled, onnx.node("Add", ["x", names[-1]], ["y"]), initializers=[numbers("c0", 1.0)])
    wires = ["x"] + [f"v{index}" for index in range(DOUBLINGS - 1)] + ["y"]
    yield "wires-double", "40 nodes that each double the channels: 2^41 channels", onnx.chain(
        *[onnx.node("Concat", [source, source], [target], f"double{index}", axis=1)
          for index, (source, target) in enumerate(zip(wires, wires[1:]))])


def values():
    x = "x"
    vector = [numbers(name, 1.0, 1.0) for name in "sbmv"]

    def normalization(**changes):
        tensors = [changes.get(name, vector[index]) for index, name in enumerate("sbmv")]
        epsilon = changes.get("epsilon", 1e-5)
        return one("BatchNormalization", [x, *"sbmv"], tensors, epsilon=epsilon)

    yield "normalization-variance-negative", "a variance of -1", normalization(
        v=numbers("v", 1.0, -1.0))
    yield "normalization-variance-0", "a variance of 0 and no epsilon", normalization(
        v=numbers("v", 0.0, 1.0), epsilon=0.0)
    yield "normalization-epsilon-not-a-number", "an epsilon that is not a number", normalization(
        epsilon=float("nan"))
    yield "normalization-three-channels", "statistics for three channels of two", normalization(
        m=numbers("m", 0.0, 0.0, 0.0))
    yield "clip-crossed", "a lower limit above the upper one", one(
        "Clip", [x, "l", "u"], [onnx.tensor("l", [], onnx.floats(6.0)),
                                onnx.tensor("u", [], onnx.floats(-6.0))])
    yield "clip-not-a-number", "a limit that is not a number", one(
        "Clip", [x, "l"], [onnx.tensor("l", [], onnx.floats(float("nan")))])
    yield "cast-unknown", "a type that does not exist", one("Cast", [x], to=99)
    yield "cast-to-text", "an activation as text", one("Cast", [x], to=onnx.STRING)
    yield "quantize-scale-0", "a step of 0", one(
        "QuantizeLinear", [x, "s"], [onnx.tensor("s", [], onnx.floats(0.0))])
    yield "quantize-scale-negative", "a step of -1", one(
        "QuantizeLinear", [x, "s"], [onnx.tensor("s", [], onnx.floats(-1.0))])
    yield "quantize-scales-3", "three steps for two channels", one(
        "QuantizeLinear", [x, "s"], [numbers("s", 1.0, 1.0, 1.0)], axis=1)
    yield "response-size-0", "a neighbourhood of no channels", one("LRN", [x], size=0)
    yield "response-size-huge", "a neighbourhood of 2^62 channels", one("LRN", [x], size=HUGE)
    yield "groups-0", "channels in no groups", one(
        "GroupNormalization", [x, "s", "b"], vector[:2], num_groups=0)
    yield "constant-two-values", "a constant with two values", onnx.chain(
        onnx.node("Constant", [], ["c"], value_float=1.0, value_int=1),
        onnx.node("Add", ["x", "c"], ["y"]))
    yield "constant-no-value", "a constant without a value", onnx.chain(
        onnx.node("Constant", [], ["c"]), onnx.node("Add", ["x", "c"], ["y"]))
    yield "broadcast-mismatch", "five values beside six", one(
        "Add", [x, "c"], [numbers("c", 1, 2, 3, 4, 5)])
    yield "matrix-mismatch", "a matrix for five inputs", one(
        "MatMul", [x, "w"], [onnx.tensor("w", [5, 3], onnx.floats(*[1.0] * 15))])
    yield "divide-by-0", "a constant of 0 under a fraction", one(
        "Div", [x, "c"], [numbers("c", 0.0)])
    yield "dropout-ratio", "everything is dropped", one(
        "Dropout", [x, "r"], [onnx.tensor("r", [], onnx.floats(1.5))])


def cases():
    return single(FAMILY, "model.onnx", [*windows(), *shapes(), *amplification(), *values()])
