"""Makes a node test runnable: what a compiled graph takes as constants becomes an initializer.

The suite feeds everything through graph inputs, also weights, axes and shapes. A variant says
which inputs stay inputs and how the batch is taken. They are tried in order until one runs.
"""

import dataclasses

import numpy
import onnx
from onnx import helper

from onnx_node_tests import suite

CARRIER = "carrier"


@dataclasses.dataclass(frozen=True)
class Variant:
    name: str
    batch: str
    model: bytes
    inputs: dict
    is_last_resort: bool = False


def variants(case):
    """Distinct variants, the most general first."""
    floats = frozenset(
        index for index, tensor in enumerate(case.inputs)
        if tensor.data_type == onnx.TensorProto.FLOAT)
    first = frozenset({min(floats, default=0)}) if case.inputs else frozenset()
    kept = [floats or first]
    if first not in kept:
        kept.append(first)
    for batch in ("none", "leading"):
        for dynamic in kept if case.inputs else ():
            yield Variant(
                f"{len(dynamic)} dynamic, batch {batch}", batch, constant_model(case, dynamic),
                {case.model.graph.input[index].name: suite.array(case.inputs[index])
                 for index in sorted(dynamic)})
    carried = carried_variant(case)
    if carried:
        yield carried


def constant_model(case, dynamic):
    """The model with every input outside `dynamic` as an initializer of the case's value."""
    return with_constants(case, dynamic).SerializeToString()


def with_constants(case, dynamic):
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    graph = model.graph
    constant = [index for index in range(len(graph.input)) if index not in dynamic]
    for index in constant:
        tensor = graph.initializer.add()
        tensor.CopyFrom(case.inputs[index])
        tensor.name = graph.input[index].name
    # Before IR version 4 an initializer had to be an input too.
    if model.ir_version >= 4:
        for index in reversed(constant):
            del graph.input[index]
    return model


def carried_variant(case):
    """Everything constant, each output added to a dynamic input of zeros.

    A graph of constants alone has nothing to run on; the sum with zeros gives the same values.
    """
    if not all(carriable(tensor) for tensor in case.outputs):
        return None
    model = with_constants(case, frozenset())
    graph = model.graph
    inputs, outputs = {}, []
    for index, output in enumerate(list(graph.output)):
        zeros = numpy.zeros(tuple(case.outputs[index].dims), numpy.float32)
        name, cast, total = (f"{CARRIER}_{part}_{index}" for part in ("input", "cast", "sum"))
        graph.input.append(helper.make_tensor_value_info(
            name, onnx.TensorProto.FLOAT, zeros.shape))
        graph.node.append(helper.make_node(
            "Cast", [output.name], [cast], to=onnx.TensorProto.FLOAT))
        graph.node.append(helper.make_node("Add", [cast, name], [total]))
        inputs[name] = zeros
        outputs.append(helper.make_tensor_value_info(total, onnx.TensorProto.FLOAT, zeros.shape))
    del graph.output[:]
    graph.output.extend(outputs)
    return Variant("all constant", "none", model.SerializeToString(), inputs, is_last_resort=True)


def carriable(tensor):
    types = onnx.TensorProto
    return tensor.data_type in (types.FLOAT, types.INT64, types.INT32, types.BOOL)
