"""Holds the importer and the dense execution against torchvision's classification architectures.

Exit status: 0 good, 1 something failed or the share within the tolerance is below the target,
2 usage.
"""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile

from torchvision_models import cases, checking, summary


def parse_arguments():
    parser = argparse.ArgumentParser(prog="torchvision-models", description=__doc__)
    parser.add_argument("--command", default="synapack", help="the synapack to check")
    parser.add_argument("--only", help="these architectures, separated by commas")
    parser.add_argument("--small", action="store_true", help="a short list at small image sizes")
    parser.add_argument("--json", type=pathlib.Path, help="write all verdicts here")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--export-only", type=pathlib.Path, metavar="FOLDER",
        help="export what is missing there and check nothing")
    where.add_argument(
        "--from", type=pathlib.Path, metavar="FOLDER", dest="source",
        help="check what was exported there and export nothing")
    return parser.parse_args()


def selected(arguments):
    """The image size of each architecture to check, by name."""
    # Imported here, because --from works without loading torch.
    if arguments.source and not arguments.only and not arguments.small:
        return dict.fromkeys(
            sorted({path.parent.name.rsplit(".", 1)[0]
                    for path in arguments.source.glob("*/case.json")}))
    if arguments.source and arguments.only:
        return dict.fromkeys(arguments.only.split(","))
    from torchvision_models import architectures

    if arguments.small:
        return architectures.SMALL
    names = architectures.names()
    if arguments.only:
        names = arguments.only.split(",")
        unknown = sorted(set(names) - set(architectures.names()))
        if unknown:
            sys.exit(f"torchvision has no architecture {', '.join(unknown)}")
    return {name: architectures.image_size(name) for name in names}


def export_all(sizes, folder):
    for case in cases.cases(sizes, folder):
        cases.export(case, sizes[case.architecture])
        record = case.record
        print(case.architecture, case.exporter, record.get("batch", record.get("exportError")),
              flush=True)


def check_all(arguments, sizes, folder):
    """Yields a verdict for each case; an export made for this check alone is removed after it."""
    with tempfile.TemporaryDirectory() as outputs:
        for case in cases.cases(sizes, folder):
            if not arguments.source:
                cases.export(case, sizes[case.architecture])
            yield checking.check(case, arguments.command, pathlib.Path(outputs) / "output.npy")
            if not arguments.source:
                shutil.rmtree(case.folder)


def main():
    arguments = parse_arguments()
    sizes = selected(arguments)
    if arguments.export_only:
        export_all(sizes, arguments.export_only)
        return 0
    verdicts = []
    with tempfile.TemporaryDirectory() as exports:
        folder = arguments.source or pathlib.Path(exports)
        for verdict in check_all(arguments, sizes, folder):
            verdicts.append(verdict)
            print(summary.row(verdict), flush=True)
    print("\n".join(summary.lines(verdicts)))
    if arguments.json:
        text = json.dumps(summary.document(verdicts), indent=2, sort_keys=True)
        arguments.json.write_text(text + "\n")
    return 0 if summary.is_good(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
