"""xylo-audio2, xylo-audio3 and xylo-imu against rockpool's mappers: neurons, outputs and inputs.

What a mapper refuses or warns of must pass a limit of ours, and the other way round. That 128
neurons at most stand beside the input and the outputs, and fan-out, is only held when rockpool fills
the hardware's configuration, for which it needs the maker's closed driver: neither is compared.
"""

import importlib
import pathlib
import sys
import types
import warnings

import numpy

from .ours import Chip
from .stand_ins import stand_in

PACKAGE = "rockpool.devices.xylo"
# The chip, the maker's number for it, its hidden and output neurons to draw around.
CHIPS = (("xylo-audio2", "syns61201", 1000, 8), ("xylo-audio3", "syns65302", 992, 32),
         ("xylo-imu", "syns63300", 496, 16))
COMPARED = ("hidden neurons", "output neurons", "input channels")


def modules():
    """The graph module and the mappers without the packages around them."""
    stand_in("scipy", "torch", "samna", "jax", "matplotlib", "rockpool.typehints",
             "rockpool.parameters", "rockpool.utilities")
    root = next(pathlib.Path(path) for path in sys.path if (pathlib.Path(path) / "rockpool").is_dir())
    numbers = [number for _, number, _, _ in CHIPS] + ["syns61300"]
    for name in ("rockpool", "rockpool.devices", PACKAGE, *(f"{PACKAGE}.{one}" for one in numbers)):
        package = types.ModuleType(name)
        package.__path__ = [str(root / name.replace(".", "/"))]
        sys.modules[name] = package
    backends = importlib.import_module("rockpool.utilities.backend_management")
    backends.backend_available = lambda *names: False
    graph = importlib.import_module("rockpool.graph")
    # Two of the mappers look for these in the package of the first.
    neurons = importlib.import_module(f"{PACKAGE}.syns61201.xylo_graph_modules")
    vars(sys.modules[f"{PACKAGE}.syns61201"]).update(
        {name: value for name, value in vars(neurons).items() if not name.startswith("__")})
    return graph, {number: importlib.import_module(f"{PACKAGE}.{number}.xylo_mapper")
                   for _, number, _, _ in CHIPS}


def network(graph, sizes):
    """Layers of such sizes, the first of them the input, each with all weights from the last."""
    parts = []
    for number, (before, size) in enumerate(zip(sizes, sizes[1:])):
        parts.append(graph.LinearWeights._factory(
            before, size, f"w{number}", None, numpy.ones((before, size))))
        parts.append(graph.LIFNeuronWithSynsRealValue._factory(
            size, size, f"n{number}", None, tau_mem=numpy.full(size, 0.02),
            tau_syn=numpy.full(size, 0.01), threshold=numpy.ones(size), bias=numpy.zeros(size),
            dt=1e-3))
    for left, right in zip(parts, parts[1:]):
        graph.connect_modules(left, right)
    return graph.GraphHolder(parts[0].input_nodes, parts[-1].output_nodes, "net", None)


def refused(mapper, net):
    """What the mapper says against a network; None where it maps it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            mapper.mapper(net)
        except mapper.DRCError as error:
            return str(error)
    said = [str(one.message) for one in caught if "input channels" in str(one.message)]
    return said[0] if said else None


def compare(command, layers, random):
    graph, mappers = modules()
    compared, differences = 0, []
    for name, number, hidden, outputs in CHIPS:
        chip = Chip(command, name)
        capacities = {entry["name"]: entry["capacity"] for entry in chip.cores()["resources"]}
        for _ in range(layers):
            # Half of the draws lie within a few of the most.
            total = random.choice([random.randint(2, hidden), hidden + random.randint(-2, 2)])
            first = random.randint(1, total - 1)
            last = random.choice([random.randint(1, outputs), outputs + random.randint(0, 1)])
            sizes = [random.choice([random.randint(1, 16), 17]), first, total - first, last]
            amounts = chip.amounts(
                inputs=sizes[0], hidden=total, outputs=last, layers=3, first_hidden=first,
                last_hidden=total - first)[0]
            ours = [one for one in COMPARED if amounts[one] > capacities[one]]
            theirs = refused(mappers[number], network(graph, sizes))
            compared += 1
            if bool(ours) != bool(theirs):
                differences.append(f"{name}, layers of {sizes}: {ours or 'fits'}, not {theirs}")
    return compared, differences
