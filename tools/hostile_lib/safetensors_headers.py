"""safetensors files with headers and offsets that break the format's rules."""

import struct

from . import numpy_parts
from . import safetensors_parts as parts
from .case import Case, cut
from .safetensors_parts import GOOD, changed, entry, file, good_text, raw

FAMILY = "safetensors"
FILE = "model.safetensors"
DESCRIPTION = "layers.yaml"
ARGUMENTS = ("inspect", FILE, "--architecture", DESCRIPTION)
MILLION = 1_000_000
DEEP = 100_000

LAYERS = b"""\
name: one-layer
input: [4]
layers:
  - linear: fc
"""


def lengths():
    good = good_text().encode()
    rest = good + parts.DATA
    for name, reason, length in (
        ("0", "a header of no bytes", 0),
        ("1", "a header of one byte", 1),
        ("7", "a header that ends within a name", 7),
        ("one-short", "a header without its last brace", len(good) - 1),
        ("one-long", "a header that reaches into the data", len(good) + 1),
        ("whole-file", "a header as long as everything behind it", len(rest)),
        ("beyond-file", "a header one byte longer than the file", len(rest) + 1),
        ("100-million", "a header of the most bytes allowed, in a small file", 100_000_000),
        ("100-million-1", "a header of more bytes than allowed", 100_000_001),
        ("2-32", "a length of 2^32", 1 << 32),
        ("2-63", "a length of 2^63", 1 << 63),
        ("largest", "a length of 2^64 - 1", (1 << 64) - 1),
        ("wraps", "a length that wraps to 0 with the eight bytes before it", (1 << 64) - 8),
    ):
        yield f"length-{name}", reason, struct.pack("<Q", length) + rest
    yield "seven-bytes", "a file shorter than its length field", bytes(7)
    yield "eight-zeros", "a length of 0 and nothing else", bytes(8)


def texts():
    good = good_text()
    inner = good[1:-1]
    weight = '"fc.weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]}'
    bias = '"fc.bias":{"dtype":"F32","shape":[3],"data_offsets":[48,60]}'
    yield "starts-with-blank", "the header starts with a blank", raw(" " + good)
    yield "starts-with-array", "the header is a list", raw("[" + good + "]")
    yield "starts-with-mark", "the header starts with a byte-order mark", raw("\ufeff" + good)
    yield "padding-zeros", "the header is filled up with zeros", raw(good + "\0" * 4)
    yield "padding-tabs", "the header is filled up with tabs", raw(good + "\t\t")
    yield "padding-new-line", "the header ends with a line break", raw(good + "\n")
    yield "second-value", "two objects in one header", raw(good + "{}")
    yield "not-utf-8", "a name that is no UTF-8", raw(b'{"\xff":1,' + inner.encode() + b"}")
    yield "lone-surrogate", "a name of half a character", raw('{"\\ud800":{},' + inner + "}")
    yield "control-in-name", "an unescaped control character in a name", raw(
        good.replace("fc.bias", "fc\nbias"))
    yield "zero-in-name", "a name with a zero character", raw(
        good.replace("fc.bias", "fc.bias\\u0000x"))
    yield "duplicate-tensor", "one tensor named twice with two meanings", raw(
        "{" + weight + "," + bias + ',"fc.bias":{"dtype":"U8","shape":[12],'
        '"data_offsets":[48,60]}}')
    yield "duplicate-by-escape", "one name written in two ways", raw(
        "{" + weight + "," + bias + "," + bias.replace("fc.bias", "fc.b\\u0069as") + "}")
    yield "duplicate-dtype", "two types of one tensor", raw(
        good.replace('"dtype":"F32","shape":[3]', '"dtype":"F32","dtype":"I32","shape":[3]'))
    yield "duplicate-by-escaped-key", "two shapes of one tensor, one of them in escapes", raw(
        good.replace('"shape":[3]', '"shape":[3],"s\\u0068ape":[1,3]'))
    yield "duplicate-metadata", "the notes stand twice", raw(
        '{"__metadata__":{},"__metadata__":{"a":"b"},' + inner + "}")
    yield "metadata-number", "a note that is a number", raw('{"__metadata__":{"a":1},' + inner + "}")
    yield "metadata-text", "the notes are a text", raw('{"__metadata__":"a",' + inner + "}")
    yield "metadata-nested", "a note within a note", raw(
        '{"__metadata__":{"a":{"b":"c"}},' + inner + "}")
    yield "depth-lists", "100,000 lists within each other", raw(
        '{"a":' + "[" * DEEP + "]" * DEEP + "}")
    yield "depth-objects", "100,000 objects that never end", raw('{"a":' * DEEP)
    yield "unfinished", "the header ends within a list", raw(good[:-10])
    yield "trailing-comma", "a comma before the end", raw(good[:-1] + ",}")
    yield "single-quotes", "other quotes than JSON's", raw(good.replace('"', "'"))
    yield "comment", "a comment", raw(good.replace("{", "{/* */", 1))
    yield "infinity", "a word that some writers use for a number", raw(
        good.replace("[0,48]", "[0,Infinity]"))


