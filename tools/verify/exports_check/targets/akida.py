"""Akida 1.0, 1.5 and 2: MetaTF's software backend, and its mapper to a virtual device."""

import dataclasses

from .. import recorded
from ..programs import IF, Profile
from . import environments

OUTPUT = "akida"
PROFILE = Profile(
    payloads=((0, 1), (0, 3), (0, 15)), inputs=("current",), input_bits=(2, 4, 8, 4),
    negative=(False,), weight_bits=(2, 4), scopes=("layer", "channel"), membranes=(32,),
    kinds=("dense", "convolution"), ticks=(1,), leak=False, memory=False, relays=False,
    discards=False, thresholds=(48, 12), groups=False, dilation=False, is_square=True, stray=12)

# Akida 2 divides by every threshold where the payload is 1.
SECOND = dataclasses.replace(
    PROFILE, payloads=(IF, IF, (0, 3), (0, 15)), negative=(False, True), weight_bits=(2, 4, 8))


class Chip:
    """A chip as a target."""

    def __init__(self, target, profile):
        self.TARGET, self.OUTPUT, self.PROFILE = target, OUTPUT, profile

    def run(self, command, places):
        return recorded.run(
            command, places, OUTPUT, environments.python(self.TARGET), "exports_check.mapped")


READERS = {
    target: Chip(target, profile)
    for target, profile in (("akida1", PROFILE), ("akida1.5", PROFILE), ("akida2", SECOND))}
