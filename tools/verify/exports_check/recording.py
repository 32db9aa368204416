"""Runs the loaders of exported programs in the environment of their reader, and records spikes."""

import importlib.util
import json
import os
import pathlib
import sys
import traceback
import types
import warnings

import numpy

from bundle_reader.bundle import Bundle
from bundle_reader.geometry import product

# Modules for vendors' ones that need a board or a chip; behind all others.
sys.path.append(str(pathlib.Path(__file__).parent / "stand_in"))


def without_torch():
    """netx asks for modules of torch that nothing of an exported chain needs."""
    for name in ("netx.sequential_modules", "slayer", "slayer.neuron", "slayer.neuron.rf"):
        module = types.ModuleType(f"lava.lib.dl.{name}")
        module.__file__ = os.devnull
        sys.modules[module.__name__] = module
    module.neuron_params = None


def frames(bundle, vector):
    """The input's payloads, [ticks, neurons]."""
    port = bundle.program.input
    inputs = numpy.array(vector["inputs"]).reshape(-1, product(port.shape))
    ticks = port.ticks or bundle.program.timesteps
    return inputs if len(inputs) == ticks else numpy.repeat(inputs, ticks, axis=0)


def loader(folder):
    """The export's own loader, as a module."""
    without_torch()
    specification = importlib.util.spec_from_file_location(
        f"load_{folder.parent.name}", folder / "load.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def network(folder):
    """What the export's own loader makes of its files; NIR's equations of a file without one."""
    if folder.is_file():
        from . import paper
        return paper.Network(folder)
    module = loader(folder)
    file = folder / "network.nir"
    return module.Network(str(file if file.exists() else folder))


def taken(loaded, payloads):
    """What a loader takes, or refuses without its place, though it is no sample; or nothing."""
    def changed(value):
        wrong = payloads.astype(float)
        wrong[-1, -1] = value
        return wrong

    place = f"in tick {len(payloads) - 1} of neuron {payloads.shape[1] - 1} "
    wrongs = [(changed(value), place) for value in (1 << 40, -1 << 40, 0.5, numpy.nan)]
    wrongs += [(payloads.reshape(-1)[:-1], "of shape"), (payloads.astype(str), "of shape"),
               (numpy.concatenate([payloads, payloads]), "of shape")]
    for wrong, words in wrongs:
        try:
            loaded.run(wrong)
        except ValueError as error:
            if words not in str(error):
                return f"{error!r} does not say {words!r}"
        else:
            return f"frames of shape {wrong.shape} that end in {wrong.reshape(-1)[-1]} are taken"
    return None


def record(place, output):
    """Writes the spikes of every vector; returns what is wrong with the scores or with what the loader
    takes, or nothing."""
    bundle = Bundle((place / "program.synapack").read_bytes())
    loaded = network(place / output)
    trains = {}
    for number, vector in enumerate(bundle.vectors):
        scores, spikes = loaded.run(frames(bundle, vector))
        for name, train in spikes.items():
            trains.setdefault(name, []).append(train)
        if list(scores) != list(vector["scores"]):
            return f"vector {number}: scores {list(scores)}, not {list(vector['scores'])}"
    # The paper's equations are ours, not a file of the export.
    wrong = type(loaded).__module__.startswith("load_") and taken(
        loaded, frames(bundle, bundle.vectors[0]))
    if wrong:
        return wrong
    numpy.savez(place / "recording.npz", **{name: numpy.stack(t) for name, t in trains.items()})
    return None


def main(record=record):
    """Prints for each place what `record` finds wrong, or nothing."""
    warnings.simplefilter("ignore")
    output, *places = sys.argv[1:]
    # Readers print what they like; only the last lines are ours.
    answers, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")
    for place in places:
        try:
            difference = record(pathlib.Path(place), output)
        except Exception:
            difference = traceback.format_exc()
        print(json.dumps([place, difference]), file=answers, flush=True)


if __name__ == "__main__":
    main()
