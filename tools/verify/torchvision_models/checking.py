"""Compares `synapack run` with onnxruntime's stored answer on one exported architecture."""

import dataclasses

import numpy

import synapack_run

TOLERANCE = 1e-3
TIMEOUT_SECONDS = 1800


@dataclasses.dataclass(frozen=True)
class Verdict:
    """kind: "within", "refused", "failed", or "unexported" where no exporter made a file."""

    architecture: str
    exporter: str
    kind: str
    batch: str = ""
    reason: str = ""
    code: str = ""
    deviation: float | None = None


def check(case, command, output):
    record = case.record
    known = {
        "architecture": case.architecture,
        "exporter": case.exporter,
        "batch": (record or {}).get("batch", ""),
    }
    if record is None:
        return Verdict(**known, kind="unexported", reason="not exported yet")
    if "batch" not in record:
        return Verdict(**known, kind="unexported", reason=record["exportError"])
    outcome = synapack_run.run(
        command, case.folder / "model.onnx", {"input": case.folder / "input.npy"}, output,
        batch="leading", timeout=TIMEOUT_SECONDS, prefix=("nice", "-n", "10"))
    if outcome.kind != "ran":
        return Verdict(**known, kind=outcome.kind, reason=outcome.reason, code=outcome.code)
    expected = numpy.load(case.folder / "output.npy")
    arrays = list(outcome.arrays.values())
    if len(arrays) != 1 or arrays[0].shape != expected.shape:
        shapes = ", ".join(str(array.shape) for array in arrays)
        return Verdict(
            **known, kind="failed", reason=f"outputs of shapes {shapes}, not {expected.shape}")
    return compared(known, arrays[0], expected)


def compared(known, actual, expected):
    difference = numpy.abs(actual.astype(numpy.float64) - expected)
    # Untrained networks give small numbers, so the largest of them is the unit.
    scale = float(numpy.abs(expected).max())
    if scale == 0:
        return Verdict(**known, kind="failed", reason="the reference is zero everywhere")
    deviation = float(difference.max()) / scale
    if numpy.isfinite(deviation) and deviation <= TOLERANCE:
        return Verdict(**known, kind="within", deviation=deviation)
    return Verdict(
        **known, kind="failed", deviation=deviation, reason=f"off by {deviation:.3g}")
