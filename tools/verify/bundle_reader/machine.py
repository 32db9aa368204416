"""The spiking machine of part 3, in plain Python: slow, but read next to the page."""

import struct
import zlib

from . import geometry


class Relay:
    """A window of ones over each channel."""

    def __init__(self, window, shape):
        self.channels, height, width = shape
        self.cells = height * width
        self.taps = geometry.taps(window, height, width)
        rows, columns = geometry.slide(window, height, width)
        self.shape = (self.channels, rows, columns)

    def pass_on(self, payloads):
        plane = self.shape[1] * self.shape[2]
        result = [0] * (self.channels * plane)
        for cell, payload in enumerate(payloads):
            if payload:
                channel, place = divmod(cell, self.cells)
                for _, output in self.taps[place]:
                    result[channel * plane + output] += payload
        return result


class Synapses:
    """The relays and weights between two populations."""

    def __init__(self, connection, source_shape, target_shape, weights):
        self.source, self.target = connection.source, connection.target
        self.relays = []
        shape = geometry.planes(source_shape)
        for window in connection.relays:
            self.relays.append(Relay(window, shape))
            shape = self.relays[-1].shape
        outputs, *rest = connection.weights.shape
        if connection.convolution:
            self.cells = shape[1] * shape[2]
            self.plane = geometry.product(geometry.planes(target_shape)[1:])
            self.taps = geometry.taps(connection.convolution.window, *shape[1:])
            groups = connection.convolution.groups
            self.columns = columns(weights, outputs, rest[0], geometry.product(rest[1:]), groups)
        else:
            # A dense map is a kernel of one cell on planes of one cell.
            self.cells = self.plane = 1
            self.taps = [[(0, 0)]]
            self.columns = columns(weights, outputs, rest[0], 1, 1)

    def add(self, payloads, sums):
        """Adds Σ w·s to `sums`, from the payloads that are not zero."""
        for relay in self.relays:
            payloads = relay.pass_on(payloads)
        for cell, payload in enumerate(payloads):
            if not payload:
                continue
            channel, place = divmod(cell, self.cells)
            column = self.columns[channel]
            for k, output in self.taps[place]:
                for first, weight in column[k]:
                    sums[first * self.plane + output] += weight * payload


def columns(weights, outputs, depth, area, groups):
    """For each input channel and cell of the kernel: (output channel, weight) that is not zero."""
    result = [[[] for _ in range(area)] for _ in range(depth * groups)]
    per_group = outputs // groups
    position = 0
    for output in range(outputs):
        first = output // per_group * depth
        for channel in range(first, first + depth):
            for k in range(area):
                if weights[position]:
                    result[channel][k].append((output, weights[position]))
                position += 1
    return result


class Population:
    """The neurons of one population and what they keep from tick to tick."""

    def __init__(self, message, parameters):
        self.firing = message.firing
        self.floor, self.ceiling = message.membrane_floor, message.membrane_ceiling
        self.thresholds = parameters.expand("thresholds")
        self.biases = parameters.expand("biases")
        self.initial = parameters.expand("initial")
        self.reset()

    def reset(self):
        self.membranes = list(self.initial)
        self.totals = [0] * len(self.initial)
        self.payloads = [0] * len(self.initial)

    def step(self, sums, has_bias, is_open):
        """One tick of an awake population."""
        leak = self.firing.leak_shift if self.firing else 0
        for n, v in enumerate(self.membranes):
            if leak:
                v -= v >> leak
            v += sums[n] + (self.biases[n] if has_bias else 0)
            v = max(self.floor, min(self.ceiling, v))
            s = self.fire(n, v) if self.firing and is_open else 0
            if s:
                v = v - s * self.thresholds[n] if self.firing.reset == "SUBTRACT" else 0
            self.membranes[n] = v
            self.payloads[n] = s
            self.totals[n] += s

    def fire(self, n, v):
        firing = self.firing
        s = max(firing.lowest_payload, min(firing.highest_payload, v // self.thresholds[n]))
        return max(s, -self.totals[n]) if firing.memory else s

    def record(self):
        packed = struct.pack(f"<{len(self.membranes)}i", *self.membranes)
        spikes = sum(1 for s in self.payloads if s)
        return spikes, sum(self.payloads), zlib.crc32(packed)


class Machine:
    """A program ready to run."""

    def __init__(self, program, weights, parameters, clock):
        self.program, self.clock = program, clock
        self.populations = [
            Population(message, values) for message, values in zip(program.populations, parameters)
        ]
        shapes = [program.input.shape] + [message.shape for message in program.populations]
        self.incoming = [[] for _ in self.populations]
        for connection, values in zip(program.connections, weights):
            ends = shapes[connection.source], shapes[connection.target + 1]
            self.incoming[connection.target].append(Synapses(connection, *ends, values))

    def run(self, inputs):
        """(scores, records of each population) of one vector."""
        for population in self.populations:
            population.reset()
        records = [[] for _ in self.populations]
        readout = self.program.readout
        # Discarded ticks end where the readout's window, its last T ticks, begins to count.
        last = self.clock.ends[readout.population] - self.clock.ticks + readout.discards - 1
        warm = None
        before = [[0] * len(population.payloads) for population in self.populations]
        for tick in range(max(self.clock.ends)):
            for index, population in enumerate(self.populations):
                if self.clock.is_awake(index, tick):
                    self.step(index, tick, inputs, before)
                    records[index].append(population.record())
                else:
                    population.payloads = [0] * len(population.payloads)
            before = [list(population.payloads) for population in self.populations]
            if readout.discards and tick == last:
                warm = self.scores()
        scores = self.scores()
        if warm:
            scores = tuple(score - early for score, early in zip(scores, warm))
        return scores, records

    def step(self, index, tick, inputs, before):
        population, clock = self.populations[index], self.clock
        sums = [0] * len(population.membranes)
        for synapses in self.incoming[index]:
            if synapses.source:
                source = synapses.source - 1
                payloads = before[source] if clock.travel else self.populations[source].payloads
                synapses.add(payloads, sums)
            elif tick < (self.program.input.ticks or clock.ticks):
                size = geometry.product(self.program.input.shape)
                first = tick * size if len(inputs) > size else 0
                synapses.add(inputs[first : first + size], sums)
        population.step(sums, clock.has_bias(index, tick), clock.is_open(index, tick))

    def scores(self):
        population = self.populations[self.program.readout.population]
        if self.program.readout.decoding == "MEMBRANE":
            return tuple(population.membranes)
        return tuple(population.totals)
