"""NumPy's .npy files by hand."""

import struct

MAGIC = b"\x93NUMPY"
ROWS, COLUMNS = 3, 4
DATA = struct.pack("<12f", *(index / 8 for index in range(12)))


def header(descr="'<f4'", order="False", shape="(3, 4)"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


def file(text=None, data=DATA, version=(1, 0), length=None, pad=True):
    """A file with any header; its length field says `length` where that is given."""
    content = (header() if text is None else text)
    content = content.encode("utf-8") if isinstance(content, str) else content
    width = 2 if version[0] == 1 else 4
    if pad:
        content += b" " * (-(len(MAGIC) + 2 + width + len(content) + 1) % 64) + b"\n"
    stated = len(content) if length is None else length
    return MAGIC + bytes(version) + stated.to_bytes(width, "little") + content + data


def array(values, element="<f4", shape=None, code="f"):
    """A good file of the values."""
    shape = shape or (len(values),)
    sizes = "(" + "".join(f"{extent}, " for extent in shape).rstrip() + ")"
    return file(header(f"'{element}'", "False", sizes), struct.pack(f"<{len(values)}{code}", *values))
