"""Data in .npy files that would run code, overflow or lie about its size."""

import struct

from . import numpy_parts as parts
from . import onnx_parts as onnx
from .case import Case, Pipe, cut
from .numpy_parts import DATA, file, header

FAMILY = "npy"
FILE = "data.npy"
MODEL = "model.onnx"
ARGUMENTS = ("evaluate", MODEL, "--data", FILE)


def headers():
    for name, reason, text in (
        ("call", "a call in the place of a type", header("__import__('os').system('id')")),
        ("comprehension", "a loop in the place of a shape", header(shape="(i for i in range(9))")),
        ("expression", "a sum in the place of a number", header(shape="(1+2, 4)")),
        ("nested-tuples", "5,000 brackets within each other",
         header(shape="(" * 5000 + ")" * 5000)),
        ("duplicate-key", "two shapes", header()[:-3] + ", 'shape': (12,), }"),
        ("missing-order", "no order of the axes", "{'descr': '<f4', 'shape': (3, 4), }"),
        ("missing-shape", "no shape", "{'descr': '<f4', 'fortran_order': False, }"),
        ("missing-type", "no type", "{'fortran_order': False, 'shape': (3, 4), }"),
        ("spare-key", "a key that the format does not have",
         header()[:-3] + ", 'hook': 'run', }"),
        ("not-a-dictionary", "a list of pairs", "[('descr', '<f4')]"),
        ("empty", "a header of blanks", ""),
        ("trailing-text", "text behind the dictionary", header() + " import os"),
        ("escape-in-key", "a key in escapes", header().replace("shape", "sh\\x61pe")),
        ("long-type", "a type of 5,000 characters", header("'" + "f" * 5000 + "'")),
        ("shape-number", "a shape that is a number", header(shape="12")),
        ("shape-list", "a shape that is a list", header(shape="[3, 4]")),
        ("shape-negative", "a shape of -3 times -4", header(shape="(-3, -4)")),
        ("shape-boolean", "a truth value in the shape", header(shape="(True, 12)")),
        ("shape-float", "a fraction in the shape", header(shape="(3.0, 4)")),
        ("shape-long", "a number with the letter of old Python", header(shape="(3L, 4L)")),
        ("shape-overflow", "2^32 times 2^32 is 0 in 64 bits",
         header(shape="(4294967296, 4294967296)")),
        ("shape-bytes-overflow", "2^62 values of four bytes",
         header(shape="(4611686018427387904,)")),
        ("shape-2-64", "a number of more than 64 bits",
         header(shape="(18446744073709551628,)")),
        ("shape-digits", "a number of 5,000 digits", header(shape=f"({'9' * 5000},)")),
        ("shape-enormous", "a petabyte in a small file", header(shape="(1000000000000, 250)")),
        ("shape-zero-and-large", "no values in 2^62 rows",
         header(shape="(4611686018427387904, 0)")),
        ("shape-500-axes", "500 axes", header(shape="(" + "1, " * 500 + "3, 4)")),
        ("order-number", "an order that is a number", header(order="1")),
        ("order-none", "no order", header(order="None")),
    ):
        yield f"header-{name}", reason, file(text)
    yield "header-not-ascii", "a header that is no ASCII in version 1", file(
        header().encode().replace(b"descr", b"d\xffscr"))
    yield "header-not-utf-8", "a header that is no UTF-8 in version 3", file(
        header().encode().replace(b"descr", b"d\xffscr"), version=(3, 0))
    yield "header-zero", "a zero byte in the header", file(header().replace(", ", ",\0", 1))


def lengths():
    good = header()
    for version, lengths in (((1, 0), (0, 1, 10, 117, 119, 65535)),
                             ((2, 0), (0, 10_001, 1 << 31, (1 << 32) - 1)),
                             ((3, 0), (0, (1 << 32) - 1))):
        for length in lengths:
            yield (f"length-{version[0]}-{length}",
                   f"a header that says it has {length} bytes, in version {version[0]}",
                   file(good, version=version, length=length))
    for major, minor in ((0, 0), (0, 1), (1, 1), (4, 0), (255, 255)):
        yield f"version-{major}-{minor}", f"version {major}.{minor} of the format", file(
            good, version=(major, minor))
    yield "magic", "another first byte", b"\x94" + file()[1:]
    yield "magic-text-mode", "a file that passed a text conversion", file().replace(
        b"\x93NUMPY", b"\xc2\x93NUMPY")
    yield "empty", "a file of no bytes", b""
    yield "magic-only", "a file that ends behind its magic", parts.MAGIC


