"""Keras models with the outputs that Keras itself computes for them.

Runs in an environment of its own (requirements-hdf5.txt). `NAME.keras` is
Keras 3's form; those of EVERYWHERE come in the other three forms too.
"""

import os
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy

from . import common, keras_layers

MODELS = common.KERAS / "models"
SAMPLES = 2


def draw_weights(model, random):
    """Weights of the size that keeps values near one; variances are positive."""
    for variable in model.weights:
        name = getattr(variable, "path", None) or variable.name
        shape = tuple(variable.shape)
        if "count" in name or (not shape):
            continue
        values = random.normal(0, 0.5, shape)
        if "variance" in name:
            values = random.uniform(0.5, 2, shape)
        if "/gamma" in name:
            values = random.uniform(0.5, 1.5, shape)
        variable.assign(values.astype(numpy.float32))


def is_fixed(name):
    return name.startswith("normalization")


def arrays(value):
    return [numpy.asarray(part) for part in (value if isinstance(value, list) else [value])]


def packed(path):
    """Keras stores its archives uncompressed; here they must be small."""
    with zipfile.ZipFile(path) as file:
        entries = [(info.filename, file.read(info)) for info in file.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)


def write(name, build, keras, suffixes):
    keras.utils.set_random_seed(common.SEED)
    random = numpy.random.default_rng(common.SEED)
    model = build(keras)
    if not is_fixed(name):
        draw_weights(model, random)
    inputs = [
        random.normal(0, 1, (SAMPLES, *tensor.shape[1:])).astype(numpy.float32)
        for tensor in model.inputs
    ]
    outputs = arrays(model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0))
    for suffix in suffixes:
        model.save(MODELS / f"{name}{suffix}")
        if suffix.endswith(".keras") and name not in keras_layers.AS_WRITTEN:
            packed(MODELS / f"{name}{suffix}")
    stem = name + suffixes[0].removesuffix(".keras").removesuffix(".h5")
    for kind, values in (("input", inputs), ("output", outputs)):
        for index, value in enumerate(values):
            number = f"-{index}" if len(values) > 1 else ""
            common.save_array(MODELS / f"{stem}.{kind}{number}.npy", value)


def generate():
    import keras
    import tf_keras

    common.empty_directory(common.KERAS)
    MODELS.mkdir()
    for name, build in keras_layers.LAYERS.items():
        suffixes = [".keras"]
        if name in keras_layers.EVERYWHERE:
            suffixes.append(".h5")
        write(name, build, keras, suffixes)
        if name in keras_layers.EVERYWHERE:
            write(name, build, tf_keras, [".keras2.h5", ".keras2.keras"])
    from . import keras_refused

    keras_refused.generate()


if __name__ == "__main__":
    generate()
    sys.exit(0)
