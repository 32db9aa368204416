"""Bundles with every field of the container, and much of the content, set to what breaks it.

Most are sealed again, so that the digests are right and the rule itself must refuse them.
"""

import itertools
import struct
import zlib

from . import bundle_parts as parts
from .bundle_parts import ENTRY_FIELDS, HEADER_FIELDS, entry_at, get, put, seal
from .case import cut, single
from .protobuf import block, integer, tag, varint

FAMILY = "bundle"
FILE = "hostile.synapack"
ARGUMENTS = ("inspect", FILE)
MANIFEST, WEIGHTS, NEURONS, PLACEMENT, RECIPE, CONFORMANCE, REPORT = range(7)
# Values that overflow, wrap or fall over an edge, beside the true one plus and minus 1.
EDGES = (0, 1, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 63, (1 << 64) - 64,
         (1 << 64) - 1)


def values(true, width):
    found = []
    for value in (true - 1, true + 1, *EDGES):
        if 0 <= value <= parts.LARGEST[width] and value != true and value not in found:
            found.append(value)
    return found


def header_fields():
    good = parts.golden()
    for field, (_, width) in list(HEADER_FIELDS.items())[1:]:
        true = get(good, HEADER_FIELDS, field)
        for value in values(true, width):
            # With another number or size of entries the table's digest covers other bytes.
            changed = seal(put(good, HEADER_FIELDS, field, value),
                           table=field in ("count", "entry-size"))
            yield f"header-{field}-{value}", f"the {field} is {value}, not {true}", changed
    for field in ("file-length", "count", "required"):
        yield f"unsealed-{field}", f"the {field} was changed, its digest was not", put(
            good, HEADER_FIELDS, field, get(good, HEADER_FIELDS, field) + 1)


def entry_fields():
    good = parts.golden()
    for index, field in itertools.product((0, 6), ENTRY_FIELDS):
        _, width = ENTRY_FIELDS[field]
        true = get(good, ENTRY_FIELDS, field, entry_at(index))
        for value in values(true, width):
            yield (f"entry-{index + 1}-{field}-{value}",
                   f"the {field} of section {index + 1} is {value}, not {true}",
                   seal(put(good, ENTRY_FIELDS, field, value, entry_at(index))))
    for index, field in ((1, "offset"), (3, "stored-length")):
        start = entry_at(index)
        other = get(good, ENTRY_FIELDS, field, entry_at(index - 1))
        yield f"entry-{index + 1}-like-{index}", f"two sections share one {field}", seal(
            put(good, ENTRY_FIELDS, field, other, start))


def flips():
    good = parts.golden()
    offsets = [3, 70, 100, 128, 200, 850, *(offset + 1 for _, offset, *_ in parts.sections(good))]
    padding = next(offset - 1 for _, offset, *_ in parts.sections(good)
                   if good[offset - 1] == 0 and offset > 896)
    for offset in [*offsets, padding, len(good) - 1]:
        content = bytearray(good)
        content[offset] ^= 0x10
        yield f"flip-{offset}", f"a bit of byte {offset} is the other one", bytes(content)


def files():
    good = parts.golden()
    yield "appended-byte", "a byte behind the end", good + b"\0"
    yield "appended-archive", "an archive behind the end", good + b"PK\x05\x06" + bytes(18)
    yield "prepended-line", "a line before the magic", b"#!/bin/sh\n" + good
    yield "text-mode", "line ends were converted", good.replace(b"\r\n", b"\n")
    yield "magic-only", "eight bytes", good[:8]
    yield "magic-of-image", "the magic of an image with its second byte alike", (
        b"\x89PNG\r\n\x1a\n" + good[8:])
    yield "padding-not-zero", "a byte between two sections", seal(
        bytes(good[:1306]) + b"!" + good[1307:])