def types():
    for name, reason, descr, data in (
        ("object", "objects, which unpickling would run", "'|O'", b"\x80\x04cos\nsystem\n(S'id'\ntR."),
        ("object-plain", "objects without an order", "'O'", DATA),
        ("void", "bytes without a meaning", "'|V8'", bytes(96)),
        ("structured", "records", "[('a', '<f4'), ('b', 'O')]", bytes(96)),
        ("sub-array", "arrays within the array", "('<f4', (2, 2))", bytes(192)),
        ("text", "characters", "'<U4'", bytes(192)),
        ("bytes", "byte strings", "'|S4'", bytes(48)),
        ("complex", "complex numbers", "'<c8'", bytes(96)),
        ("time", "points in time", "'<M8[ns]'", bytes(96)),
        ("span", "spans of time", "'<m8[s]'", bytes(96)),
        ("long-double", "numbers of 16 bytes", "'<f16'", bytes(192)),
        ("native-order", "the order of whichever machine", "'=f4'", DATA),
        ("float-without-order", "four bytes without an order", "'|f4'", DATA),
        ("size-0", "values of no bytes", "'<f0'", b""),
        ("size-huge", "values of 10^18 bytes", "'<f1000000000000000000'", DATA),
        ("unknown", "a type that does not exist", "'<q4'", DATA),
        ("new-name", "a type that a library added", "'bfloat16'", bytes(24)),
        ("empty", "a type without a name", "''", DATA),
        ("number", "a type as a number", "7", DATA),
        ("int32", "inputs must be bytes or floats", "'<i4'", DATA),
        ("boolean", "inputs must be bytes or floats", "'|b1'", bytes([0, 1] * 6)),
    ):
        yield f"type-{name}", reason, file(header(descr), data)


def contents():
    yield "data-short", "a byte of the data is missing", file(data=DATA[:-1])
    yield "data-long", "a byte behind the data", file(data=DATA + b"\0")
    yield "data-none", "no data", file(data=b"")
    yield "not-a-number", "an input that is not a number", file(
        data=DATA[:20] + struct.pack("<f", float("nan")) + DATA[24:])
    yield "infinite", "an input that is infinite", file(
        data=DATA[:44] + struct.pack("<f", float("-inf")))
    yield "no-samples", "no inputs", file(header(shape="(0, 4)"), b"")
    yield "other-shape", "inputs of five values for a model of four", file(
        header(shape="(2, 5)"), DATA[:40])
    yield "scalar", "a single value without axes", file(header(shape="()"), DATA[:4])
    yield "double-out-of-range", "a double that is infinite as a float", file(
        header("'<f8'"), struct.pack("<12d", *[0.0] * 11, 1e300))
    yield "boolean-2", "a truth value of 2", file(header("'|b1'"), bytes([2] * 12))


def accepted():
    yield "big-endian", "numbers with the high byte first are read", file(
        header("'>f4'"), struct.pack(">12f", *[0.5] * 12))
    yield "column-major", "columns one behind the other are read", file(header(order="True"))
    yield "half", "numbers of 16 bits are read", file(header("'<f2'"), bytes(24))
    yield "version-2", "a header of version 2 is read", file(version=(2, 0))
    yield "version-3", "a header of version 3 is read", file(version=(3, 0))
    yield "unpadded", "a header that is not filled up is read", file(pad=False)


def cases():
    files = {MODEL: onnx.good_model()}
    table = [*headers(), *lengths(), *types(), *contents(), *accepted()]
    found = [Case(f"{FAMILY}/{name}", reason, {FILE: content, **files}, ARGUMENTS)
             for name, reason, content in table]
    for case in cut(file(), FAMILY, FILE, 5):
        found.append(Case(case.name, case.reason, {**case.files, **files}, ARGUMENTS))
    found.append(Case(f"{FAMILY}/pipe", "a pipe, which must not block", {FILE: Pipe(), **files},
                      ARGUMENTS))
    labels = parts.array([0, 1, 2], "<i8", code="q")
    for name, reason, content in (
        ("labels-negative", "a class of -1", parts.array([0, 1, -1], "<i8", code="q")),
        ("labels-too-large", "a class that the model does not have",
         parts.array([0, 1, 3], "<i8", code="q")),
        ("labels-huge", "a class of 2^63 - 1", parts.array([0, 1, (1 << 63) - 1], "<i8", code="q")),
        ("labels-too-few", "two classes for three inputs", parts.array([0, 1], "<i8", code="q")),
        ("labels-float", "classes with a fraction", parts.array([0.0, 1.5, 2.0])),
        ("labels-matrix", "a table of classes", parts.array([0, 1, 2], "<i8", (3, 1, 1), "q")),
        ("labels-good", "three classes for three inputs are read", labels),
    ):
        found.append(Case(f"{FAMILY}/{name}", reason, {
            FILE: file(), "labels.npy": content, **files}, (*ARGUMENTS, "--labels", "labels.npy")))
    return found
