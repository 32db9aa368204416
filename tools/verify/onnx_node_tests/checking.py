"""Runs one node test through `synapack run` and compares with the suite's outputs."""

import dataclasses
import pathlib
import tempfile

import numpy

import synapack_run
from onnx_node_tests import suite, variants

TIMEOUT_SECONDS = 20


@dataclasses.dataclass(frozen=True)
class Verdict:
    """kind: "passed", "refused" or "failed"; special: why it is no float32 forward case."""

    name: str
    operator: str
    kind: str
    special: str | None = None
    variant: str = ""
    code: str = ""
    reason: str = ""


def check(name, command):
    case = suite.load(name)
    known = {"name": name, "operator": case.operator, "special": suite.special_reason(case)}
    if any(tensor is None for tensor in case.inputs + case.outputs):
        return Verdict(**known, kind="refused", reason="not tried: no tensor")
    refused = None
    with tempfile.TemporaryDirectory(prefix="node-test-") as folder:
        for variant in variants.variants(case):
            outcome = attempt(variant, command, pathlib.Path(folder))
            if outcome.kind == "ran" and name in suite.SUPERSEDED:
                return Verdict(**known, kind="passed", variant=variant.name)
            if outcome.kind == "ran":
                reason = difference(case, list(outcome.arrays.values()))
                kind = "failed" if reason else "passed"
                return Verdict(**known, kind=kind, variant=variant.name, reason=reason)
            verdict = Verdict(
                **known, kind=outcome.kind, variant=variant.name, code=outcome.code,
                reason=outcome.reason)
            if outcome.kind == "failed":
                return verdict
            # The whole array as the sample asks for the least, so its refusal says the most.
            if refused is None or variant.batch == "none" and not variant.is_last_resort:
                refused = verdict
    return refused or Verdict(**known, kind="refused", reason="not tried: nothing to run it on")


def attempt(variant, command, folder):
    model = folder / "model.onnx"
    model.write_bytes(variant.model)
    paths = {}
    for index, (name, values) in enumerate(variant.inputs.items()):
        paths[name] = folder / f"input_{index}.npy"
        numpy.save(paths[name], values)
    return synapack_run.run(
        command, model, paths, folder / "output.npz", batch=variant.batch,
        timeout=TIMEOUT_SECONDS)


def difference(case, arrays):
    """What is wrong with the outputs, in the order of the graph's; empty where nothing is."""
    names = [output.name for output in case.model.graph.output]
    if len(arrays) != len(names):
        return f"there are {len(arrays)} outputs, not {len(names)}"
    for name, actual, expected in zip(names, arrays, case.expected, strict=True):
        if actual.shape != expected.shape:
            return f"output {name} has shape {actual.shape}, not {expected.shape}"
        wide = expected.astype(numpy.float64)
        close = numpy.isclose(
            actual, wide, rtol=case.relative, atol=case.absolute, equal_nan=True)
        if not close.all():
            place = tuple(int(i) for i in numpy.argwhere(~close)[0])
            return (f"output {name} is {actual[place]} at {list(place)}, not {wide[place]} "
                    f"({(~close).sum()} of {close.size} differ)")
    return ""
