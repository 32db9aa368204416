"""FlatBuffers by hand: tables ahead of what they refer to, and any offset replaced by a lie."""

import struct


class Scalar:
    """A number in a table, such as Scalar("I", 3); an offset where it stands for a lie."""

    def __init__(self, code, value):
        self.code, self.value = code, value

    @property
    def width(self):
        return struct.calcsize("<" + self.code)


class Table:
    """Fields by id: a `Scalar`, or what an offset leads to: a table, a vector, text."""

    def __init__(self, **fields):
        self.fields = {int(name[1:]): value for name, value in fields.items() if value is not None}


class Vector:
    """Numbers of one struct code, bytes, or a list of tables or texts."""

    def __init__(self, code, values, count=None):
        self.code, self.values, self.count = code, values, count


def offset(value):
    return Scalar("I", value)


class Writer:
    def __init__(self, identifier=b"TFL3"):
        self.content = bytearray(4) + identifier
        # Where each thing was written, by the object, so that two offsets may lead to one.
        self.places = {}

    def file(self, root):
        place = self.write(root)
        struct.pack_into("<I", self.content, 0, place)
        return bytes(self.content)

    def align(self, width):
        self.content += bytes(-len(self.content) % width)

    def write(self, thing):
        if id(thing) in self.places:
            return self.places[id(thing)]
        if isinstance(thing, Table):
            return self.table(thing)
        if isinstance(thing, str):
            thing = thing.encode()
        if isinstance(thing, bytes):
            return self.data(thing)
        return self.vector(thing)

    def data(self, content):
        self.align(16)
        self.content += bytes(12)
        place = len(self.content)
        self.content += struct.pack("<I", len(content)) + content + b"\0"
        return place

    def vector(self, thing):
        width = 4 if thing.code is None else struct.calcsize("<" + thing.code)
        self.align(8)
        if width == 8:
            self.content += bytes(4)
        place = self.places[id(thing)] = len(self.content)
        count = len(thing.values) if thing.count is None else thing.count
        self.content += struct.pack("<I", count)
        if thing.code is not None:
            self.content += struct.pack(f"<{len(thing.values)}{thing.code}", *thing.values)
            return place
        start = len(self.content)
        self.content += bytes(4 * len(thing.values))
        for index, value in enumerate(thing.values):
            self.link(start + 4 * index, value)
        return place

    def table(self, thing):
        ids = max(thing.fields, default=-1) + 1
        sizes = {key: value.width if isinstance(value, Scalar) else 4
                 for key, value in thing.fields.items()}
        places, end = {}, 4
        for key in sorted(sizes, key=lambda key: -sizes[key]):
            end += -end % sizes[key]
            places[key] = end
            end += sizes[key]
        self.align(2)
        vtable = len(self.content)
        self.content += struct.pack("<HH", 4 + 2 * ids, end)
        self.content += b"".join(struct.pack("<H", places.get(key, 0)) for key in range(ids))
        self.align(8)
        start = self.places[id(thing)] = len(self.content)
        self.content += struct.pack("<i", start - vtable) + bytes(end - 4)
        for key, value in thing.fields.items():
            if isinstance(value, Scalar):
                struct.pack_into("<" + value.code, self.content, start + places[key], value.value)
        for key, value in thing.fields.items():
            if not isinstance(value, Scalar):
                self.link(start + places[key], value)
        return start

    def link(self, place, value):
        """Writes the offset at `place`; what it leads to comes behind everything so far."""
        target = self.write(value)
        struct.pack_into("<I", self.content, place, (target - place) & 0xFFFFFFFF)
