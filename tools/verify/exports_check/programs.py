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
    kinds: tuple = ("dense", "convolution", "residual")
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
    # Thresholds as parts of a layer's scale.
    thresholds: tuple = (3, 1)
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
        is_dense = self.kind == "dense"
        self.shape = [self.pick((3, 6, 10))] if is_dense else [
            self.pick((1, 2)), self.pick((4, 5)), self.pick((4, 6))]
        port = self.port()
        self.payloads = profile.payloads if len(profile.payloads) == 1 else [
            self.pick(profile.payloads)]
        self.resets = [self.pick(profile.resets)] if profile.one_reset else profile.resets
        last = self.plane(0, self.shape) if not is_dense else self.dense(0, self.shape)
        for _ in range(self.pick(profile.layers) - 1):
            last = self.dense(last, self.size(last)) if is_dense else self.plane(
                last, self.size(last))
        if self.kind == "residual" and last > 1:
            self.shortcut(last)
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
        """Inputs for the program drawn before, sparse and dense ones."""
        size = product(self.shape) * (self.ticks if self.varies else 1)
        result = []
        for _ in range(count):
            density = self.pick((0.1, 0.4, 1.0))
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
        # Enough drive to fire: the mean is moved up a little.
        values = [min(most, value + most // 6) if value else 0 for value in values]
        rows = len(values) // shape[0]
        self.reach = max(1, *(
            sum(max(0, value) for value in values[row * rows:(row + 1) * rows])
            for row in range(shape[0])))
        self.scale = max(2, int(most * max(1, self.range[1] if self.first else 1) * fan_in ** 0.5))
        return {"weights": {"shape": shape, "values": values}, "weight_bits": bits}

    def dense(self, source, shape, is_last=False):
        self.first = source == 0
        outputs = self.pick((3, 5)) if is_last else self.pick((4, 8))
        inputs = product(shape)
        link = self.weights([outputs, inputs], inputs)
        integrates = is_last and self.pick(self.profile.integrator)
        return self.add(source, [outputs], link, fires=not integrates)

    def window(self, kernel, dilates):
        stride = [self.pick((1, 1, 2)), self.pick((1, 1, 2))]
        dilation = [self.pick((1, 1, 2)) if dilates else 1] * 2
        padding = [self.pick((0, 1)) for _ in range(4)]
        names = ("kernel_y", "kernel_x", "stride_y", "stride_x", "dilation_y", "dilation_x",
                 "padding_top", "padding_left", "padding_bottom", "padding_right")
        return dict(zip(names, [*kernel, *stride, *dilation, *padding]), overhang_y=0, overhang_x=0)

    def plane(self, source, shape):
        self.first = source == 0
        channels, height, width = planes(shape)
        relays = []
        if self.profile.relays and self.pick((0, 0, 1)):
            relay = self.window([2, 2], False)
            relay.update(stride_y=2, stride_x=2)
            if fits(relay, height, width):
                relays, (height, width) = [relay], slide(Record(relay), height, width)
        while True:
            kernel = [self.pick((1, 2, 3)), self.pick((1, 2, 3))]
            window = self.window(kernel, self.profile.dilation)
            if self.profile.is_square:
                square(window, self.pick((1, 3)), self.pick((1, 1, 2)), self.pick((0, 1)))
            if fits(window, height, width):
                break
        groups = channels if self.profile.groups and self.pick((0, 0, 1)) else 1
        outputs = groups * self.pick((1, 2, 3))
        rows, columns = slide(Record(window), height, width)
        kernel = [window["kernel_y"], window["kernel_x"]]
        shape = [outputs, channels // groups, *kernel]
        link = self.weights(shape, product(shape[1:]))
        link.update(relays=relays, convolution={"window": window, "groups": groups})
        return self.add(source, [outputs, rows, columns], link)

    def shortcut(self, last):
        """A second way into the last plane, from one that has its shape or from the first."""
        target = self.populations[last - 1]
        self.first = False
        for source in range(1, last):
            if self.size(source) == target["shape"]:
                channels = target["shape"][0]
                link = self.weights([channels, channels, 1, 1], channels)
                window = self.window([1, 1], False)
                window.update(stride_y=1, stride_x=1, padding_top=0, padding_left=0,
                              padding_bottom=0, padding_right=0)
                link.update(convolution={"window": window, "groups": 1})
                self.connections.append(
                    {"source": source, "target": last - 1, "relays": [], **link})
                return

    def add(self, source, shape, link, fires=True):
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
        self.connections.append({"source": source, "target": index - 1, "relays": [], **link})
        return index


def square(window, kernel, stride, same):
    """The same on both axes; with padding only where a kernel of three cells needs it."""
    padding = same if kernel == 3 and stride == 1 else 0
    stride = stride if kernel == 3 else 1
    for axis in "yx":
        window.update({f"kernel_{axis}": kernel, f"stride_{axis}": stride})
    for side in ("top", "left", "bottom", "right"):
        window[f"padding_{side}"] = padding


class Record:
    """A dictionary's members as attributes."""

    def __init__(self, members):
        self.__dict__ = members


def fits(window, height, width):
    reach = (window["dilation_y"] * (window["kernel_y"] - 1) + 1,
             window["dilation_x"] * (window["kernel_x"] - 1) + 1)
    return (height + window["padding_top"] + window["padding_bottom"] >= reach[0]
            and width + window["padding_left"] + window["padding_right"] >= reach[1])
