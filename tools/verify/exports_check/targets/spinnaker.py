"""SpiNNaker: spikes as the law in sPyNNaker's C sources gives them, for no simulator has them."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "spinnaker", "spinnaker"
PROFILE = Profile(
    schedules=("TICK", "TICK", "WAVEFRONT"), payloads=(IF,), resets=("ZERO",), membranes=(32,),
    inputs=("poisson", "poisson", "events", "current"), input_bits=(2, 4),
    weight_bits=(2, 4, 4, 6), leak=False, memory=False, discards=False, largest_weight=60,
    stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
