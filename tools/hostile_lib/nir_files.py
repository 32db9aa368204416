"""NIR files whose graphs run in circles, lack parts, or lie about their sizes."""

import pathlib
import struct

from . import hdf5_parts as hdf5
from . import nir_parts as nir
from .case import cut, single
from .nir_parts import edges, ends, floats, graph, integers, linear, model_file, named, node, text

FAMILY = "nir"
FILE = "model.nir"
MODELS = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "nir" / "models"
HUGE = 1 << 62
PAIR = [("input", "n"), ("n", "output")]


def single_node(build, inputs=(3,), outputs=(3,)):
    """A network of one node between its ends."""
    return model_file(graph({**ends(inputs, outputs), "n": build}, PAIR))


def roots():
    yield "good", "the file that the others are made from is read", model_file()
    empty = hdf5.File()
    yield "no-node", "a file without a graph", empty.finish(empty.group())
    yield "graph-is-dataset", "numbers in the place of the graph", model_file(integers(1))
    yield "no-type", "a graph without a type", model_file(named(
        {"nodes": named(ends()), "edges": edges([("input", "output")])}))
    yield "other-type", "a graph of another type", model_file(graph(type=text("Graph")))
    yield "type-is-number", "a type that is a number", model_file(graph(type=integers(1)))
    yield "type-list", "a type of two texts", model_file(graph(type=edges([("a", "b")])))
    yield "type-empty", "a type of no characters", model_file(graph(type=text("\0")))
    yield "type-not-utf-8", "a type that is no UTF-8", model_file(graph(type=text(b"\xff\xfe")))
    yield "no-nodes", "a graph without its list of nodes", model_file(named(
        {"type": text("NIRGraph"), "edges": edges([("input", "output")])}))
    yield "no-edges", "a graph without its list of edges", model_file(named(
        {"type": text("NIRGraph"), "nodes": named(ends())}))
    yield "nodes-is-dataset", "numbers in the place of the nodes", model_file(
        graph(nodes=integers(1)))
    yield "edges-is-group", "a group in the place of the edges", model_file(
        graph(links=named({})))
    yield "unknown-field", "a field that graphs do not have", model_file(
        graph(secret=integers(1)))
    yield "empty-graph", "a graph of no nodes", model_file(graph({}, edges([], hdf5.dataspace([0, 2]))))
    yield "version-number", "a version that is a number", model_file(version=integers(1))
    yield "metadata-reset", "metadata that ask for an unknown reset", model_file(
        graph(metadata=named({"reset_mode": text("explode")})))
    yield "metadata-step", "metadata with a time step of -1", model_file(
        graph(metadata=named({"dt": text("-1")})))
    yield "metadata-control", "metadata that clear the terminal", model_file(
        graph(metadata=named({"reset_mode": text("\x1b[2J")})))
    yield "metadata-unused", "metadata of 100,000 characters that nothing reads", model_file(
        graph(metadata=named({"note": text("x" * 100_000)})))


