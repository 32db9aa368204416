"""The manifest: its fields, and the rules of the program that need no other section."""

from . import geometry
from .schema import MANIFEST
from .wire import CODE, Decoder

STRUCTURE = "SYN0401"
POPULATIONS = 4096
CONNECTIONS = 16384
RELAYS = 16
WEIGHTS = 1 << 30
NEURONS = 1 << 28
KERNEL_AREA = 1 << 24
LARGEST_EXTENT = 1 << 24
TIMESTEPS = 65536
LARGEST_DELAY = 1024
LARGEST_PAYLOAD = 32767
STEPS = ("kernel_y", "kernel_x", "stride_y", "stride_x", "dilation_y", "dilation_x")
MARGINS = (
    "padding_top", "padding_left", "padding_bottom", "padding_right", "overhang_y", "overhang_x"
)


def read_manifest(container):
    section = container.by_name["manifest"]
    manifest = Decoder(section, container.newer_minor).message(MANIFEST, 0, len(section.raw))
    Rules(section, "placement" in container.by_name).check(manifest)
    return manifest


class Rules:
    """The rules of part 2; each refusal names the message that breaks one."""

    def __init__(self, section, placed):
        self.section = section
        self.placed = placed
        self.weights = 0
        self.neurons = 0

    def require(self, condition, message, where, code=STRUCTURE):
        if not condition:
            self.section.fail(code, message, where.at)

    def within(self, value, least, most, what, where, code=STRUCTURE):
        message = f"{what} is {value}, not {least} to {most}"
        self.require(least <= value <= most, message, where, code)

    def limit(self, value, most, what, where):
        self.within(value, 0, most, what, where, CODE)

    def present(self, message, *names):
        for name in names:
            self.require(message[name] is not None, f"{name} is missing", message, CODE)

    def check(self, manifest):
        self.present(manifest, "program", "origin")
        expected = 4 if self.placed else 0
        self.within(
            manifest.placement_section, expected, expected, "placement_section", manifest, CODE
        )
        program = manifest.program
        self.present(program, "input", "readout")
        self.within(program.timesteps, 1, TIMESTEPS, "timesteps", program)
        if program.schedule == "STAGGERED":
            self.within(program.delay, 0, LARGEST_DELAY, "delay", program)
        else:
            self.limit(program.delay, 0, "delay", program)
        self.limit(len(program.populations), POPULATIONS, "the number of populations", program)
        self.limit(len(program.connections), CONNECTIONS, "the number of connections", program)
        self.check_input(program.input, program.timesteps)
        for population in program.populations:
            self.check_population(population)
        self.check_names(program)
        before = (0, 0)
        for connection in program.connections:
            before = self.check_connection(program, connection, before)
        last = len(program.populations) - 1
        readout = program.readout
        self.within(readout.population, 0, last, "the readout population", readout)
        self.within(readout.discards, 0, program.timesteps - 1, "discards", readout)
        if readout.exit:
            count = len(readout.exit.limits)
            self.within(count, program.timesteps, program.timesteps, "limits", readout)

    def check_names(self, program):
        names = set()
        for population in program.populations:
            self.require(population.name not in names, "two populations have a name", population)
            names.add(population.name)

    def check_shape(self, shape, where):
        self.within(len(shape), 1, 3, "the number of dimensions", where)
        self.require(all(shape), "a dimension is zero", where)
        self.count_neurons(geometry.product(shape), where)

    def count_neurons(self, count, where):
        self.neurons += count
        self.limit(self.neurons, NEURONS, "the number of neurons and relayed cells", where)

    def check_input(self, port, timesteps):
        given = [port.constant_current, port.poisson, port.events]
        encodings = [encoding for encoding in given if encoding]
        self.require(len(encodings) == 1, "not one encoding of the input", port, CODE)
        self.check_shape(port.shape, port)
        self.within(port.ticks, 0, timesteps - 1, "ticks of the input", port)
        encoding = encodings[0]
        if not port.poisson:
            self.within(encoding.bits, 2, 16, "bits of the input", encoding)
        self.require(encoding.scale > 0, "the scale is not positive", encoding)

    def check_population(self, population):
        self.present(population, "thresholds", "biases", "initial")
        self.check_shape(population.shape, population)
        floor, ceiling = population.membrane_floor, population.membrane_ceiling
        self.require(floor <= 0 <= ceiling, f"membranes of {floor} to {ceiling}", population)
        self.within(population.bias_bits, 2, 32, "bias_bits", population)
        firing = population.firing
        if firing:
            self.within(firing.lowest_payload, -LARGEST_PAYLOAD, 0, "lowest_payload", firing)
            self.within(firing.highest_payload, 1, LARGEST_PAYLOAD, "highest_payload", firing)
            self.within(firing.leak_shift, 0, 31, "leak_shift", firing)

    def check_connection(self, program, connection, before):
        self.present(connection, "weights")
        self.within(connection.target, 0, len(program.populations) - 1, "target", connection)
        self.within(connection.source, 0, connection.target, "source", connection)
        self.within(connection.weight_bits, 2, 16, "weight_bits", connection)
        order = (connection.target, connection.source)
        self.require(before <= order, "the connections are not in order", connection)
        shape = self.check_relays(connection, geometry.planes(source_shape(program, connection)))
        target = geometry.planes(program.populations[connection.target].shape)
        if connection.convolution:
            self.check_convolution(connection, shape, target)
        else:
            self.require(target[1:] == (1, 1), "dense weights lead to planes", connection)
            self.check_weights(connection, [target[0], geometry.product(shape)])
        return order

    def check_window(self, window):
        for name in STEPS:
            self.within(window[name], 1, LARGEST_EXTENT, name, window)
        for name in MARGINS:
            self.within(window[name], -LARGEST_EXTENT, LARGEST_EXTENT, name, window)

    def slide(self, window, shape):
        channels, height, width = shape
        height, width = geometry.slide(window, height, width)
        self.require(height > 0 and width > 0, "the window gives no cell", window)
        return channels, height, width

    def check_relays(self, connection, shape):
        """The planes behind the relays."""
        self.limit(len(connection.relays), RELAYS, "the number of relays", connection)
        area = 1
        for relay in connection.relays:
            area *= relay.kernel_y * relay.kernel_x
            self.limit(area, KERNEL_AREA, "the product of the relays' kernel areas", relay)
            self.check_window(relay)
            dilated = (relay.dilation_y, relay.dilation_x) != (1, 1)
            self.require(not dilated, "a relay has a dilation", relay)
            shape = self.slide(relay, shape)
            self.count_neurons(geometry.product(shape), relay)
        return shape

    def check_convolution(self, connection, shape, target):
        convolution = connection.convolution
        self.present(convolution, "window")
        window, groups = convolution.window, convolution.groups
        self.check_window(window)
        divides = groups > 0 and shape[0] % groups == 0 and target[0] % groups == 0
        self.require(divides, f"{groups} groups do not divide the channels", convolution)
        cells = self.slide(window, shape)[1:]
        message = f"the window gives {cells}, not {target[1:]}"
        self.require(cells == target[1:], message, convolution)
        kernel = [window.kernel_y, window.kernel_x]
        self.check_weights(connection, [target[0], shape[0] // groups, *kernel])

    def check_weights(self, connection, expected):
        weights = connection.weights
        message = f"the shape of weights is {weights.shape}, not {expected}"
        self.require(weights.shape == expected, message, weights)
        self.weights += geometry.product(expected)
        self.limit(self.weights, WEIGHTS, "the number of weights", weights)


def source_shape(program, connection):
    """0 is the input, k is population k − 1."""
    source = connection.source
    return program.populations[source - 1].shape if source else program.input.shape
