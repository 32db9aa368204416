"""loihi1 against `LoihiBlock.utilization()` of nengo-loihi."""

import collections

import numpy
from nengo_loihi.block import Axon, LoihiBlock, Synapse

from .ours import Chip

NAMES = {"compartments": "compartments", "input axons": "in-axons", "synapse bits": "synapses",
         "output axons": "out-axons"}


def compare(command, layers, random):
    chip = Chip(command, "loihi1")
    capacities = {entry["name"]: entry["capacity"] for entry in chip.cores()["resources"]}
    differences = []
    for _ in range(layers):
        neurons = random.randint(1, 1024)
        block = LoihiBlock(neurons)
        axons = collections.Counter()
        inputs = 0
        for _ in range(random.randint(1, 3)):
            sources = random.randint(1, 200)
            width = random.randint(1, neurons)
            synapse = Synapse(sources)
            synapse.set_weights(numpy.ones((sources, width), dtype=numpy.float32))
            block.add_synapse(synapse)
            axons[width] += sources
            inputs += sources
        # One axon a neuron for each core that hears it, as blocks are connected when they are split.
        cores = random.randint(1, 6)
        for _ in range(cores):
            axon = Axon(neurons)
            axon.target = Synapse(neurons)
            block.add_axon(axon)
        text = ";".join(f"{width}:{count}" for width, count in sorted(axons.items()))
        amounts, _ = chip.amounts(
            neurons=neurons, in_axons=inputs, senders=neurons * cores, axons=text)
        for ours, theirs in NAMES.items():
            used, most = block.utilization()[theirs]
            if (amounts[ours], capacities[ours]) != (used, most):
                differences.append(f"{ours} of {neurons} neurons, axons {text}: "
                                   f"{amounts[ours]} of {capacities[ours]}, not {used} of {most}")
    return layers, differences