def circles():
    def lines(count, *pairs):
        nodes = {f"n{index}": linear(weight=floats([3, 3], nir.WEIGHT[:36]))
                 for index in range(count)}
        return model_file(graph({**ends((3,), (3,)), **nodes}, [*pairs, ("input", "n0"),
                                                          (f"n{count - 1}", "output")]))

    yield "edge-to-itself", "a node that reads itself", lines(1, ("n0", "n0"))
    yield "edges-circle", "two nodes that read each other", lines(
        2, ("n0", "n1"), ("n1", "n0"))
    yield "edges-circle-long", "a circle of fifty nodes", lines(
        50, *((f"n{index}", f"n{(index + 1) % 50}") for index in range(50)))
    file = hdf5.File()
    place = file.next_address()
    file.group(hdf5.link("type", place), hdf5.link("nodes", place), hdf5.link("edges", place))
    yield "graph-itself", "a graph that is its own list of nodes", file.finish(
        file.group(hdf5.link("node", place)))
    file = hdf5.File()
    kind, list_of_edges = text("NIRGraph")(file), edges([("a", "b")])(file)
    # The list of nodes comes first and holds the graph behind it.
    list_place = file.next_address()
    members = hdf5.header([*hdf5.group_messages(), hdf5.link("a", 0)])
    graph_place = list_place + len(members) + -len(members) % 8
    file.add(hdf5.header([*hdf5.group_messages(), hdf5.link("a", graph_place)]))
    file.group(hdf5.link("type", kind), hdf5.link("nodes", list_place),
               hdf5.link("edges", list_of_edges))
    yield "subgraph-itself", "a graph whose node is the graph", file.finish(
        file.group(hdf5.link("node", graph_place)))
    deep = graph({**ends((3,), (3,))}, [("input", "output")])
    for _ in range(60):
        deep = graph({**ends((3,), (3,)), "n": deep}, PAIR)
    yield "subgraphs-deep", "60 graphs within each other", model_file(deep)

    def shared(file):
        """Twenty levels of graphs, each of which holds the one below it twice."""
        inner = graph({**ends((3,), (3,))}, [("input", "output")])(file)
        for _ in range(20):
            inner = graph({**ends((3,), (3,)), "a": lambda _, at=inner: at, "b": lambda _, at=inner: at},
                          [("input", "a"), ("a", "b"), ("b", "output")])(file)
        return inner

    yield "subgraphs-doubled", "two graphs in each, twenty levels deep: 10^6 nodes", model_file(
        shared)


def edge_lists():
    def list_of(pairs, space=None):
        return model_file(graph(links=edges(pairs, space)))

    good = [("input", "fc"), ("fc", "output")]
    yield "edges-three", "edges of three ends", list_of([*good, ("fc", "output")],
                                                        hdf5.dataspace([2, 3]))
    yield "edges-flat", "edges in one row", list_of(good, hdf5.dataspace([4]))
    yield "edges-huge", "2^62 edges", list_of(good, hdf5.dataspace([HUGE, 2]))
    yield "edges-wrap", "2^63 edges, whose ends are 0 in 64 bits", list_of(
        good, hdf5.dataspace([1 << 63, 2]))
    yield "edges-more", "more edges than are stored", list_of(good, hdf5.dataspace([3, 2]))
    yield "edges-numbers", "edges that are numbers", model_file(graph(links=floats(
        [1, 2], nir.WEIGHT[:8])))
    yield "edge-unknown", "an edge from a node that does not exist", list_of(
        [*good, ("ghost", "output")])
    yield "edge-empty", "an edge between nodes without names", list_of([("", ""), *good])
    yield "edge-twice", "an edge that stands twice", list_of([*good, good[0]])
    yield "edge-into-input", "an edge into the input", list_of([*good, ("fc", "input")])
    yield "edge-out-of-output", "an edge out of the output", list_of([*good, ("output", "fc")])
    yield "edge-missing", "a node that nothing leads into", list_of([("fc", "output")])
    yield "edges-none", "no edges", list_of([], hdf5.dataspace([0, 2]))
    yield "edge-control", "an edge that clears the terminal", list_of(
        [*good, ("\x1b[2J", "output")])
    yield "edges-100-000", "100,000 edges of one name", list_of([("input", "fc")] * 100_000)