def streams():
    good = parts.golden()
    raw = parts.raw_section(good, MANIFEST)

    def compressed(stored, raw_length=None):
        return parts.with_section(good, MANIFEST, raw, stored, raw_length)

    packed = zlib.compress(raw, 9)
    yield "zlib-trailing", "a byte behind the stream", compressed(packed + b"\0")
    yield "zlib-cut", "a stream without its last byte", compressed(packed[:-1])
    yield "zlib-checksum", "a wrong checksum at the end of the stream", compressed(
        packed[:-1] + bytes([packed[-1] ^ 1]))
    yield "zlib-shorter", "a byte more comes out than is stated", compressed(packed, len(raw) - 1)
    yield "zlib-longer", "a byte less comes out than is stated", compressed(packed, len(raw) + 1)
    yield "zlib-bomb-stated", "a gigabyte is stated for 400 bytes", compressed(packed, 1 << 30)
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, zdict=raw[:100])
    yield "zlib-dictionary", "a stream that needs a dictionary", compressed(
        packer.compress(raw) + packer.flush())
    yield "zlib-window", "a window of 64 KiB", compressed(b"\x88\x1c" + packed[2:])
    yield "zlib-empty", "no stream", compressed(b"")
    bomb = zlib.compress(bytes(1 << 22), 9)
    yield "zlib-bomb", "four megabytes of zeros as a manifest", parts.with_section(
        good, MANIFEST, bytes(1 << 22), bomb)


def manifests():
    good = parts.golden()
    raw = parts.raw_section(good, MANIFEST)

    def manifest(content):
        return parts.with_section(good, MANIFEST, content)

    yield "manifest-empty", "a manifest of no bytes", manifest(b"")
    yield "manifest-cut", "a manifest without its last byte", manifest(raw[:-1])
    yield "manifest-unknown-field", "a field that format 1.0 does not have", manifest(
        raw + integer(900, 1))
    yield "manifest-group", "a group", manifest(raw + tag(900, 3))
    yield "manifest-program-twice", "two programs", manifest(raw + block(1, b""))
    yield "manifest-order", "fields in another order", manifest(
        block(4, "synapack") + raw)
    yield "manifest-long-varint", "a number in more bytes than it needs", manifest(
        raw[:1] + _long_length(raw))
    yield "manifest-default-written", "a default that is written out", manifest(
        raw + integer(5, 0))
    yield "manifest-zeros", "a kilobyte of zeros", manifest(bytes(1024))
    yield "manifest-depth", "10,000 messages within each other", manifest(_nested(10_000))
    yield "manifest-populations", "100,000 empty populations", manifest(
        block(1, block(5, b"") * 100_000))
    yield "manifest-text-not-utf-8", "a generator that is no UTF-8", manifest(
        raw + block(4, b"\xff"))
    yield "manifest-length-beyond", "a length beyond the manifest", manifest(
        tag(1, 2) + varint(1 << 40))


def _long_length(raw):
    """The manifest behind its first tag, with the first length in a byte more."""
    position, length, shift = 1, 0, 0
    while True:
        byte = raw[position]
        length |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            break
    encoded = bytearray(varint(length))
    encoded[-1] |= 0x80
    return bytes(encoded) + b"\0" + raw[position:]


def _nested(levels):
    content = b""
    for _ in range(levels):
        content = block(1, content)
    return content


