"""ONNX files that break or strain protobuf's wire format."""

from . import onnx_parts as onnx
from .case import Case, cut, single
from .protobuf import block, integer, tag, varint

FILE = "model.onnx"
UNKNOWN_FIELD = 900
EMPTY_INITIALIZERS = 200_000
DEEP = 100_000


def nested(levels):
    """`levels` messages within each other: model, then graph, node and attribute in turn."""
    content = b""
    cycle = (6, 5, 1)  # AttributeProto.g, NodeProto.attribute, GraphProto.node
    # From the inside out; the outermost step is ModelProto.graph, a field of another number.
    steps = [cycle[(index - levels + 1) % 3] for index in range(levels - 2)]
    for field in steps:
        content = block(field, content)
    return integer(1, 8) + block(7, content)


def deeply_nested(levels):
    """Like `nested`, in linear time: the lengths are found first, the bytes written once."""
    lengths, length = [], 0
    for index in range(levels):
        lengths.append((index, length))
        length += 1 + len(varint(length))
    parts = []
    for index, length in reversed(lengths):
        fields = (7,) if index == levels - 1 else ((1, 5, 6)[(levels - 2 - index) % 3],)
        parts.append(tag(fields[0], 2) + varint(length))
    return b"".join(parts)


def with_field(extra):
    return onnx.good_model() + extra


def table():
    good = onnx.good_model()
    yield "depth-101", "101 messages within each other", nested(101)
    yield "depth-100-000", "100,000 messages within each other overflow a stack", (
        deeply_nested(DEEP))
    yield "empty-initializers", "200,000 empty tensors ask for 100 times the file's size", (
        onnx.model(onnx.graph([onnx.linear_node()], [b""] * EMPTY_INITIALIZERS)))
    yield "empty-nodes", "200,000 empty nodes ask for 100 times the file's size", (
        onnx.model(onnx.graph([b""] * EMPTY_INITIALIZERS)))
    yield "varint-11-bytes", "a number of eleven bytes", with_field(
        tag(UNKNOWN_FIELD, 0) + b"\x80" * 10 + b"\x01")
    yield "varint-65-bits", "a tenth byte that holds more than the last bit", with_field(
        tag(UNKNOWN_FIELD, 0) + b"\xff" * 9 + b"\x02")
    yield "varint-cut-off", "the file ends within a number", with_field(
        tag(UNKNOWN_FIELD, 0) + b"\x80")
    yield "tag-zero", "a tag of zero", with_field(b"\x00\x00")
    yield "field-number-zero", "a field of number 0 and a length", with_field(b"\x02\x00")
    yield "field-number-too-large", "a field number of 2^29", with_field(
        varint((1 << 29) << 3) + b"\x00")
    for wire_type, what in ((3, "opens a group"), (4, "closes a group"), (6, "does not exist"),
                            (7, "does not exist")):
        yield f"wire-type-{wire_type}", f"an unknown field of wire type {wire_type}, which {what}", (
            with_field(tag(UNKNOWN_FIELD, wire_type)))
    yield "groups-nested", "100,000 groups that open", with_field(tag(UNKNOWN_FIELD, 3) * DEEP)
    yield "known-field-as-group", "the graph as a group", integer(1, 8) + tag(7, 3) + tag(7, 4)
    yield "known-field-as-number", "the graph as a number", integer(1, 8) + integer(7, 1)
    yield "text-as-fixed-32", "the producer as four bytes", with_field(b"\x15abcd")
    yield "length-beyond-file", "a length one greater than what is left", with_field(
        tag(UNKNOWN_FIELD, 2) + varint(5) + b"abcd")
    yield "length-2-63", "a length of 2^63", with_field(tag(UNKNOWN_FIELD, 2) + varint(1 << 63))
    yield "length-all-ones", "a length of 2^64 - 1", with_field(
        tag(UNKNOWN_FIELD, 2) + varint((1 << 64) - 1))
    yield "length-beyond-parent", "a text that is longer than the message around it", (
        integer(1, 8) + block(7, tag(2, 2) + varint(9) + b"abcd") + b"padding padding")
    yield "fixed-32-cut-off", "three bytes of four", with_field(tag(UNKNOWN_FIELD, 5) + b"abc")
    yield "fixed-64-cut-off", "seven bytes of eight", with_field(tag(UNKNOWN_FIELD, 1) + b"abcdefg")
    yield "packed-floats-odd", "a packed list of floats of seven bytes", (
        onnx.weight_model(onnx.tensor("weight", [1], extra=block(4, b"1234567"))))
    yield "packed-varint-cut-off", "a packed list that ends within a number", (
        onnx.weight_model(onnx.tensor("weight", [1], extra=block(7, b"\x01\x80"))))
    yield "packed-numbers-amplified", "a million packed dimensions take 8 bytes for each", (
        onnx.weight_model(block(1, b"\x01" * 1_000_000) + integer(2, 1) + block(8, "weight")))
    yield "graph-twice", "two graphs, which some readers merge and others replace", (
        onnx.good_model() + block(7, onnx.graph([])))
    yield "version-twice", "the version of the format stands twice", with_field(integer(1, 9))
    yield "text-not-utf-8", "the producer's name is not UTF-8", (
        onnx.good_model() + block(3, b"\xff\xfe"))
    yield "text-with-zero", "an operator's name goes on behind a zero byte", (
        onnx.model(onnx.graph([onnx.node("Relu\0Evil", ["x"], ["y"])])))
    yield "text-overlong-utf-8", "a slash in the two bytes C0 AF", (
        onnx.good_model() + block(3, b"\xc0\xaf"))
    yield "trailing-bytes", "a good model and bytes of something else behind it", (
        good + b"PK\x03\x04 trailing")
    yield "trailing-zeros", "a good model filled up with zeros", good + b"\0" * 16
    yield "no-graph", "a model without a graph", onnx.model(None)
    yield "empty", "a file of no bytes", b""
    yield "only-zeros", "a kilobyte of zeros", b"\0" * 1024
    yield "text-file", "a text file with the name of a model", b"this is no model\n"
    yield "html", "the page of a server that wanted a login", (
        b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>\n")
    yield "git-lfs-pointer", "a pointer in the place of a large file", (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n")


def cases():
    good = onnx.good_model()
    unknown = block(UNKNOWN_FIELD, b"\xaa" * 1_000_000)
    return [
        *single("onnx-wire", FILE, table()),
        *cut(good, "onnx-wire", FILE, 8),
        Case("onnx-wire/unknown-field-large", "a megabyte in an unknown field is passed over",
             {FILE: good + unknown}),
        Case("onnx-wire/depth-100", "100 messages within each other are within the limit",
             {FILE: nested(100)}),
        Case("onnx-wire/wide-numbers", "numbers in more bytes than they need are valid",
             {FILE: good.replace(integer(1, 8), b"\x08\x88\x80\x00", 1)}),
    ]
