"""The places and encodings in which a model may keep its weights."""

import numpy
from onnx import TensorProto, helper, numpy_helper

from .graph_builder import GraphBuilder

ROW = (2, 6)
IMAGE = (2, 3, 4, 2)


def typed_tensor(name, data_type, values):
    """A tensor in the typed field of its data type, not in raw_data."""
    return helper.make_tensor(name, data_type, values.shape, values.ravel().tolist())


def gemm(builder, weight, bias):
    return builder.finish(builder.node("Gemm", "x", weight, bias, transB=1))


def float_cases():
    builder = GraphBuilder("weights-raw-data-13", 13, ROW)
    yield gemm(builder, builder.weight("weight", 4, 6), builder.weight("bias", 4))

    builder = GraphBuilder("weights-float-data-13", 13, ROW)
    names = [
        builder.add_initializer(
            typed_tensor(name, TensorProto.FLOAT, builder.random(*shape))
        )
        for name, shape in (("weight", (4, 6)), ("bias", (4,)))
    ]
    yield gemm(builder, *names)


def half_cases():
    """float16 in the file, float32 in use. Typed float16 is int32_data."""
    for name in ("weights-float16-raw-cast-13", "weights-float16-typed-cast-13"):
        builder = GraphBuilder(name, 13, ROW)
        values = builder.random(4, 6).astype(numpy.float16)
        if "typed" in name:
            tensor = typed_tensor("weight", TensorProto.FLOAT16, values)
        else:
            tensor = numpy_helper.from_array(values, "weight")
        half = builder.add_initializer(tensor)
        weight = builder.node("Cast", half, to=TensorProto.FLOAT)
        yield gemm(builder, weight, builder.weight("bias", 4))


def constant_node_cases():
    builder = GraphBuilder("constant-node-weights-13", 13, ROW)
    names = [
        builder.node(
            "Constant", value=numpy_helper.from_array(builder.random(*shape), label)
        )
        for label, shape in (("weight", (4, 6)), ("bias", (4,)))
    ]
    yield gemm(builder, *names)

    builder = GraphBuilder("constant-node-value-floats-13", 13, ROW)
    bias = builder.node("Constant", value_floats=[0.5, -1.0, 0.25, 2.0])
    yield gemm(builder, builder.weight("weight", 4, 6), bias)

    builder = GraphBuilder("identity-of-weights-13", 13, ROW)
    weight = builder.node("Identity", builder.weight("shared", 4, 6))
    yield gemm(builder, weight, builder.weight("bias", 4))

    builder = GraphBuilder("transpose-of-weights-13", 13, ROW)
    weight = builder.node("Transpose", builder.weight("weight", 4, 6), perm=[1, 0])
    yield builder.finish(builder.node("MatMul", "x", weight))


def quantized_constant_cases():
    """Real constants with a quantizer behind them, as onnxruntime leaves those of a GELU."""
    for name, data_type, axis in (
        ("quantized-constant-uint8-13", numpy.uint8, None),
        ("quantized-constant-int16-21", numpy.int16, None),
        ("quantized-constant-axis-13", numpy.int8, 1),
    ):
        builder = GraphBuilder(name, int(name[-2:]), ROW)
        count = 6 if axis == 1 else 1
        scale = numpy.linspace(0.02, 0.05, count).astype(numpy.float32)
        zero = numpy.arange(3, 3 + count).astype(data_type)
        levels = [
            builder.tensor(label, values if axis == 1 else values.reshape(()))
            for label, values in (("scale", scale), ("zero", zero))
        ]
        attributes = {"axis": axis} if axis else {}
        weight = builder.weight("weight", 4, 6)
        # Beyond the levels on one side.
        values = numpy_helper.to_array(builder.initializers[-1]).copy()
        values[0, :2] = 9, -9
        builder.initializers[-1] = numpy_helper.from_array(values, "weight")
        weight = builder.node("QuantizeLinear", weight, *levels, **attributes)
        weight = builder.node("DequantizeLinear", weight, *levels, **attributes)
        yield gemm(builder, weight, builder.weight("bias", 4))

    # A number that an activation meets, at both ends of which a quantizer stands.
    builder = GraphBuilder("quantized-constant-erf-13", 13, ROW)
    levels = [builder.tensor("scale", numpy.float32(0.011)), builder.tensor("zero", numpy.uint8(0))]
    half = builder.tensor("root", numpy.float32(1.41421354))
    half = builder.node("QuantizeLinear", half, *levels)
    half = builder.node("DequantizeLinear", half, *levels)
    yield builder.finish(builder.node("Erf", builder.node("Div", "x", half)))


def integer_shape_cases():
    shape = numpy.array([0, -1], numpy.int64)
    constants = {
        "constant-node-shape-raw-13": {
            "value": numpy_helper.from_array(shape, "shape")
        },
        "constant-node-shape-int64-data-13": {
            "value": typed_tensor("shape", TensorProto.INT64, shape)
        },
        "constant-node-shape-value-ints-13": {"value_ints": [0, -1]},
    }
    for name, attributes in constants.items():
        builder = GraphBuilder(name, 13, IMAGE)
        target = builder.node("Constant", **attributes)
        yield builder.finish(builder.node("Reshape", "x", target))

    builder = GraphBuilder("shape-int64-data-13", 13, IMAGE)
    target = builder.add_initializer(
        typed_tensor("shape", TensorProto.INT64, shape)
    )
    yield builder.finish(builder.node("Reshape", "x", target))


def external_tensor(name, shape, location, offset, length):
    tensor = TensorProto(name=name, dims=shape, data_type=TensorProto.FLOAT)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        if value is not None:
            tensor.external_data.add(key=key, value=str(value))
    return tensor


def external_cases():
    """Two tensors in one file, each at a multiple of 64 bytes."""
    builder = GraphBuilder("external-data", 13, ROW)
    weight = builder.random(4, 6).astype("<f4").tobytes()
    bias = builder.random(4).astype("<f4").tobytes()
    start = 64
    bias_start = 192
    # The bytes around the tensors are ones: to read them would be noticed.
    content = bytearray(b"\xff" * (bias_start + len(bias)))
    content[start : start + len(weight)] = weight
    content[bias_start:] = bias
    builder.external_data = bytes(content)
    for name, shape, offset, length in (
        ("weight", (4, 6), start, len(weight)),
        ("bias", (4,), bias_start, len(bias)),
    ):
        builder.add_initializer(
            external_tensor(name, shape, "external-data.bin", offset, length)
        )
    yield gemm(builder, "weight", "bias")

    builder = GraphBuilder("external-data-whole-file", 13, ROW)
    builder.external_data = builder.random(4, 6).astype("<f4").tobytes()
    builder.add_initializer(
        external_tensor("weight", (4, 6), "external-data-whole-file.bin", None, None)
    )
    yield gemm(builder, "weight", builder.weight("bias", 4))


def cases():
    yield from float_cases()
    yield from half_cases()
    yield from constant_node_cases()
    yield from quantized_constant_cases()
    yield from integer_shape_cases()
    yield from external_cases()
