"""Keras models whose configuration asks for code, for memory, or for what its weights are not."""

import json
import struct

from . import hdf5_parts as hdf5
from . import keras_parts as keras
from . import numpy_parts
from .case import Case, single
from .keras_parts import BIAS, GOOD, WEIGHT, dense, input_layer, layer, model_file, sequential
from .zip_parts import DEFLATED, Entry, archive

FAMILY = "keras"
FILE = "model.h5"
ARCHIVE = "model.keras"
DEEP = 5000
MARSHALLED = "4wEAAAAAAAAAAAAAAAMAAADzDAAAAJcAZAFrDQBhAGQAUwA=\n"


def code():
    yield "lambda", "a layer of marshalled code", sequential(
        input_layer(), layer("Lambda", function=[MARSHALLED, None, None], function_type="lambda"),
        dense())
    yield "lambda-named", "a layer that calls a function by its name", sequential(
        input_layer(), layer("Lambda", function="os.system", function_type="function"), dense())
    yield "operation-lambda", "an operation of a framework as a layer", sequential(
        input_layer(), layer("TFOpLambda", function="io.read_file"), dense())
    yield "module-of-system", "a class of the operating system's module", sequential(
        input_layer(), {"module": "os", "class_name": "system", "config": {"name": "id"},
                        "registered_name": None}, dense())
    yield "module-of-keras-inside", "a function of Keras that loads files", sequential(
        input_layer(), {"module": "keras.utils", "class_name": "get_file",
                        "config": {"name": "x", "origin": "http://example.com/x"}}, dense())
    yield "registered", "a class that a package registers", sequential(
        input_layer(), {"module": "package", "class_name": "Evil", "config": {"name": "e"},
                        "registered_name": "package>Evil"}, dense())
    yield "custom-class", "a class that nobody knows", sequential(
        input_layer(), layer("EvilLayer"), dense())
    yield "activation-object", "code in the place of an activation", sequential(
        input_layer(), dense(activation={"class_name": "function", "config": "os.system",
                                         "registered_name": "function"}))
    yield "activation-lambda", "marshalled code in the place of an activation", sequential(
        input_layer(), dense(activation={"class_name": "__lambda__",
                                         "config": {"value": [MARSHALLED, None, None]}}))
    yield "activation-path", "a function of another module as an activation", sequential(
        input_layer(), dense(activation="os>system"))
    yield "initializer-object", "code in the place of an initializer", sequential(
        input_layer(), dense(kernel_initializer={
            "module": "builtins", "class_name": "function", "config": "exec",
            "registered_name": "function"}))
    yield "safe-mode", "a configuration that switches the safety off", {
        "class_name": "Sequential", "safe_mode": False, "config": {
            "name": "m", "safe_mode": False, "layers": [
                input_layer(), layer("Lambda", function=[MARSHALLED, None, None]), dense()]}}
    yield "model-class", "a model of a class of its own", {
        **GOOD, "class_name": "EvilModel", "module": "evil"}
    yield "wrapper", "a layer that wraps another", sequential(
        input_layer(), layer("TimeDistributed", layer=dense()), dense())


