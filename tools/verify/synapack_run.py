"""Runs `synapack run` on a model and tells a refusal from a failure."""

import dataclasses
import re
import subprocess

import numpy

# Usage, bad input, file system or resources, trust: said with a message, so not a defect.
REFUSALS = (1, 2, 3, 4, 5)
CODE = re.compile(r"error\[(SYN\d{4})\]:?\s*(.*)")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one run: "ran" with arrays, or "refused" or "failed" with a reason."""

    kind: str
    reason: str = ""
    code: str = ""
    arrays: dict = dataclasses.field(default_factory=dict)


def run(command, model, inputs, output, *, batch, timeout, prefix=()):
    """`inputs` maps the graph's input names to .npy files.

    All outputs go to `output` if that is an .npz, the only one if it is an .npy.
    """
    arguments = [*prefix, command, "run", model, "--output", output, "--batch", batch]
    for name, path in inputs.items():
        arguments += ["--input", f"{name}={path}"]
    try:
        done = subprocess.run(
            [str(argument) for argument in arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return Outcome("failed", f"no answer within {timeout} s")
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return Outcome("ran", arrays=arrays(output))
    code, reason = explained(said)
    if done.returncode in REFUSALS:
        return Outcome("refused", reason, code)
    return Outcome("failed", f"exit {done.returncode}: {reason}", code)


def arrays(path):
    """The arrays of a file by name, in the file's order."""
    if path.suffix == ".npy":
        return {path.stem: numpy.load(path)}
    with numpy.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def explained(said):
    """The code and message of the first error in what a run wrote to stderr."""
    found = CODE.search(said)
    if found:
        return found.group(1), found.group(2).strip()
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return "", lines[0].strip() if lines else "no message"
