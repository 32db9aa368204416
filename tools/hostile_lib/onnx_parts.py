"""Parts of ONNX models as bytes; the field numbers are those of schemas/onnx.proto."""

import struct

from .protobuf import block, blocks, integer, single

FLOAT, UINT8, INT8, INT64, STRING, BOOL, FLOAT16 = 1, 2, 3, 7, 8, 9, 10
OPSET = 17
EXTERNAL = 1


def floats(*values):
    return struct.pack(f"<{len(values)}f", *values)


def integers(*values):
    return struct.pack(f"<{len(values)}q", *values)


def tensor(name, dimensions, raw=None, element=FLOAT, extra=b""):
    """TensorProto; `extra` holds further fields."""
    content = b"".join(integer(1, extent) for extent in dimensions)
    content += integer(2, element) + block(8, name)
    if raw is not None:
        content += block(9, raw)
    return content + extra


def external_tensor(name, dimensions, entries, extra=b""):
    """A tensor whose data lies elsewhere; `entries` are (key, value) as text or bytes."""
    pairs = blocks(13, [block(1, key) + block(2, value) for key, value in entries])
    return tensor(name, dimensions, extra=pairs + integer(14, EXTERNAL) + extra)


def value_info(name, dimensions, element=FLOAT):
    """ValueInfoProto of a tensor; a dimension is a number, a symbol or None."""
    shape = b""
    for extent in dimensions:
        if extent is None:
            shape += block(1, b"")
        elif isinstance(extent, str):
            shape += block(1, block(2, extent))
        else:
            shape += block(1, integer(1, extent))
    kind = integer(1, element) + block(2, shape)
    return block(1, name) + block(2, block(1, kind))


def attribute(name, value):
    """AttributeProto of an int, float, text, list of ints, tensor or graph (as `Graph`)."""
    content = block(1, name)
    if isinstance(value, int):
        return content + integer(3, value) + integer(20, 2)
    if isinstance(value, float):
        return content + single(2, value) + integer(20, 1)
    if isinstance(value, str):
        return content + block(4, value) + integer(20, 3)
    if isinstance(value, Tensor):
        return content + block(5, value.content) + integer(20, 4)
    if isinstance(value, Graph):
        return content + block(6, value.content) + integer(20, 5)
    return content + b"".join(integer(8, item) for item in value) + integer(20, 7)


class Tensor:
    def __init__(self, content):
        self.content = content


class Graph:
    def __init__(self, content):
        self.content = content


def node(operator, inputs, outputs, name="node", domain="", **attributes):
    content = blocks(1, inputs) + blocks(2, outputs) + block(3, name) + block(4, operator)
    content += blocks(5, [attribute(key, value) for key, value in attributes.items()])
    if domain:
        content += block(7, domain)
    return content


def graph(nodes, initializers=(), inputs=None, outputs=None, extra=b""):
    if inputs is None:
        inputs = [value_info("x", ["batch", 4])]
    if outputs is None:
        outputs = [value_info("y", ["batch", 3])]
    return (blocks(1, nodes) + block(2, "hostile") + blocks(5, initializers)
            + blocks(11, inputs) + blocks(12, outputs) + extra)


def opset(version, domain=""):
    return (block(1, domain) if domain else b"") + integer(2, version)


def model(graph_content, opsets=None, extra=b"", ir_version=8):
    if opsets is None:
        opsets = [opset(OPSET)]
    content = integer(1, ir_version) + block(2, "hostile")
    if graph_content is not None:
        content += block(7, graph_content)
    return content + blocks(8, opsets) + extra


WEIGHT = floats(*(index / 8 - 0.5 for index in range(12)))


def linear_node(**attributes):
    return node("Gemm", ["x", "weight"], ["y"], "linear", **{"transB": 1, **attributes})


def weight_model(*weights):
    """The linear layer y = x · weightᵀ, with the initializers given."""
    return model(graph([linear_node()], weights))


def good_model():
    return weight_model(tensor("weight", [3, 4], WEIGHT))


def chain(*nodes, shape=("batch", 2, 6, 6), initializers=(), opsets=None, outputs=None):
    """A model of nodes from x of `shape` to y of whatever shape follows."""
    return model(
        graph(nodes, initializers, [value_info("x", list(shape))],
              outputs or [value_info("y", [None] * len(shape))]),
        opsets)
