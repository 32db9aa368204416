"""The cases (architecture × exporter) in a folder, exported once and checked many times."""

import dataclasses
import json
import pathlib
import subprocess
import sys

EXPORTERS = ("torchscript", "dynamo")


@dataclasses.dataclass(frozen=True)
class Case:
    architecture: str
    exporter: str
    folder: pathlib.Path

    @property
    def record(self):
        """What case.json says; None while the export has not been made."""
        path = self.folder / "case.json"
        return json.loads(path.read_text()) if path.exists() else None


def cases(names, folder):
    return [
        Case(name, exporter, folder / f"{name}.{exporter}")
        for name in names
        for exporter in EXPORTERS
    ]


def export(case, size):
    """Makes the export in a process of its own; what stands already is kept."""
    if case.record is not None:
        return
    done = subprocess.run(
        [sys.executable, "-m", "torchvision_models.exporting", case.architecture, case.exporter,
         str(size), str(case.folder)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise RuntimeError(
            f"the export of {case.architecture} by {case.exporter} ended with status "
            f"{done.returncode}: {lines[-1]}")
