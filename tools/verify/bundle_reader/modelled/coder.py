"""The binary arithmetic coder: an interval of 32 bits that every bit narrows."""

FULL = 0xFFFFFFFF


class Interval:
    def __init__(self):
        self.low, self.high = 0, FULL

    def split(self, probability):
        return self.low + ((self.high - self.low) * probability >> 16)

    def keep(self, bit, split):
        """Narrows the interval and yields each leading byte that is settled by it."""
        if bit:
            self.high = split
        else:
            self.low = split + 1
        while self.low >> 24 == self.high >> 24:
            yield self.low >> 24
            self.low = self.low << 8 & FULL
            self.high = self.high << 8 & FULL | 0xFF


class Encoder(Interval):
    def __init__(self):
        super().__init__()
        self.bytes = bytearray()

    def code(self, bit, probability):
        self.bytes.extend(self.keep(bit, self.split(probability)))
        return bit

    def finish(self):
        """The fewest bytes that, with zeros behind them, lie in the interval."""
        for count in range(5):
            unit = 1 << (32 - 8 * count)
            number = -(-self.low // unit) * unit
            if number <= self.high:
                return bytes(self.bytes) + (number >> (32 - 8 * count)).to_bytes(count, "big")
        raise AssertionError("an interval is never empty")


class Decoder(Interval):
    def __init__(self, stream):
        super().__init__()
        self.stream, self.position, self.number = stream, 0, 0
        for _ in range(4):
            self.shift()

    def shift(self):
        at_end = self.position >= len(self.stream)
        byte = 0 if at_end else self.stream[self.position]
        self.number = self.number << 8 & FULL | byte
        self.position += 1
        if self.position > len(self.stream) + 4:
            raise ValueError("the stream ends early")

    def code(self, _, probability):
        split = self.split(probability)
        bit = self.number <= split
        for _ in self.keep(bit, split):
            self.shift()
        return bit

    def is_consumed(self):
        return self.position >= len(self.stream)
