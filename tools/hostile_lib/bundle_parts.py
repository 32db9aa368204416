"""The golden bundle, taken apart and sealed again around whatever was changed in it."""

import hashlib
import pathlib
import struct
import zlib

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "bundles" / "v1"
HEADER = 128
ENTRY = 104
# Offset and struct code of each field.
HEADER_FIELDS = {
    "magic": (0, "Q"), "major": (8, "H"), "minor": (10, "H"), "header-length": (12, "I"),
    "file-length": (16, "Q"), "required": (24, "Q"), "optional": (32, "Q"), "write": (40, "Q"),
    "table-offset": (48, "Q"), "entry-size": (56, "I"), "count": (60, "I"),
}
ENTRY_FIELDS = {
    "type": (0, "I"), "flags": (4, "I"), "offset": (8, "Q"), "stored-length": (16, "Q"),
    "raw-length": (24, "Q"), "alignment": (32, "I"), "codec": (36, "I"),
}
# The codec that models values, and the feature that it requires.
MODELLED, MODELLED_FEATURE = 2, 4
LARGEST = {"H": (1 << 16) - 1, "I": (1 << 32) - 1, "Q": (1 << 64) - 1}


def golden(name="full"):
    return (GOLDEN / f"{name}.synapack").read_bytes()


def get(data, table, field, start=0):
    offset, code = table[field]
    return struct.unpack_from("<" + code, data, start + offset)[0]


def put(data, table, field, value, start=0):
    """A copy with one field changed; the value is cut to the field's width."""
    offset, code = table[field]
    content = bytearray(data)
    struct.pack_into("<" + code, content, start + offset, value & LARGEST[code])
    return bytes(content)


def entry_at(index):
    return HEADER + ENTRY * index


def sections(data):
    """(type, offset, stored length, codec) of each section."""
    count = get(data, HEADER_FIELDS, "count")
    return [
        tuple(get(data, ENTRY_FIELDS, field, entry_at(index))
              for field in ("type", "offset", "stored-length", "codec"))
        for index in range(count)
    ]


def seal(data, table=True):
    """Digests of the table and the header made right again."""
    content = bytearray(data)
    if table:
        count = min(get(data, HEADER_FIELDS, "count"), 4096)
        size = get(data, HEADER_FIELDS, "entry-size")
        stored = content[HEADER:HEADER + min(count * size, len(content))]
        content[64:96] = hashlib.sha256(stored).digest()
    content[96:128] = bytes(32)
    content[96:128] = hashlib.sha256(content[:HEADER]).digest()
    return bytes(content)


def raw_section(data, index):
    """The bytes of a section as they mean something."""
    _, offset, length, codec = sections(data)[index]
    stored = data[offset:offset + length]
    return zlib.decompress(stored) if codec else stored


def with_section(data, index, raw, stored=None, raw_length=None):
    """The bundle with other content in one section, and every length and digest made right.

    The content is stored as it is, or as `stored`, which is then said to be compressed; then also
    `raw_length` may say something else than the truth.
    """
    codec = 0 if stored is None else 1
    length = len(raw) if raw_length is None else raw_length
    return _laid(data, index, raw if stored is None else stored, codec, length,
                 hashlib.sha256(raw).digest())


def with_stream(data, index, stream, raw_length=None):
    """The bundle with other modelled bytes in one section that says to hold the same raw ones."""
    start = entry_at(index)
    length = get(data, ENTRY_FIELDS, "raw-length", start) if raw_length is None else raw_length
    return _laid(data, index, stream, MODELLED, length, data[start + 72:start + 104])


def stored_section(data, index):
    _, offset, length, _ = sections(data)[index]
    return data[offset:offset + length]


def _laid(data, index, stored, codec, raw_length, raw_digest):
    """The sections one after another, `stored` in the place of one, and the digests made right."""
    parts = sections(data)
    contents = [data[offset:offset + length] for _, offset, length, _ in parts]
    contents[index] = stored
    result = bytearray(data[:entry_at(len(parts))])
    for number, content in enumerate(contents):
        result += bytes(-len(result) % 64)
        struct.pack_into("<QQ", result, entry_at(number) + 8, len(result), len(content))
        result += content
    start = entry_at(index)
    flags = get(data, ENTRY_FIELDS, "flags", start) & ~2 | (2 if codec else 0)
    struct.pack_into("<I", result, start + 4, flags)
    struct.pack_into("<QII", result, start + 24, raw_length, 6, codec)
    result[start + 40:start + 72] = hashlib.sha256(stored).digest()
    result[start + 72:start + 104] = raw_digest
    struct.pack_into("<Q", result, 16, len(result))
    return seal(bytes(result))
