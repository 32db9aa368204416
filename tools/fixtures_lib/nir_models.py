"""NIR files of every node type, and of everything that must be refused."""

import io

import h5py
import nir
import numpy

from . import common

MODELS = common.NIR / "models"
REFUSED = common.NIR / "refused"


def full(shape, value):
    return numpy.full(shape, value, numpy.float32)


def counted(*shape):
    values = numpy.arange(int(numpy.prod(shape)), dtype=numpy.float32)
    return (values % 7 - 3).reshape(shape) / 4


def chain(shape, output, nodes, metadata=None):
    """Input, the nodes one behind the other, Output."""
    names = [f"n{index}" for index in range(len(nodes))]
    path = ["input", *names, "output"]
    return nir.NIRGraph(
        nodes={
            "input": nir.Input({"input": numpy.array(shape)}),
            **dict(zip(names, nodes, strict=True)),
            "output": nir.Output({"output": numpy.array(output)}),
        },
        edges=list(zip(path, path[1:])),
        metadata=metadata or {},
        type_check=False,
    )


def neurons():
    shape = (3,)
    tau, r, leak = full(shape, 0.02), full(shape, 200), numpy.array([0, 0.1, 0.2], "f4")
    theta, rest = numpy.array([1, 2, 3], "f4"), full(shape, 0)
    tau_syn = full(shape, 0.01)
    return {
        "i": nir.I(r=full(shape, 1)),
        "if": nir.IF(r=full(shape, 1), v_threshold=theta, v_reset=rest),
        "if-reset": nir.IF(r=full(shape, 1), v_threshold=theta, v_reset=full(shape, -0.5)),
        "if-resistance": nir.IF(r=full(shape, 1e4), v_threshold=theta, v_reset=rest),
        "li": nir.LI(tau=tau, r=r, v_leak=leak),
        "lif": nir.LIF(tau=tau, r=r, v_leak=leak, v_threshold=theta, v_reset=rest),
        "cuba-li": nir.CubaLI(tau_syn=tau_syn, tau_mem=tau, r=r, v_leak=leak, w_in=2.0),
        "cuba-lif": nir.CubaLIF(
            tau_syn=tau_syn, tau_mem=tau, r=r, v_leak=leak, v_threshold=theta, v_reset=rest
        ),
        "delay": nir.Delay(delay=numpy.array([0, 0.001, 0.02], "f4")),
        "threshold": nir.Threshold(threshold=theta),
        "scale": nir.Scale(scale=theta),
        "scale-uniform": nir.Scale(scale=full(shape, 2)),
    }


def layers():
    plane = (2, 4, 5)
    convolution = {"stride": (1, 1), "padding": (1, 1), "dilation": (1, 1), "groups": 1}
    return {
        "affine": (
            (4,), (3,), [nir.Affine(weight=counted(3, 4), bias=counted(3))],
        ),
        "linear": ((4,), (3,), [nir.Linear(weight=counted(3, 4))]),
        "conv1d": (
            (2, 6), (3, 3),
            [
                nir.Conv1d(
                    input_shape=6, weight=counted(3, 2, 3), stride=2, padding=1, dilation=1,
                    groups=1, bias=counted(3),
                )
            ],
        ),
        "conv2d": (
            plane, (4, 4, 5),
            [
                nir.Conv2d(
                    input_shape=(4, 5), weight=counted(4, 2, 3, 3), bias=counted(4), **convolution
                )
            ],
        ),
        "conv2d-groups": (
            plane, (4, 4, 5),
            [
                nir.Conv2d(
                    input_shape=(4, 5), weight=counted(4, 1, 3, 3), bias=counted(4),
                    **{**convolution, "groups": 2},
                )
            ],
        ),
        "conv2d-same": (
            plane, (4, 4, 5),
            [
                nir.Conv2d(
                    input_shape=(4, 5), weight=counted(4, 2, 2, 3), bias=counted(4),
                    **{**convolution, "padding": "same"},
                )
            ],
        ),
        "sum-pool": (
            plane, (2, 2, 2),
            [nir.SumPool2d(numpy.array([2, 2]), numpy.array([2, 2]), numpy.array([0, 0]))],
        ),
        "average-pool": (
            plane, (2, 2, 3),
            [nir.AvgPool2d(numpy.array([2, 2]), numpy.array([2, 2]), numpy.array([0, 1]))],
        ),
        "flatten": (
            plane, (40,),
            [nir.Flatten(start_dim=0, end_dim=-1, input_type={"input": numpy.array(plane)})],
        ),
        "flatten-part": (
            plane, (2, 20),
            [nir.Flatten(start_dim=1, end_dim=2, input_type={"input": numpy.array(plane)})],
        ),
    }  # fmt: skip


def integrate(count):
    return nir.IF(
        r=full((count,), 1), v_threshold=full((count,), 1), v_reset=full((count,), 0)
    )


