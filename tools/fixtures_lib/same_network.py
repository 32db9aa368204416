"""The digits' network with average pooling once more, in Keras' forms and as .npz.

The weights are those of digits/cnn-average.safetensors, so that every format
must give the same graph.
"""

import json
import struct

import numpy

from . import common, keras_models

FOLDER = common.FIXTURES / "same"
NAME = "cnn-average"


def weights():
    """The float32 tensors of a safetensors file, by name."""
    content = (common.DIGITS / f"{NAME}.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    tensors = {}
    for name, entry in json.loads(content[8 : 8 + length]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = numpy.frombuffer(content[start:end], "<f4")
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def network(keras):
    """Channels last, as Keras has them."""
    layers = [keras.layers.Input((8, 8, 1))]
    for block, channels in enumerate((16, 32, 48)):
        layers += [
            keras.layers.Conv2D(channels, 3, padding="same"),
            keras.layers.BatchNormalization(epsilon=1e-5),
            keras.layers.ReLU(),
        ]
        if block > 0:
            layers.append(keras.layers.AveragePooling2D(2))
    return keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(10)])


def assign(model, tensors):
    convolutions = iter(("0", "3", "7"))
    normalizations = iter(("1", "4", "8"))
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "Conv2D":
            name = next(convolutions)
            kernel = tensors[f"{name}.weight"].transpose(2, 3, 1, 0)
            layer.set_weights([kernel, tensors[f"{name}.bias"]])
        elif kind == "BatchNormalization":
            name = next(normalizations)
            parts = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([tensors[f"{name}.{part}"] for part in parts])
        elif kind == "Dense":
            # Rows in the order of channels last: [C, H, W] → [H, W, C].
            matrix = tensors["12.weight"].reshape(10, 48, 2, 2).transpose(2, 3, 1, 0)
            layer.set_weights([matrix.reshape(192, 10), tensors["12.bias"]])


def generate():
    import keras
    import tf_keras

    common.empty_directory(FOLDER)
    tensors = weights()
    numpy.savez(FOLDER / f"{NAME}.npz", **tensors)
    for package, suffixes in ((keras, (".keras", ".h5")), (tf_keras, (".keras2.h5",))):
        model = network(package)
        assign(model, tensors)
        for suffix in suffixes:
            model.save(FOLDER / f"{NAME}{suffix}")
    keras_models.packed(FOLDER / f"{NAME}.keras")