def contents():
    good = parts.golden()

    def section(index, content):
        return parts.with_section(good, index, content)

    weights = parts.raw_section(good, WEIGHTS)
    neurons = parts.raw_section(good, NEURONS)
    placement = parts.raw_section(good, PLACEMENT)
    conformance = parts.raw_section(good, CONFORMANCE)
    yield "weights-short", "a byte of weights is missing", section(WEIGHTS, weights[:-1])
    yield "weights-long", "a byte of weights too many", section(WEIGHTS, weights + b"\0")
    yield "weights-none", "no weights", section(WEIGHTS, b"")
    yield "weights-all-ones", "weights of all ones", section(WEIGHTS, b"\xff" * len(weights))
    yield "neurons-short", "a value of a neuron is missing", section(NEURONS, neurons[:-4])
    yield "neurons-odd", "half a value too many", section(NEURONS, neurons + b"\0\0")
    yield "neurons-zero", "thresholds of 0", section(NEURONS, bytes(len(neurons)))
    yield "neurons-negative", "thresholds of -1", section(NEURONS, b"\xff" * len(neurons))
    yield "placement-empty", "a placement of no bytes", section(PLACEMENT, b"")
    yield "placement-name-huge", "a chip's name of 2^63 bytes", section(
        PLACEMENT, struct.pack("<Q", 1 << 63) + placement[8:])
    yield "placement-all-ones", "numbers of 2^64 - 1", section(
        PLACEMENT, b"\xff" * len(placement))
    yield "placement-short", "a byte of the placement is missing", section(
        PLACEMENT, placement[:-1])
    yield "placement-long", "a byte of the placement too many", section(
        PLACEMENT, placement + b"\0")
    length = struct.unpack_from("<Q", placement)[0]
    for number in range(2):
        at = 8 + length + 8 * number
        for value in (0, 1 << 62, (1 << 64) - 1):
            name = ("rows", "columns")[number]
            yield f"placement-{name}-{value}", f"a mesh of {value} {name}", section(
                PLACEMENT, placement[:at] + struct.pack("<Q", value) + placement[at + 8:])
    for value in (0, 1 << 32, 1 << 63, (1 << 64) - 1):
        yield f"conformance-vectors-{value}", f"{value} vectors", section(
            CONFORMANCE, struct.pack("<Q", value) + conformance[8:])
        yield f"conformance-inputs-{value}", f"a vector of {value} inputs", section(
            CONFORMANCE, conformance[:8] + struct.pack("<Q", value) + conformance[16:])
    yield "conformance-short", "a byte of the vectors is missing", section(
        CONFORMANCE, conformance[:-1])
    yield "conformance-long", "a byte of the vectors too many", section(
        CONFORMANCE, conformance + b"\0")


def documents():
    good = parts.golden()
    for index, name in ((RECIPE, "recipe"), (REPORT, "report")):
        for kind, reason, text in (
            ("empty", "no document", b""),
            ("depth", "100,000 lists within each other", b"[" * 100_000 + b"]" * 100_000),
            ("depth-65", "65 lists within each other", b"[" * 65 + b"]" * 65),
            ("duplicate", "a key twice", b'{"a":1,"a":2}'),
            ("duplicate-by-form", "two keys that differ in how an accent is written",
             '{"e\u0301":1,"\u00e9":2}'.encode()),
            ("order", "keys in another order", b'{"b":1,"a":2}'),
            ("blank", "a blank", b'{"a": 1}'),
            ("escape", "an escape that is not needed", b'{"\\u0061":1}'),
            ("not-utf-8", "text that is no UTF-8", b'{"a":"\xff"}'),
            ("surrogate", "half a character", b'{"a":"\\ud800"}'),
            ("control", "a control character", b'{"a":"\x1b[2J"}'),
            ("not-a-number", "a word for no number", b'{"a":NaN}'),
            ("exponent", "a number in another form", b'{"a":1e2}'),
            ("overflow", "a number that no double holds", b'{"a":1e999}'),
            ("whole-2-63", "a whole number of 2^63", b'{"a":9223372036854775808}'),
            ("digits", "a number of 10,000 digits", b'{"a":' + b"9" * 10_000 + b"}"),
            ("trailing", "text behind the document", b"{}{}"),
        ):
            yield f"{name}-{kind}", f"{name}: {reason}", parts.with_section(good, index, text)


def cases():
    table = [*header_fields(), *entry_fields(), *flips(), *files(), *streams(), *manifests(),
             *contents(), *documents()]
    return [*single(FAMILY, FILE, table, ARGUMENTS),
            *cut(parts.golden(), FAMILY, FILE, 20, ARGUMENTS)]
