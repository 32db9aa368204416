"""Regenerates the fixtures; run it through tools/make-fixtures.

Arguments choose the parts; none means all. The index is rewritten every time,
from the files then present.
"""

import importlib
import sys

from fixtures_lib import index

# By part, the module that writes it: the parts need different packages.
PARTS = {
    "digits": "digits",
    "ops": "op_fixtures",
    "refused": "refused",
    "hdf5": "hdf5_files",
    "keras": "keras_models",
    "nir": "nir_models",
    "same": "same_network",
    "tflite": "tflite_fixtures",
}


def main(arguments):
    unknown = [argument for argument in arguments if argument not in PARTS]
    if unknown:
        sys.exit(f"unknown part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    for part in arguments or PARTS:
        importlib.import_module(f"fixtures_lib.{PARTS[part]}").generate()
    index.generate()


if __name__ == "__main__":
    main(sys.argv[1:])
