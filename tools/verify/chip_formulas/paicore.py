"""paicore2 against the cores that paibox's mapper requires for one dense layer."""

import contextlib
import io

import numpy
import paibox

from .ours import Chip


def required(inputs, neurons, bits):
    class Layer(paibox.Network):
        def __init__(self):
            super().__init__()
            self.source = paibox.InputProj(input=None, shape_out=(inputs,))
            self.neurons = paibox.IF((neurons,), threshold=10)
            weights = numpy.zeros((inputs, neurons), dtype=numpy.int8)
            # One weight at the end of the range, so that the mapper takes no narrower ones.
            weights[0, :] = -(1 << (bits - 1)) if bits > 1 else 1
            self.synapses = paibox.FullConn(
                self.source, self.neurons, weights, conn_type=paibox.SynConnType.All2All)

    # The mapper prints what it does.
    with contextlib.redirect_stdout(io.StringIO()):
        mapper = paibox.Mapper()
        mapper.clear()
        mapper.build(Layer())
        return mapper.compile()["n_core_required"]


def compare(command, layers, random):
    chip = Chip(command, "paicore2")
    capacity = next(entry["capacity"] for entry in chip.cores()["resources"]
                    if entry["name"] == "dendrites")
    differences = []
    for _ in range(layers):
        bits = random.choice([2, 4, 8])
        inputs, neurons = random.randint(1, 5000), random.randint(1, 700)
        one = chip.amounts(neurons=1, in_axons=inputs, weight_bits=bits)[0]["dendrites"]
        ours = -(-neurons // (capacity // one))
        theirs = required(inputs, neurons, bits)
        if ours != theirs:
            differences.append(f"{inputs} inputs, {neurons} neurons, {bits} bits: {ours} cores, "
                               f"not {theirs}")
    return layers, differences
