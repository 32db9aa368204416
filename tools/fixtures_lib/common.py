"""Places, seeds and small helpers which every part shares."""

import pathlib
import shutil

import numpy

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"
DIGITS = FIXTURES / "digits"
OPS = FIXTURES / "onnx" / "ops"
REFUSED = FIXTURES / "onnx" / "refused"
BUNDLES = FIXTURES / "bundles"
HDF5 = FIXTURES / "hdf5"
KERAS = FIXTURES / "keras"
NIR = FIXTURES / "nir"
ARCHITECTURES = FIXTURES / "architectures"
TFLITE = FIXTURES / "tflite"

SEED = 20240229


def empty_directory(directory):
    """Creates the directory, or removes what an earlier run left in it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)


def write_model(model, path):
    """Writes an ONNX model so that equal models give equal bytes."""
    path.write_bytes(model.SerializeToString(deterministic=True))


def save_array(path, array):
    numpy.save(path, numpy.ascontiguousarray(array), allow_pickle=False)


def run_onnxruntime(path, x):
    """Runs a model of one input and one output on one CPU thread."""
    import onnxruntime  # Not every environment has it.

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"]
    )
    # Models of IR version 3 list their initializers among their inputs too;
    # onnxruntime reports these elsewhere, so one input remains.
    (model_input,) = session.get_inputs()
    (output,) = session.run(None, {model_input.name: x})
    return output
