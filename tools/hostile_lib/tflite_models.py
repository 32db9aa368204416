"""TFLite models whose offsets, indices and quantizations lead astray (field ids of schema.fbs)."""

import struct

from . import numpy_parts
from .case import Case, cut, single
from .flatbuffer_parts import Scalar, Table, Vector, Writer, offset

FAMILY = "tflite"
FILE = "model.tflite"
FULLY_CONNECTED, ADD, CUSTOM, RESHAPE, CONV = 9, 0, 32, 22, 3
FULLY_CONNECTED_OPTIONS, RESHAPE_OPTIONS, CONV_OPTIONS = 8, 17, 1
FLOAT32, INT32, UINT8, INT8 = 0, 2, 3, 9
WEIGHT = struct.pack("<12f", *(index / 8 - 0.5 for index in range(12)))
BIAS = struct.pack("<3f", 0.25, -0.25, 0.5)
HUGE = (1 << 32) - 1


def tensor(name, shape, buffer=0, element=FLOAT32, quantization=None, **fields):
    return Table(f0=Vector("i", shape), f1=Scalar("b", element), f2=Scalar("I", buffer), f3=name,
                 f4=quantization, **fields)


def quantization(scales=(0.5,), zeros=(0,), dimension=0, **fields):
    return Table(f2=Vector("f", scales), f3=Vector("q", zeros), f6=Scalar("i", dimension), **fields)


def operator(inputs=(0, 1, 2), outputs=(3,), code=0, options_type=FULLY_CONNECTED_OPTIONS,
             options=None, **fields):
    return Table(f0=Scalar("I", code), f1=Vector("i", inputs), f2=Vector("i", outputs),
                 f3=Scalar("B", options_type), f4=options or Table(f0=Scalar("b", 0)), **fields)


def tensors():
    return [tensor("x", [1, 4]), tensor("weight", [3, 4], 1), tensor("bias", [3], 2),
            tensor("y", [1, 3])]


def buffers():
    return [Table(), Table(f0=WEIGHT), Table(f0=BIAS)]


def code(builtin, version=1, custom=None):
    return Table(f0=Scalar("b", min(builtin, 127)), f1=custom, f2=Scalar("i", version),
                 f3=Scalar("i", builtin))


def graph(tensors_=None, inputs=(0,), outputs=(3,), operators=None, name="main"):
    return Table(f0=Vector(None, tensors() if tensors_ is None else tensors_),
                 f1=Vector("i", inputs), f2=Vector("i", outputs),
                 f3=Vector(None, [operator()] if operators is None else operators), f4=name)


def model(graphs=None, codes=None, buffers_=None, version=3, identifier=b"TFL3", **fields):
    root = Table(
        f0=Scalar("I", version), f1=Vector(None, codes or [code(FULLY_CONNECTED)]),
        f2=Vector(None, [graph()] if graphs is None else graphs), f3="hostile",
        f4=Vector(None, buffers() if buffers_ is None else buffers_), **fields)
    return Writer(identifier).file(root)


def changed(index, **options):
    """The good model with one tensor made otherwise."""
    found = tensors()
    defaults = [("x", [1, 4], 0), ("weight", [3, 4], 1), ("bias", [3], 2), ("y", [1, 3], 0)]
    name, shape, buffer = defaults[index]
    settings = {"name": name, "shape": shape, "buffer": buffer, **options}
    found[index] = tensor(**settings)
    return model([graph(found)])


def patched(place, content):
    good = model()
    return good[:place] + content + good[place + len(content):]


def offsets():
    good = model()
    root = struct.unpack_from("<I", good)[0]
    vtable = root - struct.unpack_from("<i", good, root)[0]
    for name, reason, value in (("0", "to itself", 0), ("1", "to an odd place", 9),
                                ("end", "to the file's end", len(good)),
                                ("largest", "2^32 - 1 bytes ahead", HUGE),
                                ("2-31", "2^31 bytes ahead", 1 << 31)):
        yield f"root-{name}", f"the root's offset leads {reason}", patched(
            0, struct.pack("<I", value))
    for name, reason, value in (("0", "the table itself", 0), ("before", "before the file", 1 << 20),
                                ("behind", "behind the file", -(1 << 20)),
                                ("lowest", "2^31 bytes ahead", -(1 << 31)),
                                ("odd", "an odd place", root - vtable - 1)):
        yield f"vtable-{name}", f"the root's vtable is {reason}", patched(
            root, struct.pack("<i", value))
    for name, reason, value in (("0", "no bytes", 0), ("3", "an odd number of bytes", 3),
                                ("largest", "65,535 bytes", 65535)):
        yield f"vtable-size-{name}", f"a vtable of {reason}", patched(
            vtable, struct.pack("<H", value))
        yield f"table-size-{name}", f"a table of {reason}", patched(
            vtable + 2, struct.pack("<H", value))
    for value in (1, 3, 4000, 65535):
        yield f"field-{value}", f"a field at byte {value} of its table", patched(
            vtable + 6, struct.pack("<H", value))
    yield "identifier", "another identifier", model(identifier=b"XXXX")
    yield "identifier-only", "eight bytes", good[:8]
    for name, reason, lie in (
        ("codes", "the operators' codes", "f1"), ("graphs", "the graphs", "f2"),
        ("buffers", "the buffers", "f4")):
        for value, where in ((0, "itself"), (HUGE, "far outside"), (2, "an odd place")):
            root_table = {"f0": Scalar("I", 3), "f1": Vector(None, [code(FULLY_CONNECTED)]),
                          "f2": Vector(None, [graph()]), "f4": Vector(None, buffers())}
            root_table[lie] = offset(value)
            yield f"{name}-offset-{value}", f"the offset of {reason} leads to {where}", (
                Writer().file(Table(**root_table)))
    many = Vector(None, [graph()], count=HUGE)
    yield "vector-largest", "a vector of 2^32 - 1 graphs", Writer().file(Table(
        f0=Scalar("I", 3), f1=Vector(None, [code(0)]), f2=many, f4=Vector(None, buffers())))
    yield "vector-million", "a vector of a million inputs in a small file", model([Table(
            f0=Vector(None, tensors()), f1=Vector("i", [0], count=1 << 20), f2=Vector("i", [3]),
            f3=Vector(None, [operator()]))])
    shared = Table()
    yield "shared-tables", "100,000 offsets that lead to one tensor", model([graph(
        [*tensors(), *[shared] * 100_000])])
    yield "version-0", "version 0 of the schema", model(version=0)
    yield "version-4", "version 4 of the schema", model(version=4)


