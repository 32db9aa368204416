"""Keras models by hand: a configuration in JSON, and weights in HDF5."""

import json
import struct

from . import hdf5_parts as hdf5

WEIGHT = struct.pack("<12f", *(index / 8 - 0.5 for index in range(12)))
BIAS = struct.pack("<3f", 0.25, -0.25, 0.5)


def layer(class_name, name=None, **config):
    return {"class_name": class_name, "config": {"name": name or class_name.lower(), **config}}


def input_layer(shape=(None, 4), **config):
    return layer("InputLayer", "input", batch_input_shape=list(shape), dtype="float32", **config)


def dense(**config):
    return layer("Dense", "dense", **{"units": 3, "activation": "linear", "use_bias": True,
                                      "dtype": "float32", "trainable": True, **config})


def sequential(*layers):
    return {"class_name": "Sequential", "config": {"name": "hostile", "layers": list(layers)}}


GOOD = sequential(input_layer(), dense())


def text(config):
    return json.dumps(config, separators=(",", ":"))


def model_file(config=None, kernel=None, bias=None, root=None, weight_names=None, finish=None):
    """A model of one dense layer as Keras 2 stores it.

    `config` is JSON or text; `kernel` and `bias` are functions of the file that give the address of
    a dataset; `root` is a function of the file that gives further messages of the root group.
    """
    config = GOOD if config is None else config
    file = hdf5.File()
    tensors = {
        "kernel:0": kernel(file) if kernel else file.floats([4, 3], WEIGHT),
        "bias:0": bias(file) if bias else file.floats([3], BIAS)}
    inner = file.group(*(hdf5.link(name, address) for name, address in tensors.items()))
    names = [f"dense/{name}" for name in tensors] if weight_names is None else weight_names
    outer = file.group(hdf5.texts_attribute("weight_names", names), hdf5.link("dense", inner))
    weights = file.group(hdf5.texts_attribute("layer_names", ["dense"]), hdf5.link("dense", outer))
    place = config if isinstance(config, (str, bytes)) else text(config)
    messages = [
        hdf5.text_attribute("keras_version", "2.15.0"), hdf5.text_attribute("backend", "tensorflow"),
        hdf5.text_attribute("model_config", place), hdf5.link("model_weights", weights)]
    address = file.group(*messages, *(root(file) if root else []))
    return file.finish(address, **(finish or {}))
