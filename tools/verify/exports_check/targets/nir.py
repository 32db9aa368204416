"""NIR files, run by five of their readers, and by NIR's own equations."""

from .. import recorded
from ..programs import IF, Profile
from . import environments

OUTPUT = "nir"


def profile(resets, scopes, kinds=Profile.kinds, start=True):
    return Profile(
        kinds=kinds, start=start, schedules=("WAVEFRONT",), payloads=(IF,), resets=resets, scopes=scopes,
        membranes=(32,), leak=False, memory=False, discards=False, stray=12)


class Reader:
    """One reader of NIR files as a target."""

    def __init__(self, name, *carried, **others):
        self.TARGET = f"nir-{name}" if name else "nir"
        self.OUTPUT = OUTPUT
        self.PROFILE = profile(*carried, **others)

    def run(self, command, places):
        return recorded.run(command, places, OUTPUT, environments.python(self.TARGET))


READERS = {
    "nir": Reader("", ("ZERO",), ("layer", "channel"), start=False),
    "nir-norse": Reader("norse", ("ZERO",), ("layer", "channel")),
    "nir-rockpool": Reader("rockpool", ("SUBTRACT",), ("layer", "channel"), ("dense",)),
    "nir-sinabs": Reader("sinabs", ("SUBTRACT",), ("layer", "channel")),
    "nir-snntorch": Reader("snntorch", ("ZERO",), ("layer",)),
    "nir-spikingjelly": Reader("spikingjelly", ("SUBTRACT", "ZERO"), ("layer",)),
}