def nodes():
    def shaped(shape, inputs="Input"):
        return model_file(graph({**ends(), "input": node(inputs, shape=shape), "fc": linear()}))

    yield "two-inputs", "two inputs", model_file(graph(
        {**ends(), "second": node("Input", shape=integers(4)), "fc": linear()}))
    yield "no-input", "no input", model_file(graph(
        {"output": node("Output", shape=integers(3)), "fc": linear()}, [("fc", "output")]))
    yield "no-output", "no output", model_file(graph(
        {"input": node("Input", shape=integers(4)), "fc": linear()}, [("input", "fc")]))
    yield "shape-missing", "an input without a shape", model_file(graph(
        {**ends(), "input": node("Input"), "fc": linear()}))
    yield "shape-empty", "an input of no cells", shaped(integers(0))
    yield "shape-negative", "an input of -4 cells", shaped(integers(-4))
    yield "shape-huge", "an input of 2^62 cells", shaped(integers(HUGE))
    yield "shape-wraps", "2^32 times 2^32 cells are 0 in 64 bits", shaped(
        integers(1 << 32, 1 << 32))
    yield "shape-ones", "an input of 9 axes", shaped(integers(4, *[1] * 8))
    yield "shape-floats", "a shape of real numbers", shaped(floats([1], struct.pack("<f", 4)))
    yield "shape-text", "a shape that is a text", shaped(text("4"))
    yield "shape-other", "an input of another shape than the layer takes", shaped(integers(5))
    yield "node-unknown", "a node of a type that does not exist", single_node(node("Oscillator"))
    yield "node-no-type", "a node without a type", single_node(named({"weight": integers(1)}))
    yield "node-is-dataset", "numbers in the place of a node", single_node(integers(1))
    yield "node-unknown-field", "a field that its type does not have", single_node(
        linear(weight=floats([3, 3], nir.WEIGHT[:36]), secret=integers(1)))
    yield "node-name-control", "a node whose name clears the terminal", model_file(graph(
        {**ends(), "\x1b[2J": linear()}, [("input", "\x1b[2J"), ("\x1b[2J", "output")]))
    yield "node-name-slash", "a node whose name is a path", model_file(graph(
        {**ends(), "../fc": linear()}, [("input", "../fc"), ("../fc", "output")]))
    yield "node-name-long", "a node with a name of 10,000 characters", model_file(graph(
        {**ends(), "n" * 10_000: linear()},
        [("input", "n" * 10_000), ("n" * 10_000, "output")]))
    yield "nodes-1000", "1,000 nodes that nothing leads into", model_file(graph(
        {**ends(), "fc": linear(), **{f"n{index}": node("Flatten") for index in range(1000)}}))


def weights():
    def matrix(build):
        return model_file(graph({**ends(), "fc": node("Linear", weight=build)}))

    yield "weight-missing", "a layer without a weight", model_file(graph(
        {**ends(), "fc": node("Linear")}))
    yield "weight-vector", "a weight of one axis", matrix(floats([12], nir.WEIGHT))
    yield "weight-turned", "a weight of [4, 3]", matrix(floats([4, 3], nir.WEIGHT))
    yield "weight-empty", "a weight of no values", matrix(
        floats([0, 4], b"", hdf5.dataspace([0, 4])))
    yield "weight-huge", "a weight of 2^62 rows", matrix(
        floats([3, 4], nir.WEIGHT, hdf5.dataspace([HUGE, 4])))
    yield "weight-wraps", "2^32 times 2^32 values are 0 in 64 bits", matrix(
        floats([3, 4], nir.WEIGHT, hdf5.dataspace([1 << 32, 1 << 32])))
    yield "weight-more", "13 values of which 12 are stored", matrix(
        floats([3, 4], nir.WEIGHT, hdf5.dataspace([13])))
    yield "weight-nan", "a weight that is not a number", matrix(
        floats([3, 4], struct.pack("<f", float("nan")) + nir.WEIGHT[4:]))
    yield "weight-infinite", "a weight without end", matrix(
        floats([3, 4], nir.WEIGHT[:-4] + struct.pack("<f", float("inf"))))
    yield "weight-text", "a weight that is a text", matrix(text("0.5"))
    yield "weight-group", "a group in the place of a weight", matrix(named({}))
    yield "bias-long", "a bias of four values for three outputs", model_file(graph(
        {**ends(), "fc": node("Affine", weight=floats([3, 4], nir.WEIGHT),
                              bias=floats([4], nir.WEIGHT[:16]))}))


