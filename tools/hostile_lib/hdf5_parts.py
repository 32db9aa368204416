"""HDF5 files by hand, in the newer form (HDF5 File Format Specification 3.0), with room for lies."""

import struct

SIGNATURE = b"\x89HDF\r\n\x1a\n"
UNDEFINED = (1 << 64) - 1
SUPERBLOCK = 48
DATASPACE, LINK_INFO, DATATYPE, FILL, LINK, EXTERNAL_FILES = 1, 2, 3, 5, 6, 7
LAYOUT, GROUP_INFO, FILTERS, ATTRIBUTE, CONTINUATION, SYMBOL_TABLE = 8, 10, 11, 12, 16, 17
DEFLATE, SHUFFLE, FLETCHER = 1, 2, 3


def lookup3(data):
    """Bob Jenkins' hashlittle with the seed 0: the checksum of the newer structures."""

    def rotated(value, bits):
        return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF

    mask = 0xFFFFFFFF
    a = b = c = (0xDEADBEEF + len(data)) & mask
    position = 0
    while len(data) - position > 12:
        words = struct.unpack_from("<III", data, position)
        a, b, c = (a + words[0]) & mask, (b + words[1]) & mask, (c + words[2]) & mask
        for bits, order in ((4, 0), (6, 1), (8, 2), (16, 0), (19, 1), (4, 2)):
            if order == 0:
                a = ((a - c) & mask) ^ rotated(c, bits)
                c = (c + b) & mask
            elif order == 1:
                b = ((b - a) & mask) ^ rotated(a, bits)
                a = (a + c) & mask
            else:
                c = ((c - b) & mask) ^ rotated(b, bits)
                b = (b + a) & mask
        position += 12
    rest = data[position:]
    if not rest:
        return c
    words = struct.unpack("<III", rest + bytes(12 - len(rest)))
    a, b, c = (a + words[0]) & mask, (b + words[1]) & mask, (c + words[2]) & mask
    c = ((c ^ b) - rotated(b, 14)) & mask
    a = ((a ^ c) - rotated(c, 11)) & mask
    b = ((b ^ a) - rotated(a, 25)) & mask
    c = ((c ^ b) - rotated(b, 16)) & mask
    a = ((a ^ c) - rotated(c, 4)) & mask
    b = ((b ^ a) - rotated(a, 14)) & mask
    return ((c ^ b) - rotated(b, 24)) & mask


def sealed(content):
    return content + struct.pack("<I", lookup3(content))


def message(kind, content, flags=0, size=None):
    return struct.pack("<BHB", kind, len(content) if size is None else size, flags) + content


def header(messages, flags=2, version=2, size=None):
    """An object header of version 2 with all messages in its first piece."""
    content = b"".join(messages)
    stated = len(content) if size is None else size
    return sealed(b"OHDR" + struct.pack("<BBI", version, flags, stated) + content)


def dataspace(dimensions=None, kind=None, version=2, rank=None):
    dimensions = () if dimensions is None else dimensions
    kind = (1 if dimensions else 0) if kind is None else kind
    return struct.pack("<BBBB", version, len(dimensions) if rank is None else rank, 0, kind) + (
        struct.pack(f"<{len(dimensions)}Q", *dimensions))


def floats(size=4, big=False):
    precision, exponent_at, exponent, mantissa, bias = {
        2: (16, 10, 5, 10, 15), 4: (32, 23, 8, 23, 127), 8: (64, 52, 11, 52, 1023)}[size]
    return struct.pack("<BBBBIHHBBBBI", 0x11, 0x20 | big, precision - 1, 0, size, 0, precision,
                       exponent_at, exponent, 0, mantissa, bias)


def text_type(size, padding=0, utf8=True):
    return struct.pack("<BBBBI", 0x13, padding | (0x10 if utf8 else 0), 0, 0, size)


def variable_text_type():
    return struct.pack("<BBBBI", 0x19, 1, 1, 0, 16) + text_type(1)


