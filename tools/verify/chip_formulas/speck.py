"""speck2f, speck2e and dynap-cnn against sinabs: memories of layers, core memories, matching."""

import importlib.util
import math
import pathlib
import sys
import types

from .ours import Chip
from .stand_ins import stand_in

FOLDER = "sinabs/backend/dynapcnn"


def modules():
    """dynapcnn_layer, mapping and chips.dynapcnn without the package around them."""
    stand_in("torch", "samna", "sinabs.layers", "pbr")
    root = next(pathlib.Path(path) for path in sys.path
                if (pathlib.Path(path) / FOLDER).is_dir())
    for name in ("sinabs", "sinabs.backend", "sinabs.backend.dynapcnn",
                 "sinabs.backend.dynapcnn.chips"):
        package = types.ModuleType(name)
        package.__path__ = [str(root / name.replace(".", "/"))]
        sys.modules[name] = package
    for name in ("discretize", "dvs_layer", "config_builder", "exceptions"):
        sys.meta_path[0].roots += (f"sinabs.backend.dynapcnn.{name}",)
    loaded = {}
    for name in ("dynapcnn_layer", "mapping", "chips.dynapcnn"):
        full = f"sinabs.backend.dynapcnn.{name}"
        path = root / FOLDER / (name.replace(".", "/") + ".py")
        spec = importlib.util.spec_from_file_location(full, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
        loaded[name] = module
    return loaded


def layer(module, random):
    """A layer that answers memory_summary, and our counts of it."""
    c, f = random.randint(1, 300), random.randint(1, 300)
    k, stride, padding = random.randint(1, 16), random.choice([1, 2, 4, 8]), random.randint(0, 7)
    side = random.randint(max(1, k - 2 * padding), 128)
    has_bias = random.random() < 0.5
    result = module.DynapcnnLayer.__new__(module.DynapcnnLayer)
    weight = types.SimpleNamespace(data=types.SimpleNamespace(shape=(f, c, k, k)))
    convolution = types.SimpleNamespace(
        weight=weight, bias=[0] * f if has_bias else None, out_channels=f, kernel_size=(k, k),
        stride=(stride, stride), padding=(padding, padding), dilation=(1, 1))
    result.__dict__.update(conv=convolution, in_shape=(c, side, side), pool=[(1, 1)])
    type(result).conv_layer = property(lambda self: self.__dict__["conv"])
    out = (side + 2 * padding - k) // stride + 1
    counts = {"c": c, "f": f, "kx": k, "ky": k, "ox": out, "oy": out, "has_bias": int(has_bias)}
    return result, counts


def compare(command, layers, random):
    loaded = modules()
    random_layers = [layer(loaded["dynapcnn_layer"], random) for _ in range(layers)]
    differences = []
    constraints = loaded["chips.dynapcnn"].DynapcnnConfigBuilder.get_constraints()
    theirs = sorted((one.kernel_memory, one.neuron_memory, one.bias_memory)
                    for one in constraints)
    for name in ("speck2f", "speck2e", "dynap-cnn"):
        chip = Chip(command, name)
        described = chip.cores()
        bias = next(entry["capacity"] for entry in described["resources"]
                    if entry["name"] == "bias entries")
        ours = sorted((kind["capacities"]["kernel entries"], kind["capacities"]["neuron entries"],
                       bias) for kind in described["cores"] for _ in range(kind["count"]))
        if ours != theirs:
            differences.append(f"{name}: cores {ours}, not {theirs}")
        for one, counts in random_layers:
            amounts, _ = chip.amounts(**counts)
            summary = one.memory_summary()
            for key, resource in (("kernel", "kernel entries"), ("neuron", "neuron entries"),
                                  ("bias", "bias entries")):
                if amounts[resource] != math.floor(summary[key]):
                    differences.append(
                        f"{name}: {resource} of {counts}: {amounts[resource]}, not {summary[key]}")
    return 3 * layers, differences
