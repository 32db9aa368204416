"""The objects of samna's configuration of a Speck, as sinabs sets them, with the ranges of registers.

Recorded from sinabs' chips/dynapcnn.py and dvs_layer.py and Speck's datasheet: an attribute that is
not here, or a value outside its range, is an error.
"""

import types

WORD, BYTE = (-(1 << 15), (1 << 15) - 1), (-128, 127)


def integer(low, high):
    def check(value):
        assert isinstance(value, int) and not isinstance(value, bool) and low <= value <= high, value
    return check


def flag(value):
    assert isinstance(value, bool), value


def numbers(depth, low, high):
    check = integer(low, high)

    def walk(value, left=depth):
        if left == 0:
            return check(value)
        assert isinstance(value, list)
        for item in value:
            walk(item, left - 1)
    return walk


def lower_threshold(value):
    integer(*WORD)(value)
    assert value != 0, "a lower threshold of 0 does not work"


class Registers:
    """Attributes that exist, each with its check."""

    def __init__(self, **checks):
        object.__setattr__(self, "_checks", checks)
        for name, check in checks.items():
            object.__setattr__(self, name, check if isinstance(check, (Registers, list)) else None)

    def __setattr__(self, name, value):
        if name not in self._checks:
            raise AttributeError(name)
        check = self._checks[name]
        assert callable(check), f"{name} is filled, not set"
        check(value)
        object.__setattr__(self, name, value)


def pair(low, high):
    return Registers(x=integer(low, high), y=integer(low, high))


def plane(cells):
    return Registers(feature_count=integer(1, 1024), size=pair(1, cells))


def destination():
    return Registers(layer=integer(0, 12), enable=flag, feature_shift=integer(0, 1023),
                     pooling=lambda value: integer(1, 4)(value) or integer(0, 0)(value & value - 1))


def layer():
    return Registers(
        dimensions=Registers(
            input_shape=plane(128), output_shape=plane(64), kernel_size=integer(1, 16),
            padding=pair(0, 7), stride=pair(1, 8)),
        weights=numbers(4, *BYTE), biases=numbers(1, *WORD), leak_enable=flag,
        leak_internal_slow_clk_enable=flag, return_to_zero=flag, threshold_high=integer(1, WORD[1]),
        threshold_low=lower_threshold, monitor_enable=flag,
        neurons_initial_value=numbers(3, *WORD), destinations=[destination(), destination()])


class SpeckConfiguration(Registers):
    def __init__(self):
        super().__init__(
            cnn_layers=[layer() for _ in range(9)],
            dvs_layer=Registers(destinations=[destination(), destination()]),
            readout=Registers(enable=flag))


chip = types.SimpleNamespace(
    configuration=types.SimpleNamespace(SpeckConfiguration=SpeckConfiguration))
speck2e = speck2f = chip
