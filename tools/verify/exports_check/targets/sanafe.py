"""SANA-FE's netlist and architecture, run by its simulator."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "sanafe", "sanafe"
PROFILE = Profile(
    schedules=("TICK", "TICK", "WAVEFRONT"), payloads=(IF,), membranes=(32,), leak=False,
    memory=False, discards=False, stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
