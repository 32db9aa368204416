"""Keras models that must be refused, above all those that ask for code to be run."""

import json
import zipfile

import keras
import numpy

from . import common

REFUSED = common.KERAS / "refused"


def archive(name, config):
    """A .keras file of that configuration, without weights."""
    path = REFUSED / f"{name}.keras"
    with zipfile.ZipFile(path, "w") as file:
        for entry, text in (
            ("metadata.json", json.dumps({"keras_version": "3.0.0"})),
            ("config.json", config if isinstance(config, str) else json.dumps(config)),
        ):
            info = zipfile.ZipInfo(entry)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, text)
        weights = REFUSED / "weights.h5"
        import h5py

        with h5py.File(weights, "w"):
            pass
        file.writestr(zipfile.ZipInfo("model.weights.h5"), weights.read_bytes())
        weights.unlink()


def sequential(*layers):
    first = {
        "module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
        "config": {"batch_shape": [None, 4], "name": "x", "dtype": "float32"},
    }  # fmt: skip
    return {
        "module": "keras", "class_name": "Sequential", "registered_name": "Sequential",
        "config": {"name": "model", "layers": [first, *layers]},
    }  # fmt: skip


def layer(class_name, module="keras.layers", registered_name=None, **config):
    return {
        "module": module, "class_name": class_name, "registered_name": registered_name,
        "config": {"name": "suspect", **config},
    }  # fmt: skip


def saved(name, model):
    model.save(REFUSED / f"{name}.h5")


def code():
    encoded = {"class_name": "__lambda__", "config": {"value": "4wEAAAA="}}
    archive("lambda", sequential(layer("Lambda", function=encoded)))
    archive("activation-lambda", sequential(layer("Activation", activation=encoded)))
    # The older form: the function's code, its defaults and its closure.
    archive(
        "activation-code",
        sequential(layer("Activation", activation=["4wEAAAAAAAAAAAAAAAEAAAA=", None, None])),
    )
    archive("tf-op-lambda", sequential(layer("TFOpLambda", function="math.multiply")))
    archive("module", sequential(layer("system", module="os", registered_name=None)))
    archive("registered", sequential(layer("Mine", module=None, registered_name="mine>Mine")))
    archive(
        "initializer",
        sequential(layer("Dense", units=2, kernel_initializer=layer("system", "os"))),
    )
    archive("unknown-layer", sequential(layer("LSTM", units=4)))
    archive("unknown-key", sequential(layer("Flatten", trick=True)))


def shapes():
    layers = keras.layers
    saved(
        "dynamic-size",
        keras.Sequential([layers.InputLayer((None, None, 3)), layers.Conv2D(2, 3)]),
    )
    saved(
        "bilinear",
        keras.Sequential(
            [layers.InputLayer((4, 4, 1)), layers.UpSampling2D(2, interpolation="bilinear")]
        ),
    )
    first = keras.Sequential([layers.InputLayer((2,)), layers.Dense(2)])
    first.layers[0].set_weights([numpy.full((2, 2), numpy.nan), numpy.zeros(2)])
    saved("not-finite", first)
    deep = "[" * 100_000 + "]" * 100_000
    archive("deep", deep)


def generate():
    REFUSED.mkdir()
    code()
    shapes()