def numbers():
    for name, reason, text in (
        ("exponent", "a number with an exponent", "4.8e1"),
        ("fraction", "a whole number with a point", "48.0"),
        ("negative-zero", "a zero with a sign", "-0"),
        ("leading-zero", "a number with a leading zero", "048"),
        ("plus", "a number with a plus", "+48"),
        ("hexadecimal", "a number in another base", "0x30"),
        ("2-64", "2^64, which is 0 in 64 bits", "18446744073709551616"),
        ("2-63", "2^63", "9223372036854775808"),
        ("thousand-digits", "a number of a thousand digits", "1" * 1000),
        ("negative", "a negative offset", "-48"),
        ("text", "a number as a text", '"48"'),
        ("true", "a truth value", "true"),
        ("null", "no value", "null"),
    ):
        yield f"number-{name}", reason, raw(good_text().replace("[0,48]", f"[0,{text}]"))


def fields():
    for name, reason, header in (
        ("dtype-missing", "a tensor without a type", changed(dtype=None)),
        ("shape-missing", "a tensor without a shape", changed(shape=None)),
        ("offsets-missing", "a tensor without a place", changed(data_offsets=None)),
        ("field-unknown", "a tensor with a field that the format does not have",
         changed(strides=[4, 1])),
        ("dtype-unknown", "a type that does not exist", changed(dtype="F33")),
        ("dtype-lower-case", "a type in lower case", changed(dtype="f32")),
        ("dtype-number", "a type as a number", changed(dtype=7)),
        ("dtype-8-bit-float", "floating-point numbers of eight bits",
         changed(dtype="F8_E4M3", shape=[3, 16])),
        ("dtype-4-bit-odd", "an odd number of four-bit values",
         changed(dtype="F4", shape=[95])),
        ("dtype-complex", "complex numbers", changed(dtype="C64", shape=[3, 2])),
        ("shape-number", "a shape that is no list", changed(shape=12)),
        ("shape-negative", "a shape of -3 times -4", changed(shape=[-3, -4])),
        ("shape-overflow", "2^32 times 2^32 is 0 in 64 bits",
         changed(shape=[1 << 32, 1 << 32], data_offsets=[0, 0])),
        ("shape-wraps", "a shape whose bytes are 48 in 64 bits",
         changed(shape=[(1 << 62) + 12])),
        ("shape-too-small", "a shape of fewer bytes than the place has", changed(shape=[3, 3])),
        ("shape-too-large", "a shape of more bytes than the place has", changed(shape=[3, 5])),
        ("shape-100-axes", "100 axes", changed(shape=[3, 4] + [1] * 98)),
        ("shape-nested", "a list within the shape", changed(shape=[[3, 4]])),
        ("offsets-three", "three offsets", changed(data_offsets=[0, 48, 60])),
        ("offsets-one", "one offset", changed(data_offsets=[0])),
        ("offsets-reversed", "the end before the beginning", changed(data_offsets=[48, 0])),
        ("offsets-beyond", "a place behind the end of the file",
         changed("fc.bias", data_offsets=[48, 64], shape=[4])),
        ("offsets-far", "a place at 2^62", changed("fc.bias", data_offsets=[1 << 62, (1 << 62) + 12])),
        ("hole", "a byte that belongs to no tensor",
         changed("fc.bias", dtype="U8", shape=[11], data_offsets=[49, 60])),
        ("hole-at-start", "the first bytes belong to no tensor",
         {"fc.bias": entry("F32", [3], 48, 60)}),
        ("overlap", "two tensors share four bytes",
         changed("fc.bias", shape=[4], data_offsets=[44, 60])),
        ("same-place", "two tensors in one place",
         {**GOOD, "fc.weight2": entry("F32", [3, 4], 0, 48)}),
        ("not-covered", "bytes behind the last tensor", {"fc.weight": GOOD["fc.weight"]}),
        ("empty-tensor-within", "a tensor of no bytes within another",
         {**GOOD, "empty": entry("F32", [0], 24, 24)}),
        ("empty-tensor-far", "a tensor of no bytes behind the end",
         {**GOOD, "empty": entry("F32", [0], 100, 100)}),
        ("zero-and-large", "no values in 2^62 rows", {**GOOD, "empty": entry(
            "F32", [1 << 62, 0], 60, 60)}),
        ("empty-name", "a tensor without a name",
         {**changed(), "": entry("F32", [0], 60, 60)}),
        ("tensor-is-list", "a tensor that is a list", {**GOOD, "list": []}),
        ("spare-tensor", "a tensor that no layer uses",
         {"fc.weight": GOOD["fc.weight"], "fc.bias": GOOD["fc.bias"],
          "fc.other": entry("F32", [0], 60, 60)}),
        ("missing-tensor", "a layer without its weight",
         {"other": entry("F32", [15], 0, 60)}),
        ("misshapen-tensor", "a bias of a shape that fits no layer",
         changed("fc.bias", shape=[1, 3])),
        ("no-tensors", "no tensor, but data", {}),
    ):
        yield name, reason, file(header)
    yield "no-tensors-no-data", "neither tensors nor data", file({}, b"")
    yield "trailing-byte", "a byte behind the data", file(GOOD, parts.DATA + b"\0")
    yield "data-missing", "a byte of the data is missing", file(GOOD, parts.DATA[:-1])


