"""ONNX models whose tensors contradict themselves."""

import struct

from . import numpy_parts
from . import onnx_parts as onnx
from .case import Case, single
from .protobuf import block, integer, packed_integers

FAMILY = "onnx-tensor"
FLOAT_DATA, INT32_DATA, STRING_DATA, INT64_DATA, DOUBLE_DATA, UINT64_DATA = 4, 5, 6, 7, 10, 11
INFINITE_HALF = 0x7C00


def weight(dimensions, raw=None, element=onnx.FLOAT, extra=b""):
    return onnx.weight_model(onnx.tensor("weight", dimensions, raw, element, extra))


def replaced(index, value):
    values = list(struct.unpack("<12f", onnx.WEIGHT))
    values[index] = value
    return onnx.floats(*values)


def shapes():
    good = onnx.WEIGHT
    yield "dims-negative", "dimensions of -3 and -4, with a positive product", [-3, -4], good
    yield "dims-minus-one", "a dimension that is to be guessed", [3, -1], good
    yield "dims-product-overflow", "2^33 times 2^33", [1 << 33, 1 << 33], good
    yield "dims-product-wraps-to-zero", "2^32 times 2^32 is 0 in 64 bits", [1 << 32, 1 << 32], b""
    yield "dims-bytes-overflow", "2^62 values take 2^64 bytes", [1 << 62], b""
    yield "dims-largest", "a dimension of 2^63 - 1", [(1 << 63) - 1], good
    yield "dims-most-negative", "a dimension of -2^63", [-1 << 63], good
    yield "dims-zero-and-large", "no value, in 2^62 rows", [1 << 62, 0], b""
    yield "dims-zero", "a weight without values", [0, 4], b""
    yield "dims-33", "33 dimensions", [3, 4] + [1] * 31, good
    yield "dims-100-000", "100,000 dimensions", [3, 4] + [1] * 99_998, good
    yield "dims-none", "twelve values in a tensor without dimensions", [], good
    yield "dims-more-than-bytes", "a value too few", [3, 4], good[:-4]
    yield "dims-fewer-than-bytes", "a value too many", [3, 4], good + bytes(4)
    yield "bytes-odd", "half a value too many", [3, 4], good + bytes(2)
    yield "dims-other-than-input", "a weight for another number of inputs", [4, 3], good
    yield "dims-rank-1", "a vector in the place of a matrix", [12], good


def types():
    good = onnx.WEIGHT
    yield "type-undefined", "the element type 0", weight([3, 4], good, 0)
    yield "type-unknown", "the element type 99", weight([3, 4], good, 99)
    yield "type-negative", "the element type -1", weight([3, 4], good, -1)
    yield "type-beyond-32-bits", "an element type of 2^40 + 1, which is 1 in 32 bits", (
        weight([3, 4], good, (1 << 40) + 1))
    yield "type-complex", "complex numbers", weight([3, 4], good * 2, 14)
    yield "type-4-bit", "numbers of four bits", weight([3, 4], bytes(6), 22)
    yield "type-8-bit-float", "floating-point numbers of eight bits", weight([3, 4], bytes(12), 17)
    yield "type-text", "text as a weight", weight([1], None, onnx.STRING, block(STRING_DATA, b"a"))
    yield "type-missing", "no element type", onnx.weight_model(
        block(8, "weight") + integer(1, 3) + integer(1, 4) + block(9, good))


def values():
    yield "not-a-number", "one weight is not a number", weight([3, 4], replaced(7, float("nan")))
    yield "infinite", "one weight is infinite", weight([3, 4], replaced(0, float("-inf")))
    yield "infinite-half", "one weight of 16 bits is infinite", (
        weight([3, 4], struct.pack("<12H", *[0] * 11, INFINITE_HALF), onnx.FLOAT16))
    yield "double-out-of-range", "a double that is infinite as a float", (
        weight([3, 4], struct.pack("<12d", *[0.0] * 11, 1e300), 11))
    yield "boolean-2", "a truth value of 2", weight(
        [3, 4], None, onnx.BOOL, packed_integers(INT32_DATA, [0] * 11 + [2]))
    yield "byte-300", "an 8-bit number of 300", weight(
        [3, 4], None, onnx.UINT8, packed_integers(INT32_DATA, [0] * 11 + [300]))
    yield "byte-negative", "an unsigned number of -1", weight(
        [3, 4], None, onnx.UINT8, packed_integers(INT32_DATA, [0] * 11 + [-1]))
    yield "int8-128", "a signed 8-bit number of 128", weight(
        [3, 4], None, onnx.INT8, packed_integers(INT32_DATA, [0] * 11 + [128]))


def storages():
    good = onnx.WEIGHT
    numbers = block(FLOAT_DATA, good)
    yield "no-data", "a shape without any data", weight([3, 4])
    yield "raw-and-typed", "the data stands in two forms", weight([3, 4], good, extra=numbers)
    yield "two-typed-fields", "floats and doubles", weight(
        [3, 4], extra=numbers + block(DOUBLE_DATA, struct.pack("<12d", *[0.0] * 12)))
    yield "wrong-typed-field", "floats in the field of 64-bit integers", weight(
        [3, 4], extra=packed_integers(INT64_DATA, [1] * 12))
    yield "typed-too-few", "eleven floats of twelve", weight([3, 4], extra=block(FLOAT_DATA, good[4:]))
    yield "typed-too-many", "thirteen floats for twelve", weight(
        [3, 4], extra=block(FLOAT_DATA, good + bytes(4)))
    yield "segment", "a part of a larger tensor", weight(
        [3, 4], good, extra=block(3, integer(1, 0) + integer(2, 12)))
    yield "raw-twice", "raw data twice", weight([3, 4], good, extra=block(9, good))
    sparse = block(1, onnx.tensor("weight", [1], onnx.floats(1))) + block(
        2, onnx.tensor("", [1], onnx.integers(5), onnx.INT64)) + integer(3, 3) + integer(3, 4)
    yield "sparse", "a sparse weight", onnx.model(
        onnx.graph([onnx.linear_node()], extra=block(15, sparse)))
    yield "duplicate-name", "two weights of one name", onnx.weight_model(
        onnx.tensor("weight", [3, 4], good), onnx.tensor("weight", [3, 4], bytes(48)))
    yield "no-name", "a weight without a name", onnx.weight_model(
        onnx.tensor("weight", [3, 4], good), onnx.tensor("", [3, 4], good))
    yield "named-as-input", "a weight with the name of the input", onnx.weight_model(
        onnx.tensor("weight", [3, 4], good), onnx.tensor("x", [3, 4], good))
    yield "named-as-output", "a weight with the name of a node's output", onnx.weight_model(
        onnx.tensor("weight", [3, 4], good), onnx.tensor("y", [3], onnx.floats(1, 2, 3)))


def cases():
    table = [(name, reason, weight(dims, raw)) for name, reason, dims, raw in shapes()]
    # What is only looked at is not scanned for such values; what is run is.
    run = ("evaluate", "model.onnx", "--data", "data.npy")
    return [*single(FAMILY, "model.onnx", [*table, *types(), *storages()]),
            *(Case(f"{FAMILY}/{name}", reason, {"model.onnx": content,
                                                "data.npy": numpy_parts.file()}, run)
              for name, reason, content in values())]
