"""The neurons of a Xylo as its chip file says them, in integers of any size.

A neuron has one synaptic current and one membrane. In each tick both decay by a shift, current and
bias are added to the membrane, and while that is at its threshold a spike is sent and the threshold
subtracted, up to the most spikes of a tick. Hidden neurons hear the input in its tick; they and the
outputs hear hidden spikes in the tick after.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Numbers:
    """Of the chip file: spikes a tick of an input channel, of a hidden and of an output neuron, and
    bits of a weight, of a bias and of a state."""

    input_spikes: int
    hidden_spikes: int
    output_spikes: int
    weight_bits: int
    bias_bits: int
    state_bits: int


@dataclasses.dataclass(frozen=True)
class Layer:
    """Neurons: thresholds, biases and the shifts of membranes and currents, a list each."""

    thresholds: list
    biases: list
    membrane_shifts: list
    current_shifts: list


@dataclasses.dataclass(frozen=True)
class Network:
    """Weights [from, to] of the input, of the hidden layer to itself and to the outputs, each
    shifted left by a number of its own."""

    hidden: Layer
    outputs: Layer
    weights: tuple
    shifts: tuple


def kept(value, bits):
    """A state that saturates."""
    return max(-(1 << (bits - 1)), min((1 << (bits - 1)) - 1, value))


def decayed(value, shift):
    """Every state but zero loses one at least."""
    loss = value >> shift
    return value - (loss or (value > 0) - (value < 0))


class Run:
    """A layer in a run."""

    def __init__(self, layer, most, bits):
        self.layer, self.most, self.bits = layer, most, bits
        self.currents = [0] * len(layer.thresholds)
        self.membranes = [0] * len(layer.thresholds)

    def hear(self, spikes, most, weights, shift):
        """Spike by spike, as each addition saturates."""
        for row, count in zip(weights, spikes):
            for neuron, weight in enumerate(row):
                for _ in range(min(count, most)):
                    self.currents[neuron] = kept(
                        self.currents[neuron] + (weight << shift), self.bits)

    def step(self):
        """The spikes of each neuron."""
        return [self.fire(neuron) for neuron in range(len(self.currents))]

    def fire(self, neuron):
        current = decayed(self.currents[neuron], self.layer.current_shifts[neuron])
        before = self.membranes[neuron]
        loss = decayed(before, self.layer.membrane_shifts[neuron]) - before
        change = kept(kept(loss + current, self.bits) + self.layer.biases[neuron], self.bits)
        membrane, threshold = kept(before + change, self.bits), self.layer.thresholds[neuron]
        spikes = min(self.most, max(0, membrane // threshold))
        self.currents[neuron], self.membranes[neuron] = current, membrane - spikes * threshold
        return spikes


def evolved(network, raster, numbers):
    """(spikes, membranes) of all hidden neurons and then all outputs, a list of each tick."""
    hidden = Run(network.hidden, numbers.hidden_spikes, numbers.state_bits)
    outputs = Run(network.outputs, numbers.output_spikes, numbers.state_bits)
    sent, spikes, membranes = [0] * len(network.hidden.thresholds), [], []
    for frame in raster:
        most = (numbers.input_spikes, numbers.hidden_spikes, numbers.hidden_spikes)
        heard = ((hidden, frame), (hidden, sent), (outputs, sent))
        for (layer, trains), cap, weights, shift in zip(
                heard, most, network.weights, network.shifts):
            layer.hear(trains, cap, weights, shift)
        sent, last = hidden.step(), outputs.step()
        spikes.append(sent + last)
        membranes.append(hidden.membranes + outputs.membranes)
    return spikes, membranes