def values():
    yield "not-a-number", "a weight that is not a number", file(
        GOOD, struct.pack("<f", float("nan")) + parts.DATA[4:])
    yield "infinite", "a bias that is infinite", file(
        GOOD, parts.DATA[:-4] + struct.pack("<f", float("inf")))


def large():
    entries = ",".join(f'"{index}":{{"dtype":"U8","shape":[0],"data_offsets":[60,60]}}'
                       for index in range(100_000))
    yield "tensors-100-000", "100,000 tensors of no bytes, which no layer uses", raw(
        good_text()[:-1] + "," + entries + "}")
    yield "names-alike", "20,000 names that differ in their last character", raw(
        good_text()[:-1] + "".join(
            f',"{"a" * 40}{index}":{{"dtype":"U8","shape":[0],"data_offsets":[60,60]}}'
            for index in range(20_000)) + "}")
    yield "name-of-a-megabyte", "a name of a megabyte", raw(
        good_text().replace("fc.bias", "b" * MILLION))
    yield "blanks", "a header of a megabyte of blanks", raw(good_text() + " " * MILLION)
    yield "polyglot-zip", "an archive behind the data", file(
        GOOD, parts.DATA + b"PK\x05\x06" + bytes(18))


def cases():
    table = [*lengths(), *texts(), *numbers(), *fields(), *large()]
    files = {DESCRIPTION: LAYERS}
    found = [Case(f"{FAMILY}/{name}", reason, {FILE: content, **files}, ARGUMENTS)
             for name, reason, content in table]
    for case in cut(parts.good_file(), FAMILY, FILE, 6, ARGUMENTS):
        found.append(Case(case.name, case.reason, {**case.files, **files}, ARGUMENTS))
    # What is read to be run is scanned; what is only looked at is not.
    run = ("evaluate", FILE, "--architecture", DESCRIPTION, "--data", "data.npy")
    data = {**files, "data.npy": numpy_parts.file()}
    found += [Case(f"{FAMILY}/{name}", reason, {FILE: content, **data}, run)
              for name, reason, content in values()]
    return found