def classifier(metadata=None):
    """A network that a program can carry once its neurons subtract."""
    random = numpy.random.default_rng(common.SEED)

    def matrix(*shape):
        return random.normal(0, 0.4, shape).astype(numpy.float32)

    nodes = [
        nir.Affine(weight=matrix(6, 4), bias=matrix(6)), integrate(6),
        nir.Affine(weight=matrix(5, 6), bias=matrix(5)), integrate(5),
        nir.Linear(weight=matrix(3, 5)),
    ]  # fmt: skip
    return chain((4,), (3,), nodes, metadata)


def residual(**edges):
    graph = classifier()
    graph.nodes["n2"] = nir.Affine(weight=counted(6, 6), bias=counted(6))
    graph.nodes["n3"] = integrate(6)
    graph.nodes["n4"] = nir.Linear(weight=counted(3, 6))
    graph.edges = [*graph.edges, ("n1", "n3")]
    return graph


def nested():
    inner = chain((6,), (6,), [nir.Scale(scale=full((6,), 2)), integrate(6)])
    return chain((4,), (6,), [nir.Linear(weight=counted(6, 4)), inner])


# Files that stay byte for byte as nir writes them.
AS_WRITTEN = ("classifier", "if")


def packed(path):
    """nir compresses every array by itself and writes texts of variable length, which takes
    kilobytes each; here arrays stand as they are and texts have fixed lengths."""

    def copy(source, target):
        for name, item in source.items():
            if isinstance(item, h5py.Group):
                copy(item, target.create_group(name))
                continue
            data = item[()]
            if item.dtype == object:
                data = numpy.array(data.astype("S") if item.shape else numpy.bytes_(data))
            target.create_dataset(name, data=data)

    content = path.read_bytes()
    with h5py.File(io.BytesIO(content)) as source, h5py.File(path, "w", libver="latest") as target:
        copy(source, target)


def write(folder, name, graph):
    nir.write(folder / f"{name}.nir", graph)
    if name not in AS_WRITTEN:
        packed(folder / f"{name}.nir")


def edited(name, graph, change):
    write(REFUSED, name, graph)
    with h5py.File(REFUSED / f"{name}.nir", "r+") as file:
        change(file["node"])


def refused():
    REFUSED.mkdir()
    cycle = classifier()
    cycle.edges = [*cycle.edges, ("n3", "n2x")]
    cycle.nodes["n2x"] = nir.Linear(weight=counted(6, 5))
    cycle.edges = [*cycle.edges, ("n2x", "n1")]
    write(REFUSED, "recurrent", cycle)

    def unknown_field(node):
        node["nodes/n0/trick"] = 1

    def unknown_type(node):
        del node["nodes/n0/type"]
        node["nodes/n0/type"] = "Magic"

    def missing_field(node):
        del node["nodes/n1/v_threshold"]

    def edge(source, target):
        def change(node):
            edges = [tuple(row) for row in node["edges"][()]]
            del node["edges"]
            node.create_dataset(
                "edges", data=[*edges, (source, target)], dtype=h5py.string_dtype()
            )

        return change

    def not_finite(node):
        node["nodes/n0/weight"][0, 0] = numpy.nan

    def zero_threshold(node):
        node["nodes/n1/v_threshold"][...] = 0

    edited("unknown-field", classifier(), unknown_field)
    edited("unknown-type", classifier(), unknown_type)
    edited("missing-field", classifier(), missing_field)
    edited("edge-to-nowhere", classifier(), edge("n0", "n9"))
    edited("edge-twice", classifier(), edge("n0", "n1"))
    edited("into-input", classifier(), edge("n0", "input"))
    edited("not-finite", classifier(), not_finite)
    edited("zero-threshold", classifier(), zero_threshold)
    wrong = classifier()
    wrong.nodes["output"] = nir.Output({"output": numpy.array((4,))})
    write(REFUSED, "wrong-output", wrong)
    same = nir.Conv2d(
        input_shape=(4, 4), weight=counted(4, 2, 3, 3), bias=counted(4), stride=(2, 2),
        padding="same", dilation=(1, 1), groups=1,
    )  # fmt: skip
    write(REFUSED, "same-stride", chain((2, 4, 4), (4, 2, 2), [same]))


def generate():
    common.empty_directory(common.NIR)
    MODELS.mkdir()
    for name, node in neurons().items():
        write(MODELS, name, chain((3,), (3,), [node]))
    for name, (shape, output, nodes) in layers().items():
        write(MODELS, name, chain(shape, output, nodes))
    write(MODELS, "classifier", classifier())
    write(
        MODELS, "classifier-stated",
        classifier({"reset_mode": "subtract", "dt": 1.0, "producer": "synapack"}),
    )  # fmt: skip
    write(MODELS, "residual", residual())
    write(MODELS, "nested", nested())
    refused()
