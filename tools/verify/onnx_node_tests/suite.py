"""ONNX's own node tests, read from the installed onnx package."""

import dataclasses
import functools
import json
import pathlib

import numpy
import onnx
from onnx import numpy_helper

DATA = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"

# The suite's tolerances (onnx/backend/test/loader), where a case does not state its own.
RELATIVE_TOLERANCE = 1e-3
ABSOLUTE_TOLERANCE = 1e-7

EXPANDED = "_expanded"
RANDOM_OPERATORS = {
    "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform",
    "RandomUniformLike",
}
TRAINING_DOMAIN = "ai.onnx.preview.training"

# Cases whose stored answer later releases of ONNX corrected: nothing can be held against it.
SUPERSEDED = {
    # Cells beyond the padding, which rounding up reaches, were counted in the mean.
    # onnx's own reference evaluation since then and onnxruntime leave them out.
    "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True",
}


@dataclasses.dataclass(frozen=True)
class Case:
    """One folder of the suite. Tensors are None where a value is no tensor."""

    name: str
    model: onnx.ModelProto
    inputs: tuple
    outputs: tuple
    relative: float = RELATIVE_TOLERANCE
    absolute: float = ABSOLUTE_TOLERANCE

    @property
    def operator(self):
        """The operator under test; an expanded case counts for the one that it expands."""
        return operator_of(self.name.split(EXPANDED)[0])

    @functools.cached_property
    def expected(self):
        return [array(tensor) for tensor in self.outputs]


def names():
    return sorted(path.name for path in DATA.iterdir() if path.is_dir())


@functools.cache
def operator_of(name):
    path = DATA / name / "model.onnx"
    nodes = onnx.load(path).graph.node
    tested = [node for node in nodes if node.op_type != "Constant"] or nodes
    node = tested[0]
    return f"{node.domain}.{node.op_type}" if node.domain else node.op_type


def load(name):
    folder = DATA / name
    sets = sorted(folder.glob("test_data_set_*"))
    if len(sets) != 1:
        raise ValueError(f"{name} has {len(sets)} sets of data, and one is expected")
    model = onnx.load(folder / "model.onnx")
    tolerances = {}
    stated = folder / "data.json"
    if stated.exists():
        values = json.loads(stated.read_text())
        tolerances = {
            "relative": values.get("rtol", RELATIVE_TOLERANCE),
            "absolute": values.get("atol", ABSOLUTE_TOLERANCE),
        }
    graph = model.graph
    return Case(
        name, model,
        tuple(tensor(sets[0] / f"input_{index}.pb", value)
              for index, value in enumerate(graph.input)),
        tuple(tensor(sets[0] / f"output_{index}.pb", value)
              for index, value in enumerate(graph.output)),
        **tolerances)


def tensor(path, value):
    if not value.type.HasField("tensor_type") or not path.exists():
        return None
    proto = onnx.TensorProto()
    proto.ParseFromString(path.read_bytes())
    if value.type.tensor_type.elem_type == onnx.TensorProto.BFLOAT16:
        # The suite stores the bits of these as 16-bit integers.
        proto.data_type = onnx.TensorProto.BFLOAT16
    return proto


def array(tensor):
    """The values; those of bfloat16, which numpy lacks, as float32."""
    if tensor.data_type == onnx.TensorProto.BFLOAT16:
        bits = numpy.frombuffer(tensor.raw_data, "<u2").astype(numpy.uint32) << 16
        return bits.view(numpy.float32).reshape(tuple(tensor.dims))
    return numpy_helper.to_array(tensor)


def special_reason(case):
    """Why a case is no float32 forward case; None for those that are."""
    if case.name in SUPERSEDED:
        return "the stored answer was corrected later"
    if any(tensor is None for tensor in case.inputs + case.outputs):
        return "sequence, map or optional value"
    types = onnx.TensorProto
    if any(tensor.data_type == types.STRING for tensor in case.inputs + case.outputs):
        return "strings"
    nodes = list(case.model.graph.node)
    if any(node.op_type in RANDOM_OPERATORS for node in nodes) or case.operator in RANDOM_OPERATORS:
        return "random"
    if any(node.domain == TRAINING_DOMAIN for node in nodes) or trains(case):
        return "training"
    if any(tensor.data_type != types.FLOAT for tensor in case.outputs):
        return "an output is not float32"
    if not any(tensor.data_type == types.FLOAT for tensor in case.inputs):
        return "no float32 input"
    return None


def trains(case):
    """Normalization and dropout in training mode, by attribute or by Dropout's third input."""
    if "training" in case.name or "_train" in case.name:
        return True
    for node in case.model.graph.node:
        modes = [attribute for attribute in node.attribute if attribute.name == "training_mode"]
        if any(attribute.i for attribute in modes):
            return True
        if node.op_type == "Dropout" and len(node.input) > 2 and node.input[2]:
            return True
    return False
