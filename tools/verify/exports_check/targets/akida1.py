"""Akida 1.0 in MetaTF's software backend."""

from .. import recorded
from ..programs import Profile
from . import environments

TARGET, OUTPUT = "akida1", "akida1"
PROFILE = Profile(
    payloads=((0, 1), (0, 3), (0, 15)), inputs=("current",), input_bits=(2, 4, 8, 4),
    negative=(False,), weight_bits=(2, 4), scopes=("layer", "channel"), membranes=(32,),
    kinds=("dense", "convolution"), ticks=(1,), leak=False, memory=False, relays=False,
    discards=False, thresholds=(48, 12), groups=False, dilation=False, is_square=True, stray=12)


def run(command, places):
    return recorded.run(command, places, OUTPUT, environments.python(TARGET))
