"""SANA-FE's netlist and architecture, run by its simulator."""

import pathlib

from .. import recorded
from ..programs import IF, Profile

TARGET, OUTPUT = "sanafe", "sanafe"
REQUIREMENTS = pathlib.Path(__file__).parents[2] / "placement_referee" / "requirements.txt"
PROFILE = Profile(
    schedules=("TICK", "TICK", "WAVEFRONT"), payloads=(IF,), membranes=(32,), leak=False,
    memory=False, discards=False, stray=12)


def run(command, places):
    python = recorded.interpreter("sanafe", REQUIREMENTS)
    return recorded.run(command, places, OUTPUT, python)
