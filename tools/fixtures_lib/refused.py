"""Writes fixtures/onnx/refused/: models which an importer must refuse.

Most are one linear layer, y = x · weight, with one thing wrong. Nothing here
passes through onnx's checker, and the two largest are written byte by byte.
"""

import itertools

import numpy
from onnx import TensorProto, helper, numpy_helper

from . import common, refusal_notes
from .graph_builder import seeded_generator

OPSET = 17
WEIGHT_SHAPE = (6, 4)

NESTED_MESSAGES = 100_000
EMPTY_INITIALIZERS = 200_000

# Field numbers in onnx.proto.
MODEL_GRAPH = 7
GRAPH_NODE = 1
GRAPH_INITIALIZER = 5
NODE_ATTRIBUTE = 5
ATTRIBUTE_GRAPH = 6


def graph_model(nodes, initializers=(), columns=6, other_domain=None):
    """A model of input x [batch, 6] and output y [batch, columns]."""
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 6])]
    shape = ["batch", columns]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)]
    graph = helper.make_graph(nodes, "refused", inputs, outputs, initializers)
    opset_imports = [helper.make_opsetid("", OPSET)]
    ir_version = helper.find_min_ir_version_for(opset_imports)
    if other_domain is not None:
        opset_imports.append(helper.make_opsetid(other_domain, 1))
    return helper.make_model(
        graph,
        opset_imports=opset_imports,
        ir_version=ir_version,
        producer_name="make-fixtures",
    )


def weight_model(*weights):
    """The linear layer, with the initializers given."""
    node = helper.make_node("MatMul", ["x", "weight"], ["y"], name="matmul_first")
    return graph_model([node], weights, columns=4)


def random_weight():
    generator = seeded_generator("refused weight")
    return generator.standard_normal(WEIGHT_SHAPE).astype(numpy.float32)


def raw_tensor(dims, raw_data):
    """A float32 tensor which may contradict itself."""
    tensor = TensorProto(name="weight", data_type=TensorProto.FLOAT)
    tensor.dims.extend(dims)
    tensor.raw_data = raw_data
    return tensor


def operator_cases():
    recurrent = helper.make_node(
        "LSTM",
        ["x", "weight", "recurrence"],
        ["hidden"],
        name="lstm_first",
        hidden_size=4,
    )
    indices = helper.make_node("NonZero", ["hidden"], ["y"], name="nonzero_second")
    weights = [
        numpy_helper.from_array(numpy.ones((1, 16, 6), numpy.float32), "weight"),
        numpy_helper.from_array(numpy.ones((1, 16, 4), numpy.float32), "recurrence"),
    ]
    yield "unsupported-operators", graph_model([recurrent, indices], weights)

    custom = helper.make_node(
        "FancyRelu", ["x"], ["y"], name="fancy_first", domain="com.example"
    )
    yield "custom-domain-operator", graph_model([custom], other_domain="com.example")


def value_cases():
    for name, value in (
        ("weights-not-a-number", numpy.nan),
        ("weights-infinite", numpy.inf),
    ):
        weight = random_weight()
        weight[2, 3] = value
        yield name, weight_model(numpy_helper.from_array(weight, "weight"))


def dims_cases():
    content = random_weight().tobytes()
    yield "dims-product-overflow", weight_model(
        raw_tensor([2**33, 2**33], content[:16])
    )
    yield "dims-product-wraps-to-zero", weight_model(raw_tensor([2**32, 2**32], b""))
    yield "dims-negative", weight_model(raw_tensor([-4, -6], content))
    yield "dims-more-than-bytes", weight_model(raw_tensor(WEIGHT_SHAPE, content[:-16]))
    yield "dims-fewer-than-bytes", weight_model(
        raw_tensor(WEIGHT_SHAPE, content + content[:16])
    )


def external_path_cases():
    for name, location in (
        ("external-path-parent", "../../../../etc/passwd"),
        ("external-path-absolute", "/etc/passwd"),
    ):
        tensor = TensorProto(name="weight", data_type=TensorProto.FLOAT)
        tensor.dims.extend(WEIGHT_SHAPE)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", location), ("offset", "0"), ("length", "96")):
            tensor.external_data.add(key=key, value=value)
        yield name, weight_model(tensor)


def graph_cases():
    def relu(label, source, target):
        return helper.make_node("Relu", [source], [target], name=f"relu_{label}")

    def add(label, first, second, target):
        return helper.make_node("Add", [first, second], [target], name=f"add_{label}")

    yield "graph-cycle", graph_model(
        [
            relu("first", "second_value", "first_value"),
            relu("second", "first_value", "second_value"),
            add("third", "x", "second_value", "y"),
        ]
    )
    yield "input-undefined", graph_model(
        [relu("first", "nowhere", "value"), add("second", "x", "value", "y")]
    )
    yield "duplicate-output-names", graph_model(
        [relu("first", "x", "y"), relu("second", "x", "y")]
    )
    weight = numpy_helper.from_array(random_weight(), "weight")
    other = numpy_helper.from_array(-random_weight(), "weight")
    yield "duplicate-initializer-names", weight_model(weight, other)


def varint(number):
    content = bytearray()
    while number > 127:
        content.append(number & 127 | 128)
        number >>= 7
    content.append(number)
    return bytes(content)


def field_header(field, length):
    """What precedes a message of the length given, as a field of another."""
    return varint(field << 3 | 2) + varint(length)


def model_header():
    """A model up to its graph: versions and producer."""
    model = weight_model()
    model.ClearField("graph")
    return model.SerializeToString(deterministic=True)


def nested_messages():
    """A graph with a node with an attribute with a graph, and so on."""
    inner = itertools.cycle((GRAPH_NODE, NODE_ATTRIBUTE, ATTRIBUTE_GRAPH))
    fields = [MODEL_GRAPH, *itertools.islice(inner, NESTED_MESSAGES - 1)]
    # A message's length must be known before it, so the innermost comes first.
    headers = []
    length = 0
    for field in reversed(fields):
        headers.append(field_header(field, length))
        length += len(headers[-1])
    return model_header() + b"".join(reversed(headers))


def empty_initializers():
    """The linear layer's graph with very many empty tensors in it."""
    model = weight_model(numpy_helper.from_array(random_weight(), "weight"))
    graph = model.graph.SerializeToString(deterministic=True)
    graph += field_header(GRAPH_INITIALIZER, 0) * EMPTY_INITIALIZERS
    return model_header() + field_header(MODEL_GRAPH, len(graph)) + graph


def model_cases():
    yield from operator_cases()
    yield from value_cases()
    yield from dims_cases()
    yield from external_path_cases()
    yield from graph_cases()


def generate():
    common.empty_directory(common.REFUSED)
    for name, model in model_cases():
        common.write_model(model, common.REFUSED / f"{name}.onnx")
    bombs = {
        "nested-messages": nested_messages(),
        "empty-initializers": empty_initializers(),
    }
    for name, content in bombs.items():
        (common.REFUSED / f"{name}.onnx").write_bytes(content)
    written = {path.stem for path in common.REFUSED.glob("*.onnx")}
    if written != set(refusal_notes.REASONS):
        raise SystemExit(f"cases and reasons differ: {written}")