def indices():
    for name, inputs, outputs in (
        ("input-behind", (9, 1, 2), (3,)), ("input-largest", ((1 << 31) - 1, 1, 2), (3,)),
        ("input-lowest", (-(1 << 31), 1, 2), (3,)), ("input-absent", (-1, 1, 2), (3,)),
        ("bias-lowest", (0, 1, -(1 << 31)), (3,)), ("bias-minus-2", (0, 1, -2), (3,)),
        ("weight-absent", (0, -1, 2), (3,)), ("weight-is-input", (0, 0, 2), (3,)),
        ("output-behind", (0, 1, 2), (9,)), ("output-absent", (0, 1, 2), (-1,)),
        ("output-is-weight", (0, 1, 2), (1,)), ("output-is-input", (0, 1, 2), (0,)),
        ("inputs-none", (), (3,)), ("outputs-none", (0, 1, 2), ()),
        ("inputs-five", (0, 1, 2, 2, 2), (3,)), ("input-undefined", (3, 1, 2), (3,)),
    ):
        yield f"operator-{name}", f"an operator that reads {list(inputs)} and writes {list(outputs)}", (
            model([graph(operators=[operator(inputs, outputs)])]))
    for name, inputs, outputs in (
        ("input-behind", (9,), (3,)), ("input-negative", (-1,), (3,)), ("inputs-none", (), (3,)),
        ("input-twice", (0, 0), (3,)), ("output-behind", (0,), (9,)),
        ("output-negative", (0,), (-1,)), ("outputs-none", (0,), ()),
        ("output-undefined", (0,), (2,)), ("output-is-input", (0,), (0,)),
    ):
        yield f"graph-{name}", f"a graph of the inputs {list(inputs)} and outputs {list(outputs)}", (
            model([graph(inputs=inputs, outputs=outputs)]))
    yield "code-behind", "an operator code behind the last", model(
        [graph(operators=[operator(code=7)])])
    yield "code-largest", "an operator code of 2^32 - 1", model(
        [graph(operators=[operator(code=HUGE)])])
    yield "buffer-behind", "a tensor in a buffer behind the last", changed(1, buffer=99)
    yield "buffer-largest", "a tensor in buffer 2^32 - 1", changed(1, buffer=HUGE)
    yield "buffer-of-input", "an input with values of its own", changed(0, buffer=1)
    yield "no-graph", "no graph", model([])
    yield "two-graphs", "two graphs", model([graph(), graph()])
    yield "no-operators", "no operators", model([graph(operators=[])])
    yield "cycle", "two operators that wait for each other", model([graph(
        [*tensors(), tensor("z", [1, 4])],
        operators=[operator((4, 1, 2), (3,)), operator((3, 1, 2), (4,))])])
    yield "operators-unknown", "an operator that does not exist", model(codes=[code(9999)])
    yield "operator-negative", "an operator of a negative number", model(codes=[code(-5)])
    yield "operator-custom", "an operator of the author's own", model(
        codes=[code(CUSTOM, custom="Evil\x1b[2J")])
    yield "operator-version", "a version of an operator that does not exist", model(
        codes=[code(FULLY_CONNECTED, version=999)])
    yield "options-other", "options of another operator", model([graph(
        operators=[operator(options_type=CONV_OPTIONS)])])
    yield "activation-unknown", "an activation that does not exist", model([graph(
        operators=[operator(options=Table(f0=Scalar("b", 77)))])])
    yield "weights-format", "weights in a shuffled order", model([graph(
        operators=[operator(options=Table(f0=Scalar("b", 0), f1=Scalar("b", 1)))])])


