"""NIR files, run by four of their readers."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

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
        return recorded.run(command, places, OUTPUT, environments.python(self.TARGET))


READERS = {
    "nir-norse": Reader("norse", ("ZERO",), ("layer", "channel")),
    "nir-sinabs": Reader("sinabs", ("SUBTRACT",), ("layer", "channel")),
    "nir-snntorch": Reader("snntorch", ("ZERO",), ("layer",)),
    "nir-spikingjelly": Reader("spikingjelly", ("SUBTRACT", "ZERO"), ("layer",)),
}
