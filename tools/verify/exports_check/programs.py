"""Draws small programs: dense, convolutional and residual networks with biases of both signs."""

import dataclasses

from bundle_reader.geometry import planes, product, slide

TICKS = (8, 12, 16, 24, 32, 64)
IF = (0, 1)


@dataclasses.dataclass
class Profile:
    """About what a target carries; one program in `stray` is drawn from everything."""

    schedules: tuple = ("WAVEFRONT", "TICK", "STAGGERED", "ACCUMULATE")
    payloads: tuple = (IF, (-1, 1), (0, 3), (0, 15), (-7, 7))
    resets: tuple = ("SUBTRACT", "ZERO")
    # Whether all layers of a program have one reset.
    one_reset: bool = False
    inputs: tuple = ("current", "poisson", "events")
    negative: tuple = (False, True)
    input_bits: tuple = (2, 4, 8)
    weight_bits: tuple = (2, 4, 6, 8, 16)
    scopes: tuple = ("layer", "channel", "neuron")
    # The last layer of a residual kind hears an earlier one as well, or the input.
    kinds: tuple = ("dense", "convolution", "residual", "dense-residual")
    membranes: tuple = (10, 16, 24, 32)
    ticks: tuple = TICKS
    leak: bool = True
    memory: bool = True
    start: bool = True
    relays: bool = True
    discards: bool = True
    integrator: tuple = (False, True)
    groups: bool = True
    dilation: bool = True
    is_square: bool = False
    # Whether padding behind is that in front.
    is_even: bool = False
    # Thresholds as parts of a layer's scale.
    thresholds: tuple = (6, 2)
    # Thresholds that no tick passes twice.
    is_quiet: bool = False
    largest_weight: int = 1 << 15
    layers: tuple = (1, 2, 3)
    stray: int = 0


