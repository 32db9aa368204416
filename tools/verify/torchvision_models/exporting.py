"""Exports one architecture by one exporter and stores onnxruntime's answer beside it.

Usage: python -m torchvision_models.exporting ARCHITECTURE EXPORTER SIZE FOLDER
A process for each, because exporters leave memory behind. The folder then holds model.onnx (and
its weights), input.npy, output.npy and, written last, case.json.
"""

import json
import pathlib
import sys
import warnings

import numpy
import onnxruntime
import torch

from torchvision_models import architectures

EXPORTERS = ("torchscript", "dynamo")
TORCHSCRIPT_OPSET = 17
SAMPLES = 2


def export(model, exporter, example, path, *, dynamic):
    batch = {0: "batch"}
    common = {"input_names": ["input"], "output_names": ["output"]}
    if exporter == "torchscript":
        # The fused attention of inference has no operator in ONNX; its parts have.
        torch.backends.mha.set_fastpath_enabled(False)
        axes = {"input": batch, "output": batch} if dynamic else None
        # Only a path as text lets it put weights of more than 2 GB into files of their own.
        torch.onnx.export(
            model, (example,), str(path), dynamo=False, opset_version=TORCHSCRIPT_OPSET,
            dynamic_axes=axes, **common)
    else:
        shapes = ({0: torch.export.Dim("batch")},) if dynamic else None
        torch.onnx.export(
            model, (example,), path, dynamo=True, dynamic_shapes=shapes, verbose=False, **common)


def reference(path, samples):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Rewritten graphs round otherwise, and the file as it stands is what is compared.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return [session.run(None, {session.get_inputs()[0].name: part})[0] for part in samples]


def attempt(model, name, exporter, size, folder, *, dynamic):
    """One export with its reference; raises where the exporter or onnxruntime does."""
    count = SAMPLES if dynamic else 1
    images = architectures.images(name, size, count)
    path = folder / "model.onnx"
    with torch.no_grad():
        export(model, exporter, images, path, dynamic=dynamic)
    values = images.numpy()
    if dynamic:
        # A batch that the exporter wrote into the graph as a constant fails at another one.
        output, single = reference(path, [values, values[:1]])
        if single.shape[0] != 1:
            raise ValueError("the batch of the output does not follow that of the input")
    else:
        [output] = reference(path, [values])
    if not numpy.isfinite(output).all():
        raise ValueError("the reference has values that are not finite")
    numpy.save(folder / "input.npy", values)
    numpy.save(folder / "output.npy", output)


def clear(folder):
    for file in folder.iterdir():
        file.unlink()


def export_case(name, exporter, size, folder):
    folder.mkdir(parents=True, exist_ok=True)
    clear(folder)
    case = {"architecture": name, "exporter": exporter, "size": size}
    model = architectures.build(name, size)
    for batch in ("dynamic", "fixed"):
        try:
            attempt(model, name, exporter, size, folder, dynamic=batch == "dynamic")
            case["batch"] = batch
            break
        except Exception as error:  # noqa: BLE001  (exporters raise anything)
            clear(folder)
            case["dynamicError" if batch == "dynamic" else "exportError"] = first_line(error)
    (folder / "case.json").write_text(json.dumps(case, indent=2, sort_keys=True) + "\n")


def first_line(error):
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:300]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    export_case(sys.argv[1], sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4]))
