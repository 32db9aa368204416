"""Loihi 2 in lava-dl's netx, by lava's fixed-point models."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "lava", "lava"
PROFILE = Profile(
    schedules=("TICK", "TICK", "WAVEFRONT"), payloads=(IF,), resets=("ZERO",), membranes=(32,),
    weight_bits=(2, 4, 6, 8), scopes=("layer",), kinds=("dense", "convolution"), leak=False,
    memory=False, start=False, relays=False, discards=False, is_even=True, stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