def configurations():
    yield "layer-twice", "two layers of one name", sequential(
        input_layer(), dense(), dense())
    yield "no-layers", "no layers", sequential()
    yield "no-input", "layers without an input", sequential(dense())
    yield "layer-without-class", "a layer without a class", sequential(
        input_layer(), {"config": {"name": "dense"}})
    yield "layer-without-config", "a layer without a configuration", sequential(
        input_layer(), {"class_name": "Dense"})
    yield "layer-number", "a number in the place of a layer", sequential(input_layer(), 7)
    yield "config-list", "a list in the place of a configuration", {
        "class_name": "Functional", "config": []}
    yield "key-unknown", "a key that changes a known layer in an unknown way", sequential(
        input_layer(), dense(evil_scale=2.0))
    yield "units-negative", "-3 units", sequential(input_layer(), dense(units=-3))
    yield "units-huge", "2^62 units", sequential(input_layer(), dense(units=1 << 62))
    yield "units-float", "half a unit", sequential(input_layer(), dense(units=2.5))
    yield "units-text", "units in words", sequential(input_layer(), dense(units="three"))
    yield "units-other", "four units for a kernel of three", sequential(
        input_layer(), dense(units=4))
    yield "bias-unused", "a bias that the layer says it has not", sequential(
        input_layer(), dense(use_bias=False))
    yield "type-half", "a layer of 16-bit numbers", sequential(
        input_layer(), dense(dtype="float16"))
    yield "type-unknown", "a layer of numbers that do not exist", sequential(
        input_layer(), dense(dtype="float7"))
    for name, shape in (("negative", [None, -4]), ("zero", [None, 0]), ("huge", [None, 1 << 62]),
                        ("overflow", [None, 1 << 33, 1 << 33]), ("open", [None, None]),
                        ("float", [None, 4.0]), ("text", [None, "4"]), ("none", []),
                        ("rank-40", [None] + [1] * 40), ("other", [None, 5])):
        yield f"input-{name}", f"an input of {shape if len(shape) < 9 else '40 axes'}", sequential(
            input_layer(shape), dense())
    convolution = {"filters": 2, "padding": "valid", "activation": "linear"}

    def image(**options):
        return sequential(input_layer((None, 6, 6, 2)), layer(
            "Conv2D", "dense", **{"kernel_size": [3, 3], "strides": [1, 1], **convolution,
                                  **options}))

    for name, reason, options in (
        ("stride-0", "a stride of 0", {"strides": [0, 1]}),
        ("stride-huge", "a stride of 2^62", {"strides": [1 << 62, 1 << 62]}),
        ("stride-three", "three strides", {"strides": [1, 1, 1]}),
        ("kernel-0", "a kernel of no cells", {"kernel_size": [0, 0]}),
        ("kernel-huge", "a kernel of 2^124 cells", {"kernel_size": [1 << 62, 1 << 62]}),
        ("dilation-0", "a dilation of 0", {"dilation_rate": [0, 1]}),
        ("dilation-huge", "a dilation of 2^62", {"dilation_rate": [1 << 62, 1]}),
        ("padding-word", "a padding that does not exist", {"padding": "mirror"}),
        ("groups-0", "no groups", {"groups": 0}),
        ("data-format", "an order of the axes that does not exist", {"data_format": "sideways"}),
        ("channels-first", "channels first", {"data_format": "channels_first"}),
    ):
        yield f"convolution-{name}", reason, image(**options)
    yield "padding-huge", "2^62 zeros on each side", sequential(
        input_layer((None, 6, 6, 2)), layer("ZeroPadding2D", padding=[[1 << 62, 0], [0, 1 << 62]]))
    yield "padding-negative", "-3 zeros", sequential(
        input_layer((None, 6, 6, 2)), layer("ZeroPadding2D", padding=[[-3, 0], [0, 0]]))
    yield "cropping-all", "more is cut than there is", sequential(
        input_layer((None, 6, 6, 2)), layer("Cropping2D", cropping=[[4, 4], [0, 0]]))
    yield "upsampling-huge", "an image 2^40 times as large", sequential(
        input_layer((None, 6, 6, 2)), layer("UpSampling2D", size=[1 << 20, 1 << 20],
                                            interpolation="nearest"))
    yield "reshape-huge", "a shape of 2^62 values", sequential(
        input_layer(), layer("Reshape", target_shape=[1 << 62]), dense())
    yield "reshape-two-unknown", "two sizes to be guessed", sequential(
        input_layer(), layer("Reshape", target_shape=[-1, -1]), dense())
    yield "permute-repeats", "an axis twice", sequential(
        input_layer((None, 6, 6, 2)), layer("Permute", dims=[1, 1, 3]))
    yield "name-control", "a name that clears the terminal", sequential(
        input_layer(), layer("EvilLayer", "\x1b[2J\x1b[H"), dense())
    yield "name-new-line", "a name of two lines", sequential(
        input_layer(), layer("EvilLayer", "a\n::error::pwn"), dense())
    yield "name-path", "a name that would leave its group", sequential(
        input_layer(), layer("Dense", "../../model_config", units=3, activation="linear"))
    yield "name-empty", "a layer without a name", sequential(
        input_layer(), {"class_name": "Dense", "config": {"name": "", "units": 3,
                                                          "activation": "linear"}})


def functional(layers, inputs, outputs):
    return {"class_name": "Functional", "config": {
        "name": "hostile", "layers": layers, "input_layers": inputs, "output_layers": outputs}}


