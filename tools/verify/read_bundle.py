#!/usr/bin/env python3
"""Reads a bundle by schemas/bundle.md alone and says what is in it, or which rule it breaks.

Exit status: 0 good, 1 the replay gives other records, 2 usage, 3 malformed, 4 file system,
5 a digest does not match.
"""

import argparse
import json
import pathlib
import sys

from bundle_reader import summary
from bundle_reader.bundle import Bundle
from bundle_reader.errors import BundleError
from bundle_reader.replay import replay

DIFFERENT_STATUS = 1
FILE_STATUS = 4
SHOWN_DIFFERENCES = 10


def parse_arguments():
    parser = argparse.ArgumentParser(description="Read a bundle by its description alone.")
    parser.add_argument("bundle", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--replay", action="store_true", help="run the conformance vectors")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    try:
        bundle = Bundle(arguments.bundle.read_bytes())
    except OSError as error:
        print(f"{arguments.bundle}: {error.strerror}", file=sys.stderr)
        return FILE_STATUS
    except BundleError as error:
        print(f"{arguments.bundle}: {error.line()}", file=sys.stderr)
        return error.status
    document = bundle.document()
    differences = replay(bundle) if arguments.replay else []
    if arguments.replay:
        document["replay"] = "different" if differences else "pass"
    if arguments.json:
        print(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False))
    else:
        print("\n".join(summary.lines(document)))
        if arguments.replay:
            print(f"replay {document['replay']}")
    for line in differences[:SHOWN_DIFFERENCES]:
        print(line, file=sys.stderr)
    return DIFFERENT_STATUS if differences else 0


if __name__ == "__main__":
    sys.exit(main())
