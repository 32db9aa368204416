"""RANC's cores, tick by tick, from their memories alone.

As its Verilog has them: a core hears the packets that reached it in the tick before, integrates axon
after axon by the weight of the axon's type, adds leak, compares, resets, and sends a packet to one axon.
Potentials wrap at their width.
"""

import json
import pathlib


class Fields:
    """Reads a row from its most significant bit on."""

    def __init__(self, row):
        self.row, self.position = row, 0

    def unsigned(self, width):
        bits = self.row[self.position:self.position + width]
        assert len(bits) == width
        self.position += width
        return int(bits, 2)

    def signed(self, width):
        return wrapped(self.unsigned(width), width)


def wrapped(value, width):
    value &= (1 << width) - 1
    return value - (1 << width) if value >> (width - 1) else value


class Core:
    def __init__(self, folder, number, widths):
        self.types = [
            int(line, 2) for line in (folder / f"tc_{number:03}.mem").read_text().split()]
        self.potential = widths["POTENTIAL_WIDTH"]
        self.axon_width = (widths["NUM_AXONS"] - 1).bit_length()
        self.neurons = [
            self.neuron(Fields(line), widths)
            for line in (folder / f"csram_{number:03}.mem").read_text().split()]
        assert len(self.types) == widths["NUM_AXONS"]
        assert len(self.neurons) == widths["NUM_NEURONS"]
        self.v = [neuron["start"] for neuron in self.neurons]

    def neuron(self, row, widths):
        axons = widths["NUM_AXONS"]
        # The last axon stands first.
        connected = [row.unsigned(1) for _ in range(axons)][::-1]
        neuron = {"start": row.signed(self.potential), "reset": row.signed(self.potential)}
        weights = [row.signed(widths["WEIGHT_WIDTH"]) for _ in range(widths["NUM_WEIGHTS"])]
        neuron["leak"] = row.signed(widths["LEAK_WIDTH"])
        neuron["high"] = row.signed(widths["THRESHOLD_WIDTH"])
        neuron["low"] = row.signed(widths["THRESHOLD_WIDTH"])
        neuron["linear"] = row.unsigned(1)
        neuron["to"] = (row.signed(9), row.signed(9), row.unsigned(self.axon_width))
        assert row.unsigned(4) == 0 and row.position == len(row.row)
        neuron["synapses"] = {
            axon: weights[self.types[axon]] for axon in range(axons) if connected[axon]}
        return neuron

    def tick(self, heard):
        """The neurons that spike."""
        fired = []
        for number, neuron in enumerate(self.neurons):
            v = self.v[number] + neuron["leak"] + sum(
                weight for axon, weight in neuron["synapses"].items() if axon in heard)
            v = wrapped(v, self.potential)
            if v >= neuron["high"]:
                fired.append(number)
                v = v - neuron["high"] if neuron["linear"] else neuron["reset"]
            elif v < neuron["low"]:
                v = v - neuron["low"] if neuron["linear"] else neuron["reset"]
            self.v[number] = wrapped(v, self.potential)
        return fired


def run(folder, packets, steps):
    """Spikes and potentials [steps, neurons] of each core; packets of a tick are heard in it."""
    folder = pathlib.Path(folder)
    widths = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    count = widths["GRID_DIMENSION_X"]
    cores = [Core(folder, number, widths) for number in range(count)]
    spikes, potentials = [[] for _ in cores], [[] for _ in cores]
    travelling = [set() for _ in cores]
    for step in range(steps):
        for word in packets[step]:
            row = Fields(word)
            assert row.signed(9) == row.signed(9) == 0
            travelling[0].add(row.unsigned(cores[0].axon_width))
        heard, travelling = travelling, [set() for _ in cores]
        for number, core in enumerate(cores):
            fired = core.tick(heard[number])
            for neuron in fired:
                dx, dy, axon = core.neurons[neuron]["to"]
                assert dy == 0
                if number + dx < count:
                    travelling[number + dx].add(axon)
            spikes[number].append([int(one in fired) for one in range(len(core.neurons))])
            potentials[number].append(list(core.v))
    return spikes, potentials