class Draw:
    """One program drawn with a seeded generator."""

    def __init__(self, profile, chance):
        self.chance = chance
        strays = profile.stray and chance.randrange(profile.stray) == 0
        self.profile = Profile() if strays else profile
        self.populations, self.connections = [], []

    def pick(self, values):
        return self.chance.choice(values)

    def program(self):
        profile = self.profile
        self.ticks = self.pick(profile.ticks)
        self.kind = self.pick(profile.kinds)
        is_dense = self.kind.startswith("dense")
        self.shape = [self.pick((3, 6, 10))] if is_dense else [
            self.pick((1, 2)), self.pick((4, 5)), self.pick((4, 6))]
        port = self.port()
        self.payloads = profile.payloads if len(profile.payloads) == 1 else [
            self.pick(profile.payloads)]
        self.resets = [self.pick(profile.resets)] if profile.one_reset else profile.resets
        joins = self.kind.endswith("residual")
        count = max(2, self.pick(profile.layers)) if joins else self.pick(profile.layers)
        last = 0
        for number in range(1, count + 1):
            earlier = self.chance.randrange(number) if joins and number == count else None
            layer = self.dense if is_dense else self.plane
            last = layer(last, self.size(last), earlier=earlier)
        self.dense(last, self.size(last), is_last=True)
        self.connections.sort(key=lambda one: (one["target"], one["source"]))
        schedule = self.pick(profile.schedules)
        decoding = "COUNT" if self.populations[-1]["firing"] else "MEMBRANE"
        discards = self.pick((0, 0, 0, 2)) if profile.discards else 0
        return {
            "timesteps": self.ticks, "schedule": schedule,
            "delay": self.pick((0, 1, 3)) if schedule == "STAGGERED" else 0, "input": port,
            "populations": self.populations, "connections": self.connections,
            "readout": {"population": len(self.populations) - 1, "decoding": decoding,
                        "unit": 1.0, "discards": discards},
        }

    def size(self, source):
        return self.populations[source - 1]["shape"] if source else self.shape

    def port(self):
        kind, negative = self.pick(self.profile.inputs), self.pick(self.profile.negative)
        bits = self.pick(self.profile.input_bits)
        port = {"name": "x", "shape": self.shape, "ticks": 0}
        if kind == "current":
            port["constant_current"] = {"bits": bits, "negative": negative, "scale": 1.0}
        elif kind == "poisson":
            port["poisson"] = {"negative": negative, "scale": 1.0, "seed": 1}
            bits = 1 + negative
        else:
            port["events"] = {"bits": bits, "negative": negative, "scale": 1.0}
        most = (1 << (bits - negative)) - 1
        self.range = (-most if negative else 0, most)
        self.varies = kind != "current"
        return port

    def samples(self, count):
        """Inputs for the program drawn before, a dense one and sparse ones."""
        size = product(self.shape) * (self.ticks if self.varies else 1)
        result = []
        for number in range(count):
            density = self.pick((0.1, 0.4)) if number else 1.0
            result.append([
                self.chance.randint(*self.range) if self.chance.random() < density else 0
                for _ in range(size)])
        return result

    def weights(self, shape, fan_in):
        bits = self.pick(self.profile.weight_bits)
        most = min((1 << (bits - 1)) - 1, self.pick((20, 1 << 15)), self.profile.largest_weight)
        density = self.pick((0.3, 1.0))
        values = [
            self.chance.randint(-most, most) if self.chance.random() < density else 0
            for _ in range(product(shape))]
        # Enough drive to fire: half of what inhibits excites instead.
        values = [abs(value) if self.chance.random() < 0.5 else value for value in values]
        rows = len(values) // shape[0]
        self.reach = max(1, *(
            sum(max(0, value) for value in values[row * rows:(row + 1) * rows])
            for row in range(shape[0])))
        self.scale = max(2, int(most * max(1, self.range[1] if self.first else 1) * fan_in ** 0.5))
        return {"weights": {"shape": shape, "values": values}, "weight_bits": bits}

    def dense(self, source, shape, earlier=None, is_last=False):
        outputs = self.pick((3, 5)) if is_last else self.pick((4, 8))
        self.first = source == 0
        links = [self.matrix(source, outputs, shape)]
        if earlier is not None:
            links.append(self.joined(self.matrix, earlier, outputs, self.size(earlier)))
        integrates = is_last and self.pick(self.profile.integrator)
        return self.add([outputs], links, fires=not integrates)

    def matrix(self, source, outputs, shape):
        inputs = product(shape)
        return {"source": source, "relays": [], **self.weights([outputs, inputs], inputs)}

    def joined(self, make, source, outputs, shape):
        """Another connection; the layer's scale and reach are those of both."""
        scale, reach, self.first = self.scale, self.reach, source == 0
        link = make(source, outputs, shape)
        self.scale, self.reach = int((scale ** 2 + self.scale ** 2) ** 0.5), reach + self.reach
        return link

    def window(self, kernel, dilates):
        stride = [self.pick((1, 1, 2)), self.pick((1, 1, 2))]
        dilation = [self.pick((1, 1, 2)) if dilates else 1] * 2
        padding = [self.pick((0, 1)) for _ in range(4)]
        names = ("kernel_y", "kernel_x", "stride_y", "stride_x", "dilation_y", "dilation_x",
                 "padding_top", "padding_left", "padding_bottom", "padding_right")
        return dict(zip(names, [*kernel, *stride, *dilation, *padding]), overhang_y=0, overhang_x=0)

    def plane(self, source, shape, earlier=None):
        """In residual networks every plane keeps rows and columns."""
        self.first = source == 0
        channels, height, width = planes(shape)
        relays, keeps = [], self.kind == "residual"
        if self.profile.relays and not keeps and self.pick((0, 0, 1)):
            relay = self.window([2, 2], False)
            relay.update(stride_y=2, stride_x=2)
            if fits(relay, height, width):
                relays, (height, width) = [relay], slide(Record(relay), height, width)
        while True:
            kernel = [self.pick((1, 2, 3)), self.pick((1, 2, 3))]
            window = self.window(kernel, self.profile.dilation)
            if self.profile.is_square:
                square(window, self.pick((1, 3)), self.pick((1, 1, 2)), self.pick((0, 1)))
            if self.profile.is_even:
                window.update(padding_bottom=window["padding_top"],
                              padding_right=window["padding_left"])
            if keeps:
                keep(window)
            if fits(window, height, width):
                break
        groups = channels if self.profile.groups and self.pick((0, 0, 1)) else 1
        outputs = groups * self.pick((1, 2, 3))
        rows, columns = slide(Record(window), height, width)
        kernel = [window["kernel_y"], window["kernel_x"]]
        shape = [outputs, channels // groups, *kernel]
        link = {"source": source, **self.weights(shape, product(shape[1:]))}
        link.update(relays=relays, convolution={"window": window, "groups": groups})
        links = [link]
        if earlier is not None:
            links.append(self.joined(self.point, earlier, outputs, self.size(earlier)))
        return self.add([outputs, rows, columns], links)

    def point(self, source, outputs, shape):
        """A convolution of single cells."""
        channels = planes(shape)[0]
        window = self.window([1, 1], False)
        keep(window)
        weights = self.weights([outputs, channels, 1, 1], channels)
        return {"source": source, "relays": [], **weights,
                "convolution": {"window": window, "groups": 1}}

    def add(self, shape, links, fires=True):
        profile = self.profile
        lowest, highest = self.pick(self.payloads)
        bits = self.pick(profile.membranes)
        ceiling = (1 << (bits - 1)) - 1
        scale = min(self.scale, ceiling)
        firing = None
        if fires:
            firing = {
                "lowest_payload": lowest, "highest_payload": highest,
                "memory": lowest < 0 and profile.memory and self.pick((False, True)),
                "reset": self.pick(self.resets),
                "leak_shift": self.pick((0, 0, 3)) if profile.leak else 0,
            }
        counts = {"layer": 1, "channel": shape[0], "neuron": product(shape)}

        def parameter(low, high):
            count = counts[self.pick(profile.scopes)]
            return [self.chance.randint(low, max(low, high)) for _ in range(count)]

        bias = max(1, scale // 8)
        lowest_threshold = max(1, scale // profile.thresholds[0])
        if profile.is_quiet:
            bias = max(1, self.reach // 8)
            lowest_threshold = self.reach + bias
            scale = self.reach * 3 // 2 + bias
        highest_threshold = max(1, scale // profile.thresholds[1])
        self.populations.append({
            "name": f"layer{len(self.populations)}", "shape": shape, "firing": firing,
            "thresholds": parameter(lowest_threshold, highest_threshold),
            "biases": parameter(-bias, bias),
            "initial": parameter(-bias, bias) if profile.start else [0],
            "membrane_floor": -ceiling - 1, "membrane_ceiling": ceiling, "bias_bits": 32,
        })
        index = len(self.populations)
        self.connections += [{"target": index - 1, **link} for link in links]
        return index


def square(window, kernel, stride, same):
    """The same on both axes; with padding only where a kernel of three cells needs it."""
    padding = same if kernel == 3 and stride == 1 else 0
    stride = stride if kernel == 3 else 1
    for axis in "yx":
        window.update({f"kernel_{axis}": kernel, f"stride_{axis}": stride})
    for side in ("top", "left", "bottom", "right"):
        window[f"padding_{side}"] = padding


def keep(window):
    """As many rows and columns as there were: odd kernels, and padding in front and behind."""
    for axis, before, behind in (("y", "top", "bottom"), ("x", "left", "right")):
        kernel = window[f"kernel_{axis}"] | 1
        reach = window[f"dilation_{axis}"] * (kernel - 1) // 2
        window.update({f"kernel_{axis}": kernel, f"stride_{axis}": 1, f"padding_{before}": reach,
                       f"padding_{behind}": reach})


class Record:
    """A dictionary's members as attributes."""

    def __init__(self, members):
        self.__dict__ = members


def fits(window, height, width):
    reach = (window["dilation_y"] * (window["kernel_y"] - 1) + 1,
             window["dilation_x"] * (window["kernel_x"] - 1) + 1)
    return (height + window["padding_top"] + window["padding_bottom"] >= reach[0]
            and width + window["padding_left"] + window["padding_right"] >= reach[1])
