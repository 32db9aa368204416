"""sPyNNaker's mapping of layers on a virtual board of 48 chips."""

import collections
import contextlib
import multiprocessing
import os
import pathlib
import tempfile
from concurrent.futures import ProcessPoolExecutor

from bundle_reader.geometry import product

# sPyNNaker asks for a configuration at home, and writes reports where it runs.
CONFIGURATION = "[Machine]\nvirtual_board = True\nversion = 5\n[Mode]\nmode = Production\n"
CELL = {"tau_m": 1.0, "cm": 1.0, "tau_refrac": 0.0, "i_offset": 0.0, "v_reset": 0.0,
        "v_thresh": 5.0}
STEPS = 4


class Mapping:
    """Where the layers came to lie: `slices` are the neurons of each slice, by layer; `cores` one
    (x, y, core) a slice; `entries` the most that a router holds; `delays` the ticks of the ring
    buffers, by layer; `memory` the bytes of each chip. Of each layer's fullest core, `rows` are the
    (synapses of a row, rows of a slice of the source, slices of it) of each projection, and `bytes`
    what they take."""

    def __init__(self, populations, view):
        self.slices, self.cores = collections.defaultdict(list), []
        for place in view.iterate_placemements():
            population = place.vertex.app_vertex
            if population is not None:
                self.slices[population.label].append(place.vertex.vertex_slice.n_atoms)
                self.cores.append((place.x, place.y, place.p))
        self.entries = max(
            (table.number_of_entries for table in view.get_uncompressed()), default=0)
        self.delays = {one.label: one._vertex.max_delay_steps for one in populations}
        self.memory = [chip.sdram for chip in view.get_machine().chips]
        self.rows, self.bytes = {}, {}
        for one in populations:
            most = max(self.slices[one.label])
            self.rows[one.label] = [rows(link, most) for link in one._vertex.incoming_projections]
            self.bytes[one.label] = one._vertex.get_synapses_size(most)


def rows(projection, neurons):
    """(synapses of a row, rows of a slice of the source, slices of it) to a core of `neurons`."""
    edge = projection._projection_edge
    source = edge.pre_vertex
    longest = edge.post_vertex.get_max_row_info(
        projection._synapse_information, neurons, edge).undelayed_max_n_synapses
    atoms = min(source.get_max_atoms_per_core(), source.n_atoms)
    return longest, atoms, -(-source.n_atoms // atoms)


@contextlib.contextmanager
def virtual_board():
    """`mapped` in a process with a home of its own, where nobody reads what sPyNNaker prints."""
    with (tempfile.TemporaryDirectory() as home,
          ProcessPoolExecutor(1, multiprocessing.get_context("fork"), settle, (home,)) as process):
        yield lambda *arguments: process.submit(mapped, *arguments).result()


def settle(home):
    os.environ["HOME"] = home
    pathlib.Path(home, ".spynnaker.cfg").write_text(CONFIGURATION, encoding="utf-8")
    os.chdir(home)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def mapped(inputs, layers):
    """The mapping of `layers`, {label: (shape, tile, links)}; `None` where the board has no place.

    A shape is (neurons,) or (columns, rows, channels). A tile is how many of each lie on a core,
    `None` for the default of the tool, which is for a list of neurons. Links are pairs (label,
    (source neuron, target neuron) of each connection or `None` for all with all).
    """
    # These look for their configuration as they are loaded.
    import pyNN.spiNNaker as simulator
    from pacman.exceptions import PacmanPlaceException
    from pyNN.space import Grid3D
    from spynnaker.pyNN.data import SpynnakerDataView

    simulator.setup(timestep=1.0, min_delay=1.0)
    source = simulator.SpikeSourceArray(spike_times=[[1.0]] * inputs)
    populations = {"input": simulator.Population(inputs, source, label="input")}
    for label, (shape, tile, links) in layers.items():
        options = {}
        if tile:
            options = {"neurons_per_core": tile, "structure": Grid3D(
                aspect_ratioXY=shape[0] / shape[1], aspect_ratioXZ=shape[0] / shape[2])}
        populations[label] = simulator.Population(
            product(shape), simulator.extra_models.IFTruncDelta(**CELL), label=label,
            additional_parameters={"max_expected_summed_weight": [50, 50]}, **options)
        for before, pairs in links:
            connector = simulator.AllToAllConnector() if pairs is None else \
                simulator.FromListConnector([(*pair, 1.0, 1.0) for pair in pairs])
            simulator.Projection(populations[before], populations[label], connector,
                                 simulator.StaticSynapse(weight=1.0, delay=1.0))
    try:
        simulator.run(STEPS)
    except PacmanPlaceException:
        return None
    result = Mapping([populations[label] for label in layers], SpynnakerDataView)
    simulator.end()
    return result