def neurons():
    def values(*numbers):
        return floats([len(numbers)], struct.pack(f"<{len(numbers)}f", *numbers))

    def firing(**fields):
        return single_node(node("LIF", **{
            "tau": values(0.02), "r": values(1), "v_leak": values(0), "v_threshold": values(1),
            "v_reset": values(0), **fields}))

    yield "neuron-good", "three leaky neurons are read", firing()
    for name, reason, fields in (
        ("tau-zero", "a time constant of zero", {"tau": values(0)}),
        ("tau-negative", "a time constant below zero", {"tau": values(-1)}),
        ("tau-nan", "a time constant that is not a number", {"tau": values(float("nan"))}),
        ("tau-tiny", "a time constant below the time step", {"tau": values(1e-30)}),
        ("tau-two", "two time constants for three neurons", {"tau": values(0.02, 0.02)}),
        ("tau-none", "no time constants", {"tau": floats([0], b"", hdf5.dataspace([0]))}),
        ("tau-text", "a time constant that is a text", {"tau": text("long")}),
        ("threshold-infinite", "a threshold without end", {"v_threshold": values(float("inf"))}),
        ("r-huge", "a resistance that is infinite with the rest", {"r": values(3e38)}),
    ):
        yield f"neuron-{name}", reason, firing(**fields)
    yield "integrator-zero", "a threshold of zero", single_node(node(
        "IF", r=values(1), v_threshold=values(0), v_reset=values(0)))
    yield "integrator-no-gain", "a resistance of zero", single_node(node(
        "IF", r=values(0), v_threshold=values(1), v_reset=values(0)))
    yield "delay-negative", "a delay of -1", single_node(node("Delay", delay=values(-1)))
    yield "delay-huge", "a delay of 10^30 seconds", single_node(node("Delay", delay=values(1e30)))
    yield "delay-nan", "a delay that is not a number", single_node(
        node("Delay", delay=values(float("nan"))))

    def convolution(**fields):
        return single_node(node("Conv1d", **{
            "weight": floats([1, 1, 3], nir.WEIGHT[:12]), "stride": integers(1),
            "padding": integers(0), "dilation": integers(1), "groups": integers(1),
            "bias": floats([1], nir.WEIGHT[:4]), "input_shape": integers(3), **fields}),
            (1, 3), (1, 1))

    yield "convolution-good", "a convolution over a line is read", convolution()
    for name, reason, fields in (
        ("stride-0", "a stride of zero", {"stride": integers(0)}),
        ("stride-huge", "a stride of 2^62", {"stride": integers(HUGE)}),
        ("dilation-huge", "a dilation of 2^62", {"dilation": integers(HUGE)}),
        ("padding-negative", "a padding of -2^62", {"padding": integers(-HUGE)}),
        ("padding-word", "a padding that does not exist", {"padding": text("everything")}),
        ("groups-0", "no groups", {"groups": integers(0)}),
        ("groups-huge", "2^62 groups", {"groups": integers(HUGE)}),
    ):
        yield f"convolution-{name}", reason, convolution(**fields)
    for name, start, end in (("huge", 0, HUGE), ("reversed", 1, 0), ("negative", -HUGE, -1)):
        yield f"flatten-{name}", f"axes from {start} to {end} are flattened", single_node(
            node("Flatten", start_dim=integers(start), end_dim=integers(end)))


def cases():
    table = [*roots(), *circles(), *edge_lists(), *nodes(), *weights(), *neurons()]
    found = single(FAMILY, FILE, table)
    found += cut(model_file(), FAMILY, FILE, 8)
    # As nir writes it, with symbol tables and texts in a heap.
    return found + [
        type(case)(case.name.replace("nir/cut", "nir/written-cut"), case.reason, case.files,
                   case.arguments)
        for case in cut((MODELS / "classifier.nir").read_bytes(), FAMILY, FILE, 8)]
