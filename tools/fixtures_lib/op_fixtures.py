"""Writes fixtures/onnx/ops/: one small model with input and output a case."""

import numpy
import onnx
from onnx.reference import ReferenceEvaluator
from onnxruntime.capi import onnxruntime_pybind11_state as onnxruntime_errors

from . import (
    common,
    op_cases_convolution,
    op_cases_layers,
    op_cases_masks,
    op_cases_pooling,
    op_cases_shapes,
    op_cases_storage,
)

FAMILIES = (
    op_cases_convolution,
    op_cases_layers,
    op_cases_masks,
    op_cases_pooling,
    op_cases_shapes,
    op_cases_storage,
)

# What onnxruntime raises for an opset, IR version or operator it does not take.
REFUSALS = (
    onnxruntime_errors.Fail,
    onnxruntime_errors.InvalidGraph,
    onnxruntime_errors.NotImplemented,
)


def expected_output(path, x):
    try:
        return common.run_onnxruntime(path, x)
    except REFUSALS as refusal:
        print(f"{path.stem}: reference evaluator, since {str(refusal)[:160]}")
    (output,) = ReferenceEvaluator(onnx.load(path)).run(None, {"x": x})
    return output


def write_case(case):
    path = common.OPS / f"{case.name}.onnx"
    if path.exists():
        raise SystemExit(f"two cases are named {case.name}")
    if case.external_data is not None:
        path.with_suffix(".bin").write_bytes(case.external_data)
    x = case.input_values()
    # The first model lacks the output's shape, which is known only after a run.
    common.write_model(case.model(), path)
    y = expected_output(path, x).astype(numpy.float32)
    if not numpy.isfinite(y).all() or numpy.ptp(y) == 0:
        raise SystemExit(f"{case.name}: the output cannot tell right from wrong")
    common.write_model(case.model(y.shape), path)
    onnx.checker.check_model(str(path), full_check=True)
    common.save_array(common.OPS / f"{case.name}.input.npy", x)
    common.save_array(common.OPS / f"{case.name}.output.npy", y)


def generate():
    common.empty_directory(common.OPS)
    for family in FAMILIES:
        for case in family.cases():
            write_case(case)
