"""The weight maps: three encodings, of which each map has the shortest."""

from . import geometry
from .modelled import read_modelled_weights

ENCODINGS = ("DENSE", "BITMAP", "INDEX")
FORM, CANONICAL, WIDTH = "SYN0607", "SYN0610", "SYN0402"
# INDEX is left out where it would stand for more weights than this for each of its bytes.
INDEX_EXPANSION = 64


def read_weights(container, manifest):
    """The weights of every connection in order, row-major."""
    section = container.by_name["weights"]
    if section.stream is not None:
        maps = read_modelled_weights(section, manifest)
        connections = manifest.program.connections
        for values, connection in zip(maps, connections):
            most = (1 << connection.weight_bits - 1) - 1
            if any(abs(value) > most for value in values):
                section.fail(WIDTH, f"a weight is beyond ±{most}")
        section.raw = b"".join(
            written(values, connection.weight_bits)
            for values, connection in zip(maps, connections)
        )
        section.check_raw()
    end = 0
    result = []
    for connection in manifest.program.connections:
        run = connection.weights
        if run.offset != end:
            section.fail(CANONICAL, f"a map is at {run.offset}, not {end}", end)
        end += run.length
        if end > len(section.raw):
            section.fail(FORM, f"a map ends at {end}, behind the section", run.offset)
        result.append(WeightMap(section, connection).values())
    if end != len(section.raw):
        section.fail(CANONICAL, "bytes follow the last map", end)
    return result


def packed_bytes(count, bits):
    return (count * bits + 7) // 8


def leb128_bytes(value):
    return max(1, (value.bit_length() + 6) // 7)


def written(values, bits):
    """The bytes of the map that these weights have."""
    rest = [value for value in values if value]
    dense, body = packed(values, bits), packed(rest, bits)
    bitmap = packed([-(value != 0) for value in values], 1) + body
    gaps, last = b"", -1
    for place, value in enumerate(values):
        if value:
            gaps += leb128(place - last - 1)
            last = place
    candidates = [dense, bitmap]
    if len(values) <= INDEX_EXPANSION * len(gaps + body):
        candidates.append(gaps + body)
    return min(candidates, key=len)


def packed(values, bits):
    result, held, width = bytearray(), 0, 0
    for value in values:
        held |= (value & (1 << bits) - 1) << width
        width += bits
        while width >= 8:
            result.append(held & 0xFF)
            held >>= 8
            width -= 8
    return bytes(result) + bytes([held] if width else [])


def leb128(value):
    result = bytearray()
    while value >= 128:
        result.append(value & 127 | 128)
        value >>= 7
    return bytes(result) + bytes([value])


class WeightMap:
    """One map: its bytes and the numbers that the manifest states of it."""

    def __init__(self, section, connection):
        run = connection.weights
        self.section, self.run, self.start = section, run, run.offset
        self.bits = connection.weight_bits
        self.count = geometry.product(run.shape)
        self.data = section.raw[run.offset : run.offset + run.length]

    def fail(self, message, at=0, code=FORM):
        self.section.fail(code, message, self.start + at)

    def values(self):
        decode = {"DENSE": self.dense, "BITMAP": self.bitmap, "INDEX": self.index}
        values = decode[self.run.encoding]()
        nonzero = sum(1 for value in values if value)
        if nonzero != self.run.nonzero:
            self.fail(f"{nonzero} weights are not zero, not {self.run.nonzero}", code=CANONICAL)
        self.check_encoding(values)
        return values

    def expect(self, length):
        if self.run.length != length:
            self.fail(f"a map has {self.run.length} bytes, not {length}")

    def dense(self):
        self.expect(packed_bytes(self.count, self.bits))
        return self.unpack(0, self.count)

    def bitmap(self):
        head, nonzero = packed_bytes(self.count, 1), self.run.nonzero
        self.expect(head + packed_bytes(nonzero, self.bits))
        bits = [self.data[i >> 3] >> (i & 7) & 1 for i in range(8 * head)]
        if any(bits[self.count :]):
            self.fail("the bitmap is not filled up with zeros", head - 1, CANONICAL)
        if sum(bits) != nonzero:
            self.fail(f"the bitmap holds {sum(bits)} bits, not {nonzero}", code=CANONICAL)
        rest = iter(self.unpack_nonzero(head, nonzero))
        return [next(rest) if bit else 0 for bit in bits[: self.count]]

    def index(self):
        if self.count > INDEX_EXPANSION * self.run.length:
            self.fail("INDEX stands for too many weights", code=CANONICAL)
        places, position, place = [], 0, -1
        for _ in range(self.run.nonzero):
            gap, position = self.leb128(position)
            place += gap + 1
            if place >= self.count:
                self.fail("a weight lies behind the map's shape", position)
            places.append(place)
        self.expect(position + packed_bytes(self.run.nonzero, self.bits))
        values = [0] * self.count
        for place, value in zip(places, self.unpack_nonzero(position, self.run.nonzero)):
            values[place] = value
        return values

    def leb128(self, position):
        value = shift = 0
        while True:
            if position >= len(self.data) or shift > 63:
                self.fail("a LEB128 number does not end", position)
            byte = self.data[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if byte == 0 and shift > 7:
            self.fail("a LEB128 number is longer than it needs", position - 1, CANONICAL)
        return value, position

    def unpack_nonzero(self, start, count):
        values = self.unpack(start, count)
        if 0 in values:
            self.fail("a weight that should not be zero is zero", start, CANONICAL)
        return values

    def unpack(self, start, count):
        """Values of two's complement from the lowest bit of byte `start` on."""
        bits, half = self.bits, 1 << (self.bits - 1)
        values, held, width, position = [], 0, 0, start
        for _ in range(count):
            while width < bits:
                held |= self.data[position] << width
                width += 8
                position += 1
            value = held & (2 * half - 1)
            value -= 2 * half if value >= half else 0
            if value == -half:
                self.fail(f"the weight {value} is beyond ±{half - 1}", position - 1, WIDTH)
            values.append(value)
            held >>= bits
            width -= bits
        if held:
            self.fail("the last byte is not filled up with zeros", position - 1, CANONICAL)
        return values

    def check_encoding(self, values):
        """Of the three encodings the shortest, of equal ones the first."""
        nonzero = self.run.nonzero
        body = packed_bytes(nonzero, self.bits)
        lengths = [packed_bytes(self.count, self.bits), packed_bytes(self.count, 1) + body]
        gaps, last = 0, -1
        for place, value in enumerate(values):
            if value:
                gaps += leb128_bytes(place - last - 1)
                last = place
        if self.count <= INDEX_EXPANSION * (gaps + body):
            lengths.append(gaps + body)
        expected = ENCODINGS[lengths.index(min(lengths))]
        if expected != self.run.encoding:
            self.fail(f"the encoding is {self.run.encoding}, not {expected}", code=CANONICAL)
