"""Maps an exported network on sPyNNaker's virtual board and holds its lists against the files.

    python -m exports_check.board FOLDER        in the environment of sPyNNaker; prints one line of JSON
"""

import json
import os
import pathlib
import sys
import tempfile

import numpy

from .recording import network

CONFIGURATION = "[Machine]\nvirtual_board = True\nversion = 5\n[Mode]\nmode = Production\n"


def prepare(home):
    """sPyNNaker asks for a configuration at home, and writes reports where it runs."""
    os.environ["HOME"] = home
    for name in ("spynnaker.cfg", ".spynnaker.cfg"):
        (pathlib.Path(home) / name).write_text(CONFIGURATION, encoding="utf-8")
    os.chdir(home)


def listed(path):
    """[source, target, weight, delay] of a file, read without PyNN."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return numpy.array([list(map(float, line.split())) for line in lines if line[0] != "#"])


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    answers, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")
    with tempfile.TemporaryDirectory() as home:
        prepare(home)
        import pyNN.spiNNaker as sim

        connectors, shifts = {}, []
        reader, cell = sim.FromFileConnector, sim.Population

        def connector(file):
            connectors[pathlib.Path(file)] = reader(file)
            return connectors[pathlib.Path(file)]

        def population(*arguments, **named):
            made = cell(*arguments, **named)
            if "additional_parameters" in named:
                shifts.extend(made._vertex.get_ring_buffer_shifts())
            return made

        sim.FromFileConnector, sim.Population = connector, population
        cores = network(folder).place()
        different = [
            path.name for path, made in connectors.items()
            if not numpy.array_equal(numpy.asarray(made.conn_list, dtype=float), listed(path))]
    print(json.dumps({
        "cores": len(cores), "chips": len({(x, y) for _, x, y, _ in cores}),
        "connections": int(sum(len(made.conn_list) for made in connectors.values())),
        "different": different, "largestShift": max(map(int, shifts)),
    }), file=answers)


if __name__ == "__main__":
    main()
