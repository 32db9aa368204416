"""Regenerates the fixtures; run it through tools/make-fixtures.

Arguments choose the parts ("digits", "ops", "refused", "tflite"); none means all.
The index is rewritten every time, from the files then present.
"""

import sys

from fixtures_lib import digits, index, op_fixtures, refused, tflite_fixtures

PARTS = {
    "digits": digits.generate,
    "ops": op_fixtures.generate,
    "refused": refused.generate,
    "tflite": tflite_fixtures.generate,
}


def main(arguments):
    unknown = [argument for argument in arguments if argument not in PARTS]
    if unknown:
        sys.exit(f"unknown part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    for part in arguments or PARTS:
        PARTS[part]()
    index.generate()


if __name__ == "__main__":
    main(sys.argv[1:])
