"""Loihi 1 in nengo-loihi's emulator."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "loihi1", "loihi1"
PROFILE = Profile(
    schedules=("TICK", "TICK", "WAVEFRONT"), payloads=(IF,),
    resets=("ZERO", "ZERO", "SUBTRACT"), one_reset=True, membranes=(32,),
    inputs=("poisson", "poisson", "events", "current"), negative=(False,),
    weight_bits=(2, 2, 4, 5, 6),
    leak=False, memory=False, discards=False, largest_weight=20, ticks=(8, 8, 12, 16, 24, 32, 64),
    stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
