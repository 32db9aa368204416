"""Records spikes with the second reader's machine and holds `replay --against` against them."""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import urllib.parse

import nir
import numpy

from bundle_reader.bundle import Bundle
from bundle_reader.machine import Machine

ROUNDS = 5
FOUND = 1
REFUSED = 3


def trains(bundle):
    """The payloads of each firing population by name, [samples, ticks of its window, neurons]."""
    machine = Machine(bundle.program, bundle.weights, bundle.parameters, bundle.clock)
    sent = [[] for _ in machine.populations]
    for index, population in enumerate(machine.populations):
        record = population.record

        def recorded(population=population, index=index, record=record):
            sent[index].append(list(population.payloads))
            return record()

        population.record = recorded
    found = {}
    for vector in bundle.vectors:
        for ticks in sent:
            ticks.clear()
        machine.run(vector["inputs"])
        for index, message in enumerate(bundle.program.populations):
            if message.firing:
                found.setdefault(message.name, []).append(sent[index][-bundle.clock.ticks :])
    return {name: numpy.array(samples) for name, samples in found.items()}


def write_numpy(path, arrays):
    numpy.savez_compressed(path, **arrays)


def encoded(name):
    """The name of a node, in which HDF5 takes slashes for folders."""
    return urllib.parse.quote(name, safe="")


def write_gridded(path, arrays, naming=encoded):
    nodes = {
        naming(name): nir.NIRNodeData({"spikes": nir.TimeGriddedData(array, dt=1.0)})
        for name, array in arrays.items()
    }
    nir.write_data(path, nir.NIRGraphData(nodes))


def write_events(path, arrays):
    nodes = {}
    for name, array in arrays.items():
        samples, ticks, neurons = array.shape
        places = [numpy.argwhere(sample) for sample in array]
        most = max(1, *(len(place) for place in places))
        idx = numpy.full((samples, most), -1)
        time = numpy.full((samples, most), numpy.inf)
        value = numpy.zeros((samples, most), dtype=int)
        for sample, place in enumerate(places):
            idx[sample, : len(place)] = place[:, 1]
            time[sample, : len(place)] = place[:, 0] * 1e-3
            value[sample, : len(place)] = array[sample][tuple(place.T)]
        events = nir.ValuedEventData(idx, time, n_neurons=neurons, t_max=ticks * 1e-3, value=value)
        nodes[encoded(name)] = nir.NIRNodeData({"spikes": events})
    nir.write_data(path, nir.NIRGraphData(nodes))


def replay(command, bundle, recording):
    result = subprocess.run(
        [command, "replay", bundle, "--against", recording, "--json"],
        capture_output=True, text=True, check=False,
    )
    if result.returncode not in (0, FOUND, REFUSED):
        sys.exit(f"{recording}: status {result.returncode}: {result.stderr}")
    return result.returncode, json.loads(result.stdout)


def refuse_slashes(command, path, arrays, recording):
    """Names with slashes are refused with what to write, whichever folder they lead to."""
    refused = 0
    for naming in (str, lambda name: name.lstrip("/")):
        names = [naming(name) for name in arrays]
        if not any("/" in name for name in names):
            continue
        write_gridded(recording, arrays, naming)
        status, document = replay(command, path, recording)
        if status != REFUSED or "took the slashes of a name" not in document["message"]:
            sys.exit(f"{path}, {names}: {document}")
        refused += 1
    return refused


def main():
    command, *paths = sys.argv[1:]
    chance = random.Random(1)
    checks = wrong = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            bundle = Bundle(pathlib.Path(path).read_bytes())
            arrays = trains(bundle)
            if not arrays:
                continue
            for write, ending in (
                (write_numpy, ".npz"), (write_gridded, ".h5"), (write_events, ".h5"),
            ):
                recording = f"{folder}/{write.__name__}{ending}"
                write(recording, arrays)
                status, document = replay(command, path, recording)
                if status or document["compared"] != sum(a.size for a in arrays.values()):
                    sys.exit(f"{path}, {write.__name__}: {document}")
                checks += 1
                for _ in range(ROUNDS):
                    name = chance.choice(sorted(arrays))
                    place = tuple(chance.randrange(size) for size in arrays[name].shape)
                    changed = {key: array.copy() for key, array in arrays.items()}
                    changed[name][place] += 1
                    write(recording, changed)
                    status, document = replay(command, path, recording)
                    sample, tick, neuron = place
                    message = document["findings"][0]["message"] if document["findings"] else ""
                    words = f"sample {sample} differs first here, neuron {neuron}, tick {tick} of"
                    if status != FOUND or not message.startswith(words):
                        sys.exit(f"{path}, {write.__name__}, seed 1, {name}{place}: {document}")
                    wrong += 1
            refused += refuse_slashes(command, path, arrays, f"{folder}/slashes.h5")
    if refused == 0:
        sys.exit("no bundle has layers with slashes in their names")
    print(f"followed: {checks} recordings; {wrong} wrong numbers found at their place; "
          f"{refused} refused, whose names are folders")


if __name__ == "__main__":
    main()
