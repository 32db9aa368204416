"""tinyODIN's words and events, run as its Verilog runs them."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

TARGET, OUTPUT = "tinyodin", "tinyodin"
PROFILE = Profile(
    payloads=(IF, IF, (0, 3), (0, 15)), resets=("SUBTRACT", "ZERO", "ZERO"), one_reset=True,
    membranes=(32,), inputs=("poisson", "events", "current"), input_bits=(2, 2, 4),
    weight_bits=(2, 3, 4), layers=(1, 2), ticks=(8, 8, 12, 16, 24, 32), leak=False, memory=False,
    discards=False, largest_weight=7, stray=24)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