def shapes():
    for name, reason, shape in (
        ("negative", "-3 times -4", [-3, -4]), ("zero", "no values", [0, 4]),
        ("overflow", "2^62 values", [(1 << 31) - 1, (1 << 31) - 1]),
        ("lowest", "-2^31 rows", [-(1 << 31), 4]), ("rank-40", "40 axes", [3, 4] + [1] * 38),
        ("scalar", "no axes", []), ("more", "13 values in 48 bytes", [13]),
        ("other", "a matrix that lies the other way", [4, 3]),
    ):
        yield f"weight-shape-{name}", f"a weight of {reason}", changed(1, shape=shape)
    for name, reason, shape in (
        ("open", "an open size", [1, -1]), ("zero", "no values", [1, 0]),
        ("huge", "2^61 values", [1, (1 << 31) - 1, 1 << 30]), ("scalar", "no axes", []),
        ("batch-5", "five samples at once", [5, 4]), ("other", "five values", [1, 5]),
    ):
        yield f"input-shape-{name}", f"an input of {reason}", changed(0, shape=shape)
    for name, reason, element in (
        ("text", "text", 5), ("complex", "complex numbers", 8), ("4-bit", "numbers of four bits", 17),
        ("unknown", "a type that does not exist", 99), ("negative", "a negative type", -1),
        ("half", "numbers of 16 bits", 1), ("int8", "whole numbers without a scale", INT8),
    ):
        yield f"weight-type-{name}", f"a weight of {reason}", changed(1, element=element)
    yield "output-shape", "an output of another shape than the operator gives", changed(
        3, shape=[1, 7])
    yield "variable", "a weight that the model changes as it runs", changed(
        1, f5=Scalar("?", True))
    yield "sparse", "a sparse weight", changed(1, f6=Table())
    short = [Table(), Table(f0=WEIGHT[:-4]), Table(f0=BIAS)]
    yield "weight-short", "a value too few", model(buffers_=short)
    yield "weight-none", "no values", model(buffers_=[Table(), Table(), Table(f0=BIAS)])
    for name, start, size in (("behind", 1 << 40, 48), ("largest", (1 << 64) - 1, 48),
                              ("size-largest", 64, (1 << 64) - 1), ("size-other", 64, 47),
                              ("wraps", 1 << 63, 1 << 63)):
        yield f"outside-{name}", f"values of {size} bytes at {start}, behind the tables", model(
            buffers_=[Table(), Table(f1=Scalar("Q", start), f2=Scalar("Q", size)),
                      Table(f0=BIAS)])


def quantizations():
    def weight(scales=(0.5,), zeros=(0,), dimension=0, **fields):
        found = tensors()
        found[1] = tensor("weight", [3, 4], 1, INT8, quantization(scales, zeros, dimension, **fields))
        return model([graph(found)], buffers_=[Table(), Table(f0=bytes(12)), Table(f0=BIAS)])

    nan, infinite = float("nan"), float("inf")
    for name, reason, options in (
        ("scale-0", "a step of 0", {"scales": (0.0,)}),
        ("scale-negative", "a step of -1", {"scales": (-1.0,)}),
        ("scale-not-a-number", "a step that is not a number", {"scales": (nan,)}),
        ("scale-infinite", "an infinite step", {"scales": (infinite,)}),
        ("scale-tiny", "a step that is no normal number", {"scales": (1e-45,)}),
        ("scales-two", "two steps for three rows", {"scales": (1.0, 1.0), "zeros": (0, 0)}),
        ("scales-none", "zero points without steps", {"scales": ()}),
        ("zeros-two", "two zero points for one step", {"zeros": (0, 0)}),
        ("zero-huge", "a zero point of 2^62", {"zeros": (1 << 62,)}),
        ("zero-lowest", "a zero point of -2^63", {"zeros": (-(1 << 63),)}),
        ("axis-behind", "steps along an axis that does not exist",
         {"scales": (1.0,) * 3, "zeros": (0,) * 3, "dimension": 7}),
        ("axis-negative", "steps along an axis of -1",
         {"scales": (1.0,) * 3, "zeros": (0,) * 3, "dimension": -1}),
        ("axis-lowest", "steps along an axis of -2^31",
         {"scales": (1.0,) * 3, "zeros": (0,) * 3, "dimension": -(1 << 31)}),
        ("custom", "a rule of the author's own", {"f4": Scalar("B", 1), "f5": Table()}),
    ):
        yield f"quantization-{name}", reason, weight(**options)


def cases():
    good = model()
    table = [*offsets(), *indices(), *shapes(), *quantizations(),
             ("good", "the model without anything wrong", good),
             ("appended", "bytes behind the model, which the format allows", good + b"PK\3\4" * 9)]
    # What is only looked at is not scanned for such values; what is run is.
    broken = model(buffers_=[
        Table(), Table(f0=struct.pack("<f", float("nan")) + WEIGHT[4:]), Table(f0=BIAS)])
    run = Case(f"{FAMILY}/weight-not-a-number", "a weight that is not a number",
               {FILE: broken, "data.npy": numpy_parts.file()},
               ("evaluate", FILE, "--data", "data.npy"))
    return [*single(FAMILY, FILE, table), *cut(good, FAMILY, FILE, 12), run]