def graphs():
    def node(made, *sources):
        return {**made, "name": made["config"]["name"],
                "inbound_nodes": [[[source, 0, 0, {}] for source in sources]] if sources else []}

    start, end = [["input", 0, 0]], [["dense", 0, 0]]
    yield "graph-cycle", "two layers that wait for each other", functional(
        [node(input_layer()), node(layer("Add", "a"), "input", "b"),
         node(layer("ReLU", "b"), "a"), node(dense(), "b")], start, end)
    yield "graph-itself", "a layer that waits for itself", functional(
        [node(input_layer()), node(layer("Add", "a"), "input", "a"), node(dense(), "a")],
        start, end)
    yield "graph-undefined", "a layer that reads what nobody writes", functional(
        [node(input_layer()), node(dense(), "nowhere")], start, end)
    yield "graph-output-undefined", "an output that nobody writes", functional(
        [node(input_layer()), node(dense(), "input")], start, [["nowhere", 0, 0]])
    yield "graph-call-missing", "the hundredth call of a layer that is called once", functional(
        [node(input_layer()), node(dense(), "input")], start, [["dense", 100, 0]])
    yield "graph-call-negative", "the call of number -1", functional(
        [node(input_layer()), node(dense(), "input")], start, [["dense", -1, 0]])
    yield "graph-call-huge", "the call of number 2^62", functional(
        [node(input_layer()), node(dense(), "input")], start, [["dense", 1 << 62, 0]])
    yield "graph-calls-malformed", "calls that are no lists", functional(
        [node(input_layer()), {**node(dense(), "input"), "inbound_nodes": [7]}], start, end)
    yield "graph-arguments", "a call with an argument that changes it", functional(
        [node(input_layer()), {**node(dense(), "input"),
                               "inbound_nodes": [[["input", 0, 0, {"evil": 2}]]]}], start, end)
    yield "graph-add-shapes", "a sum of different shapes", functional(
        [node(input_layer()), node(dense(), "input"), node(layer("Add", "a"), "input", "dense")],
        start, [["a", 0, 0]])
    wires = [node(layer("Concatenate", f"c{index}", axis=-1),
                  *[f"c{index - 1}" if index else "input"] * 2) for index in range(60)]
    yield "graph-doubles", "60 layers that each double the values", functional(
        [node(input_layer()), *wires], start, [["c59", 0, 0]])


def texts():
    good = keras.text(GOOD)
    yield "json-depth", "5,000 lists within each other", (
        good[:-1] + ',"x":' + "[" * DEEP + "]" * DEEP + "}")
    yield "json-duplicate", "a class named twice", '{"class_name":"Evil",' + good[1:]
    yield "json-duplicate-by-escape", "a key written in two ways", (
        '{"class\\u005fname":"Evil",' + good[1:])
    yield "json-cut", "a configuration that is cut off", good[:-5]
    yield "json-trailing", "text behind the configuration", good + "[]"
    yield "json-not", "no JSON", "class_name: Sequential"
    yield "json-empty", "no configuration", " "
    yield "json-list", "a list in the place of a model", "[]"
    yield "json-null", "nothing in the place of a model", "null"
    yield "json-infinity", "a word that Python writes for a number", good.replace(
        '"units":3', '"units":Infinity')
    yield "json-digits", "a number of 10,000 digits", good.replace(
        '"units":3', '"units":' + "9" * 10_000)
    yield "json-exponent", "an exponent of 10^9", good.replace('"units":3', '"units":1e1000000000')
    yield "json-surrogate", "half a character", good.replace("hostile", "\\ud800")
    yield "json-control", "a control character in a text", good.replace("hostile", "a\tb")
    yield "json-nested-models", "20 models within each other", nested_models(20)
    yield "pickle", "a pickle in the place of a configuration", b"\x80\x04cos\nsystem\n"


def nested_models(levels):
    content = dense()
    for index in range(levels):
        content = {"class_name": "Sequential", "config": {"name": f"m{index}", "layers": [content]}}
    return keras.text({"class_name": "Sequential", "config": {
        "name": "hostile", "layers": [input_layer(), content]}})


def weights():
    def kernel(dims, data):
        return model_file(kernel=lambda file: file.floats(dims, data))

    yield "kernel-shape", "a kernel that lies the other way", kernel([3, 4], WEIGHT)
    yield "kernel-rank", "a kernel of one axis", kernel([12], WEIGHT)
    yield "kernel-is-group", "a group in the place of the kernel", model_file(
        kernel=lambda file: file.group())
    yield "bias-shape", "a bias of four values for three units", model_file(
        bias=lambda file: file.floats([4], BIAS + b"\0\0\0\0"))
    yield "names-missing", "a bias that is not among the names", model_file(
        weight_names=["dense/kernel:0"])
    yield "names-spare", "a name that the layer does not have", model_file(
        weight_names=["dense/kernel:0", "dense/bias:0", "dense/evil:0"])
    yield "names-twice", "the kernel's name twice", model_file(
        weight_names=["dense/kernel:0", "dense/kernel:0"])
    yield "names-outside", "a name that leaves its group", model_file(
        weight_names=["../../kernel:0", "dense/bias:0"])
    yield "names-empty", "names without characters", model_file(weight_names=["", ""])
    yield "good", "the model without anything wrong", model_file()


