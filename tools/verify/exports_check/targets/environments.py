"""The virtual environment of each target's simulator, pinned."""

import pathlib

from .. import recorded

VERIFY = pathlib.Path(__file__).parents[2]
# Target: environment, its pins, packages without wheels, and the Python that readers ask for.
TABLE = {
    "akida1": ("akida", VERIFY / "chip_formulas" / "akida.txt", ()),
    "akida2": ("akida", VERIFY / "chip_formulas" / "akida.txt", ()),
    "akida1.5": ("akida", VERIFY / "chip_formulas" / "akida.txt", ()),
    "lava": ("lava", VERIFY / "exports_check" / "lava.txt", (), "python3.10"),
    "loihi1": ("nengo-loihi", VERIFY / "chip_formulas" / "nengo-loihi.txt", ()),
    "nir": ("nir", VERIFY / "exports_check" / "nir.txt", ("norse==1.1.0", "rockpool==3.1.0")),
    "paicore": ("paibox", VERIFY / "chip_formulas" / "paibox.txt", ()),
    "ranc": ("numpy", VERIFY / "exports_check" / "numpy.txt", ()),
    "tinyodin": ("numpy", VERIFY / "exports_check" / "numpy.txt", ()),
    "spinnaker": ("numpy", VERIFY / "exports_check" / "numpy.txt", ()),
    "spinnaker/board": ("spynnaker", VERIFY / "chip_formulas" / "spynnaker.txt", ()),
    "xylo": ("xylosim", VERIFY / "exports_check" / "numpy.txt", ("xylosim==0.1.3",)),
    "sanafe": ("sanafe", VERIFY / "placement_referee" / "requirements.txt", ()),
}


def python(target):
    """The interpreter; every reader of NIR files has the same."""
    return recorded.interpreter(*TABLE[target.split("-")[0]])
