"""Xylo in xylosim: small networks whose membranes stay below twice the threshold."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "xylo", "xylo"
PROFILE = Profile(
    schedules=("TICK", "WAVEFRONT"), payloads=(IF,), resets=("SUBTRACT",), inputs=("poisson",),
    negative=(False,), weight_bits=(2, 2, 4), scopes=("layer", "channel"), membranes=(32,),
    kinds=("dense", "dense-residual"), layers=(1, 2), ticks=(12, 16, 24), leak=False, memory=False, relays=False,
    discards=False, is_quiet=True, stray=24)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
