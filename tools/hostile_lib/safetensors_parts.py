"""safetensors files by hand: a length, a header in JSON, the tensors' bytes."""

import json
import struct

WEIGHT = struct.pack("<12f", *(index / 8 - 0.5 for index in range(12)))
BIAS = struct.pack("<3f", 0.25, -0.25, 0.5)
DATA = WEIGHT + BIAS


def entry(element, shape, begin, end):
    return {"dtype": element, "shape": shape, "data_offsets": [begin, end]}


GOOD = {
    "fc.weight": entry("F32", [3, 4], 0, 48),
    "fc.bias": entry("F32", [3], 48, 60),
}


def raw(header, data=DATA, length=None):
    """A file with the header as it is given, text or bytes, and any length before it."""
    if isinstance(header, str):
        header = header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def file(header, data=DATA):
    return raw(json.dumps(header, separators=(",", ":")), data)


def good_file():
    return file(GOOD)


def changed(name="fc.weight", **fields):
    """The good header with fields of one tensor replaced; None removes a field."""
    header = {key: dict(value) for key, value in GOOD.items()}
    for key, value in fields.items():
        if value is None:
            del header[name][key]
        else:
            header[name][key] = value
    return header


def good_text():
    return json.dumps(GOOD, separators=(",", ":"))
