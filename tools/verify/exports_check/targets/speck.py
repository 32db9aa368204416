"""Speck's registers: those that sinabs computes of the same layers, and every one known to samna.

Nothing is run, for the chip works event by event; `identical` says that the configurations are.
"""

from .. import recorded
from ..programs import IF, Profile
from . import environments

OUTPUT = "speck"
PROFILE = Profile(
    schedules=("WAVEFRONT",), payloads=(IF,), membranes=(32,), negative=(False,),
    inputs=("poisson", "events"), weight_bits=(2, 4, 6), scopes=("layer",), integrator=(False,),
    kinds=("dense", "convolution"), ticks=(8, 12), leak=False, memory=False, relays=False,
    discards=False, groups=False, dilation=False, is_square=True, is_even=True, largest_weight=30,
    stray=12)


class Chip:
    def __init__(self, name):
        self.TARGET, self.OUTPUT, self.PROFILE = name, OUTPUT, PROFILE
        self.OPTIONS = ("--allow", "SYN0748")

    def run(self, command, places):
        answers = recorded.answers(
            places, OUTPUT, environments.python("nir"), module="exports_check.registers")
        for place in places:
            yield place, answers.get(str(place), "the reader stopped")


READERS = {name: Chip(name) for name in ("speck2e", "speck2f")}