def values():
    def kernel(data, datatype=None):
        return model_file(kernel=lambda file: file.dataset(
            [4, 3], hdf5.contiguous(file.add(data), len(data)), datatype=datatype))

    yield "kernel-not-a-number", "a weight that is not a number", kernel(
        struct.pack("<f", float("nan")) + WEIGHT[4:])
    yield "kernel-infinite", "a weight that is infinite", kernel(
        WEIGHT[:-4] + struct.pack("<f", float("inf")))
    yield "kernel-double-infinite", "a double that is infinite as a float", kernel(
        struct.pack("<12d", *[1e300] * 12), hdf5.floats(8))


def archives():
    config, metadata = keras.text({**GOOD, "module": "keras"}), '{"keras_version":"3.8.0"}'
    file = hdf5.File()
    variables = file.group(hdf5.link("0", file.floats([4, 3], WEIGHT)),
                           hdf5.link("1", file.floats([3], BIAS)))
    layers = file.group(hdf5.link("dense", file.group(hdf5.link("vars", variables))))
    tensors = file.finish(file.group(hdf5.link("layers", layers)))

    def made(*, config=config, metadata=metadata, weights=tensors, extra=(), names=None):
        contents = (config, metadata, weights)
        names = names or ("config.json", "metadata.json", "model.weights.h5")
        entries = [Entry(name, content if isinstance(content, bytes) else content.encode())
                   for name, content in zip(names, contents) if content is not None]
        return archive([*entries, *extra])

    yield "zip-good", "the model without anything wrong", made()
    yield "zip-no-config", "an archive without a configuration", made(config=None)
    yield "zip-no-metadata", "an archive without its versions", made(metadata=None)
    yield "zip-no-weights", "an archive without weights", made(weights=None)
    yield "zip-metadata-list", "versions that are a list", made(metadata="[]")
    yield "zip-spare-entry", "a script beside the model", made(
        extra=[Entry("evil.py", b"import os\n")])
    yield "zip-assets", "a file that a layer would load", made(
        extra=[Entry("assets/vocabulary.txt", b"a\nb\n")])
    yield "zip-slip", "an entry that leaves its folder", made(
        extra=[Entry("../evil.py", b"import os\n")])
    yield "zip-config-twice", "two configurations", made(
        extra=[Entry("config.json", config.encode())])
    yield "zip-config-upper-case", "two configurations on some systems", made(
        extra=[Entry("CONFIG.JSON", config.encode())])
    yield "zip-config-not-utf-8", "a configuration that is no UTF-8", made(config=b'{"a":"\xff"}')
    yield "zip-config-system", "a configuration that names a function of the system", made(
        config='{"module":"os","class_name":"system","config":"id"}')
    yield "zip-config-depth", "100,000 lists within each other", made(
        config="[" * 100_000 + "]" * 100_000)
    yield "zip-config-bomb", "64 MB of blanks as a configuration", archive([
        Entry("config.json", b" " * (64 << 20), DEFLATED), Entry("metadata.json", b"{}"),
        Entry("model.weights.h5", tensors)])
    yield "zip-weights-text", "weights that are no HDF5", made(weights=b"no weights\n")
    yield "zip-weights-archive", "weights that are an archive", made(weights=made())
    yield "zip-weights-external", "weights that are a link into another file", made(
        weights=external_weights())
    yield "zip-crc", "weights with a wrong checksum", made(
        weights=None, extra=[Entry("model.weights.h5", tensors, local={"crc": 1},
                                   central={"crc": 1})])


def external_weights():
    file = hdf5.File()
    return file.finish(file.group(hdf5.link("layers", external=("/etc/passwd", "/"))))


def cases():
    models = [(name, reason, model_file(json.dumps(config, separators=(",", ":"))))
              for name, reason, config in (*code(), *configurations(), *graphs())]
    models += [(name, reason, model_file(text)) for name, reason, text in texts()]
    # What is only looked at is not scanned for such values; what is run is.
    run = ("evaluate", FILE, "--data", "data.npy")
    return [*single(FAMILY, FILE, [*models, *weights()]),
            *(Case(f"{FAMILY}/{name}", reason, {FILE: content, "data.npy": numpy_parts.file()}, run)
              for name, reason, content in values()),
            *(Case(f"{FAMILY}/{name}", reason, {ARCHIVE: content})
              for name, reason, content in archives())]
