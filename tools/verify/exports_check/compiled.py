"""Compiles an exported network with its vendor's own tool, for the chip itself.

    python -m exports_check.compiled FOLDER     in the environment of the tool; prints one line
"""

import os
import pathlib
import sys
import tempfile
import warnings

import numpy

from .recording import network

# sPyNNaker asks for a configuration at home, and writes reports where it runs.
CONFIGURATION = "[Machine]\nvirtual_board = True\nversion = 5\n[Mode]\nmode = Production\n"


def akida(folder):
    """Mapped to the virtual device, all in hardware."""
    loaded = network(folder)
    program = loaded.compile("network.fbz")
    size = pathlib.Path("network.fbz").stat().st_size
    return f"{loaded.description['device']}: {len(program)} bytes of program, {size} of network.fbz"


def paicore(folder):
    graph = network(folder).compile("chip")
    size = pathlib.Path("chip", "config_all.bin").stat().st_size
    return f"PAICORE: {graph['n_core_required']} cores, {size} bytes of config_all.bin"


def spinnaker(folder):
    """Mapped on a virtual board; what sPyNNaker makes of the lists is held against the files."""
    for name in ("spynnaker.cfg", ".spynnaker.cfg"):
        pathlib.Path(name).write_text(CONFIGURATION, encoding="utf-8")
    import pyNN.spiNNaker as sim

    connectors, shifts = [], []
    taker, cell = sim.FromListConnector, sim.Population

    def connector(*arguments, **named):
        connectors.append(taker(*arguments, **named))
        return connectors[-1]

    def population(*arguments, **named):
        made = cell(*arguments, **named)
        if "additional_parameters" in named:
            shifts.extend(made._vertex.get_ring_buffer_shifts())
        return made

    sim.FromListConnector, sim.Population = connector, population
    loaded = network(folder)
    cores = loaded.place()
    for projection, made in zip(loaded.description["projections"], connectors, strict=True):
        rows = listed(folder / projection["file"])
        assert numpy.array_equal(numpy.asarray(made.conn_list, dtype=float), rows), projection
    # Whole numbers stay whole.
    assert max(shifts) <= 15
    count = sum(len(made.conn_list) for made in connectors)
    return (f"SpiNNaker: {len(cores)} cores of {len({(x, y) for _, x, y, _ in cores})} chips, "
            f"{count} connections as in the files")


def listed(path):
    """[source, target, weight, delay] of a file, read without PyNN."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return numpy.array([list(map(float, line.split())) for line in lines if line[0] != "#"])


COMPILERS = {"akida1": akida, "akida1.5": akida, "akida2": akida, "paicore": paicore,
             "spinnaker": spinnaker}


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    answers, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HOME"] = scratch
        os.chdir(scratch)
        print(COMPILERS[folder.name](folder), file=answers)


if __name__ == "__main__":
    main()