def attribute(name, datatype, space, data):
    label = name.encode() + b"\0"
    return message(ATTRIBUTE, struct.pack(
        "<BBHHHB", 3, 0, len(label), len(datatype), len(space), 1) + label + datatype + space + data)


def text_attribute(name, text):
    content = text.encode() if isinstance(text, str) else text
    return attribute(name, text_type(len(content)), dataspace(), content)


def texts_attribute(name, texts):
    size = max(len(text) for text in texts)
    data = b"".join(text.encode().ljust(size, b"\0") for text in texts)
    return attribute(name, text_type(size), dataspace([len(texts)]), data)


def link(name, address=None, soft=None, external=None, kind=None, content=b""):
    """A hard link to an address, or another kind of link."""
    label = name.encode() if isinstance(name, str) else name
    if soft is not None:
        kind, content = 1, struct.pack("<H", len(soft)) + soft.encode()
    elif external is not None:
        value = b"\0" + external[0].encode() + b"\0" + external[1].encode() + b"\0"
        kind, content = 64, struct.pack("<H", len(value)) + value
    elif kind is None:
        return message(LINK, struct.pack("<BBH", 1, 0x01, len(label)) + label
                       + struct.pack("<Q", address))
    return message(LINK, struct.pack("<BBBH", 1, 0x09, kind, len(label)) + label + content)


def group_messages():
    return [message(LINK_INFO, struct.pack("<BBQQ", 0, 0, UNDEFINED, UNDEFINED)),
            message(GROUP_INFO, b"\0\0")]


def contiguous(address, size):
    return struct.pack("<BBQQ", 3, 1, address, size)


def chunked(tree, chunk, element=4):
    return struct.pack(f"<BBBQ{len(chunk) + 1}I", 3, 2, len(chunk) + 1, tree, *chunk, element)


def filters(*pipeline):
    """Filter descriptions of (number, client values) with no names but for foreign numbers."""
    content = struct.pack("<BB", 2, len(pipeline))
    for number, values in pipeline:
        name = b"" if number < 256 else b"foreign\0"
        content += struct.pack("<H", number)
        if number >= 256:
            content += struct.pack("<H", len(name))
        content += struct.pack("<HH", 0, len(values)) + name
        content += struct.pack(f"<{len(values)}I", *values)
    return content


class File:
    """A file that grows at its end; every `add` gives the address of what was added."""

    def __init__(self):
        self.content = bytearray(SUPERBLOCK)

    def add(self, content):
        self.content += bytes(-len(self.content) % 8)
        address = len(self.content)
        self.content += content
        return address

    def next_address(self):
        """Where the next thing will stand, for structures that refer to themselves."""
        return len(self.content) + -len(self.content) % 8

    def group(self, *messages):
        return self.add(header([*group_messages(), *messages]))

    def floats(self, dimensions, data):
        """A dataset whose bytes lie in one piece."""
        place = self.add(data)
        return self.dataset(dimensions, contiguous(place, len(data)))

    def dataset(self, dimensions, layout, *messages, datatype=None, space=None):
        return self.add(header([
            message(DATASPACE, dataspace(dimensions) if space is None else space),
            message(DATATYPE, floats() if datatype is None else datatype),
            message(LAYOUT, layout), *messages]))

    def chunks(self, rank, entries, level=0, count=None):
        """A version 1 tree of chunks: (stored size, offsets, address)."""
        node = b"TREE" + struct.pack("<BBHQQ", 1, level, len(entries) if count is None else count,
                                     UNDEFINED, UNDEFINED)
        for size, offsets, address in entries:
            node += struct.pack(f"<II{rank + 1}QQ", size, 0, *offsets, 0, address)
        return self.add(node + struct.pack(f"<II{rank + 1}Q", 0, 0, *[0] * (rank + 1)))

    def finish(self, root, version=2, end=None, base=0, extension=UNDEFINED, widths=(8, 8)):
        head = SIGNATURE + struct.pack("<BBBB", version, *widths, 0) + struct.pack(
            "<QQQQ", base, extension, len(self.content) if end is None else end, root)
        self.content[:SUPERBLOCK] = sealed(head)
        return bytes(self.content)
