"""What sPyNNaker's cores compute, as its C sources state it, for the calls that an export makes.

neuron_model_if_trunc.h, input_type_delta.h, threshold_type_static.h and neuron_impl_standard.h:
in each step what arrives is added, the membrane is kept at or above v_reset, compared with v >= v_thresh
and set to v_reset; what is recorded of v is the membrane before the step. Numbers are s16.15, receptors
take what their ring buffers hold: 16 bits of 2**(shift - 15).
"""

import math
import types

import numpy

ONE = 1 << 15
populations, projections = [], []


def setup(timestep, min_delay):
    assert timestep == min_delay == 1.0
    populations.clear()
    projections.clear()


def end():
    pass


def StaticSynapse():
    return None


def accum(values):
    """s16.15; what does not fit or is no multiple of its last bit is a mistake of the export."""
    scaled = numpy.asarray(values, dtype=numpy.float64) * ONE
    assert (scaled == numpy.rint(scaled)).all() and (abs(scaled) < 1 << 31).all()
    return scaled.astype(numpy.int64)


class SpikeSourceArray:
    def __init__(self, spike_times):
        self.spike_times = spike_times


class IFTruncDelta:
    def __init__(self, tau_m, cm, tau_refrac, i_offset, v_reset, v_thresh):
        assert tau_m == cm == 1.0 and tau_refrac == i_offset == 0.0
        self.v_reset, self.v_thresh = accum(v_reset), accum(v_thresh)


extra_models = types.SimpleNamespace(IFTruncDelta=IFTruncDelta)


class FromListConnector:
    """from_list_connector.py: every row has a source, a target and what the columns name."""

    def __init__(self, conn_list, column_names=("weight", "delay")):
        self.rows = numpy.array(conn_list)
        assert self.rows.ndim == 2, "each tuple must have the same number of elements"
        assert self.rows.shape[1] == 2 + len(column_names)
        assert list(column_names) == ["weight", "delay"]
        assert (self.rows[:, 3] == 1).all()


class FromFileConnector(FromListConnector):
    """from_file_connector.py with PyNN's StandardTextFile, which reads one row as no list."""

    def __init__(self, file):
        super().__init__(numpy.loadtxt(file))


def ring_shift(most):
    """population_vertex.py, get_ring_buffer_shifts."""
    power = 0 if most <= 0 else math.ceil(max(0, math.log2(most)))
    return power + 1 if 2 ** power <= most else power


class Population:
    def __init__(self, size, cell, label, additional_parameters=None):
        self.size, self.cell, self.label = size, cell, label
        self.is_source = isinstance(cell, SpikeSourceArray)
        self.spikes = [[] for _ in range(size)]
        self.membranes = []
        if self.is_source:
            self.times = cell.spike_times or [[]] * size
        else:
            sums = additional_parameters["max_expected_summed_weight"]
            self.shifts = [ring_shift(most) for most in sums]
        populations.append(self)

    def initialize(self, v):
        self.v = numpy.zeros(self.size, dtype=numpy.int64) + accum(v)

    def record(self, name):
        assert name in ("spikes", "v")

    def get_data(self, name):
        trains = [numpy.array(times, dtype=float) for times in self.spikes]
        values = numpy.array(self.membranes) / ONE
        segment = types.SimpleNamespace(spiketrains=trains, filter=lambda name: [values])
        return types.SimpleNamespace(segments=[segment])

    def fire(self, step, arriving):
        """The neurons that send in a step, of what both receptors' ring buffers hold."""
        if self.is_source:
            return numpy.array([step in times for times in self.times])
        self.membranes.append(self.v.copy())
        sums = [buffer << shift for buffer, shift in zip(arriving, self.shifts)]
        self.v = numpy.maximum(self.v + sums[0] - sums[1], self.cell.v_reset)
        fired = self.v >= self.cell.v_thresh
        self.v = numpy.where(fired, self.cell.v_reset, self.v)
        for neuron in numpy.flatnonzero(fired):
            self.spikes[neuron].append(step)
        return fired


class Projection:
    def __init__(self, source, target, connector, synapse, receptor_type):
        self.source, self.target = source, target
        self.receptor = ("excitatory", "inhibitory").index(receptor_type)
        rows = connector.rows
        weights = rows[:, 2]
        assert (weights > 0).all() if self.receptor == 0 else (weights < 0).all()
        # Fixed point of the ring buffer, 16 bits.
        scaled = abs(weights) * 2.0 ** (15 - target.shifts[self.receptor])
        assert (scaled == numpy.rint(scaled)).all() and (scaled < 1 << 16).all()
        pairs = rows[:, :2].astype(int)
        assert len(set(map(tuple, pairs.tolist()))) == len(pairs)
        self.matrix = numpy.zeros((source.size, target.size), dtype=numpy.int64)
        self.matrix[pairs[:, 0], pairs[:, 1]] = scaled.astype(numpy.int64)
        projections.append(self)


def run(steps):
    fired = {population: numpy.zeros(population.size, dtype=bool) for population in populations}
    for step in range(steps):
        arriving = {
            population: numpy.zeros((2, population.size), dtype=numpy.int64)
            for population in populations}
        for projection in projections:
            arriving[projection.target][projection.receptor] += (
                fired[projection.source].astype(numpy.int64) @ projection.matrix)
        for buffers in arriving.values():
            assert (buffers < 1 << 16).all()
        fired = {population: population.fire(step, arriving[population])
                 for population in populations}
