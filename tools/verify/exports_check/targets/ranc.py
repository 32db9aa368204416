"""RANC's memories, run as its Verilog runs them."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "ranc", "ranc"
PROFILE = Profile(
    schedules=("TICK", "TICK", "WAVEFRONT"), payloads=(IF,), membranes=(32,),
    kinds=("dense", "convolution"), layers=(1, 2), ticks=(8, 12, 16, 24), leak=False, memory=False,
    discards=False, stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
