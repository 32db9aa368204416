"""Holds the importer and the dense execution against ONNX's own node tests.

Exit status: 0 good, 1 a case failed or a case of a required operator was refused, 2 usage.
"""

import argparse
import concurrent.futures
import functools
import json
import pathlib
import sys

from onnx_node_tests import checking, suite, summary

WORKERS = 2


def parse_arguments():
    parser = argparse.ArgumentParser(prog="onnx-node-tests", description=__doc__)
    parser.add_argument("--command", default="synapack", help="the synapack to check")
    parser.add_argument("--only", help="cases whose names contain this")
    parser.add_argument("--brief", action="store_true", help="print the totals and problems only")
    parser.add_argument("--json", type=pathlib.Path, help="write all verdicts here")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    names = [name for name in suite.names() if not arguments.only or arguments.only in name]
    if not names:
        sys.exit("no case has such a name")
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
        check = functools.partial(checking.check, command=arguments.command)
        verdicts = list(pool.map(check, names, chunksize=8))
    parts = (summary.table, summary.details, summary.total_lines)
    for part in parts[-1:] if arguments.brief else parts:
        print("\n".join(part(verdicts)))
    problems = list(summary.problems(verdicts))
    if problems:
        print("\nproblems:\n" + "\n".join(f"  {line}" for line in problems))
    if arguments.json:
        text = json.dumps(summary.document(verdicts), indent=2, sort_keys=True)
        arguments.json.write_text(text + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
