"""Writes fixtures/tflite/: models with inputs and the outputs of LiteRT's reference kernels.

Inputs and outputs are real numbers, whatever the model's integers, and planes in them are
channels first.
"""

import numpy
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from . import common, tflite_models

SAMPLES = 6


def interpreter(model):
    # The reference kernels: plain loops, with the rounding that the format defines.
    made = Interpreter(
        model_content=model,
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True,
    )
    made.allocate_tensors()
    return made


def real(values, details):
    scale, zero = details["quantization"]
    if scale == 0:
        return values.astype(numpy.float32)
    return (numpy.float32(scale) * (values.astype(numpy.float32) - zero)).astype(numpy.float32)


def levels(values, details):
    scale, zero = details["quantization"]
    if scale == 0:
        return values.astype(details["dtype"])
    limits = numpy.iinfo(details["dtype"])
    rounded = numpy.round(values / scale) + zero
    return numpy.clip(rounded, limits.min, limits.max).astype(details["dtype"])


def channels_first(values):
    return values.transpose(0, 3, 1, 2) if values.ndim == 4 else values


def run(model, inputs):
    """The outputs for each input, and the range of every tensor by its name."""
    made = interpreter(model)
    taken, given = made.get_input_details()[0], made.get_output_details()[0]
    outputs, ranges = [], {}
    for values in inputs:
        made.set_tensor(taken["index"], levels(values[None], taken))
        made.invoke()
        outputs.append(real(made.get_tensor(given["index"]), given)[0])
        for details in made.get_tensor_details():
            tensor = real(made.get_tensor(details["index"]), details)
            low, high = ranges.get(details["name"], (0.0, 0.0))
            ranges[details["name"]] = (
                min(low, float(tensor.min())), max(high, float(tensor.max()))
            )
    return numpy.stack(outputs), ranges


def write(name, model, shape):
    random = numpy.random.default_rng(common.SEED)
    inputs = random.normal(0, 1.5, (SAMPLES, *shape[1:])).astype(numpy.float32)
    outputs, ranges = run(model, inputs)
    if numpy.ptp(outputs) == 0:
        raise SystemExit(f"{name}: the output cannot tell right from wrong")
    (common.TFLITE / f"{name}.tflite").write_bytes(model)
    common.save_array(common.TFLITE / f"{name}.input.npy", channels_first(inputs))
    common.save_array(common.TFLITE / f"{name}.output.npy", channels_first(outputs))
    return ranges


def generate():
    common.empty_directory(common.TFLITE)
    shape = (1, 7, 6, 2)
    ranges = write("network-float", tflite_models.digits_like(), shape)
    write("network-int8", tflite_models.digits_like(ranges), shape)
    for name, model in tflite_models.SINGLE.items():
        content = model()
        details = interpreter(content).get_input_details()[0]
        write(name, content, tuple(details["shape"]))
