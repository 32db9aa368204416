"""Akida 1.0 and 1.5: MetaTF's software backend, and its mapper to a virtual device."""

from .. import recorded
from ..programs import Profile
from . import environments

OUTPUT = "akida"
PROFILE = Profile(
    payloads=((0, 1), (0, 3), (0, 15)), inputs=("current",), input_bits=(2, 4, 8, 4),
    negative=(False,), weight_bits=(2, 4), scopes=("layer", "channel"), membranes=(32,),
    kinds=("dense", "convolution"), ticks=(1,), leak=False, memory=False, relays=False,
    discards=False, thresholds=(48, 12), groups=False, dilation=False, is_square=True, stray=12)



class Chip:
    """A chip as a target."""

    def __init__(self, target):
        self.TARGET, self.OUTPUT, self.PROFILE = target, OUTPUT, PROFILE

    def run(self, command, places):
        return recorded.run(
            command, places, OUTPUT, environments.python(self.TARGET), "exports_check.mapped")


READERS = {target: Chip(target) for target in ("akida1", "akida1.5")}
