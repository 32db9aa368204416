"""PAICORE in PAIBox."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "paicore", "paicore"
PROFILE = Profile(
    schedules=("TICK", "WAVEFRONT"), payloads=(IF,), membranes=(30, 32),
    inputs=("poisson", "poisson", "events"), weight_bits=(2, 4, 6, 8), leak=False, memory=False,
    discards=False, scopes=("layer", "channel"), stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
