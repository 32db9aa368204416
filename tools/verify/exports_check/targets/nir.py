"""NIR files, run by four of their readers."""

import pathlib

from .. import recorded
from ..programs import IF, Profile

REQUIREMENTS = pathlib.Path(__file__).parents[1] / "nir.txt"
OUTPUT = "nir"


def profile(resets, scopes):
    return Profile(
        schedules=("WAVEFRONT",), payloads=(IF,), resets=resets, scopes=scopes,
        membranes=(32,), leak=False, memory=False, discards=False, stray=12)


class Reader:
    """One reader of NIR files as a target."""

    def __init__(self, name, resets, scopes):
        self.TARGET = f"nir-{name}"
        self.OUTPUT = OUTPUT
        self.PROFILE = profile(resets, scopes)

    def run(self, command, places):
        python = recorded.interpreter("nir", REQUIREMENTS, ["norse==1.1.0"])
        return recorded.run(command, places, OUTPUT, python)


READERS = {
    "nir-norse": Reader("norse", ("ZERO",), ("layer", "channel")),
    "nir-sinabs": Reader("sinabs", ("SUBTRACT",), ("layer", "channel")),
    "nir-snntorch": Reader("snntorch", ("ZERO",), ("layer",)),
    "nir-spikingjelly": Reader("spikingjelly", ("SUBTRACT", "ZERO"), ("layer",)),
}
