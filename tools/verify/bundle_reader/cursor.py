"""Reading the little-endian values of one section from front to back."""

import math
import struct

TEXT_BYTES = 1024
FORM_CODE = "SYN0607"


class Cursor:
    """A position in the raw bytes of a section; every refusal names the place."""

    def __init__(self, section):
        self.section = section
        self.data = section.raw
        self.position = 0

    def fail(self, message, code=FORM_CODE, at=None):
        self.section.fail(code, message, self.position if at is None else at)

    def take(self, count, what):
        if count > len(self.data) - self.position:
            self.fail(f"{what} needs {count} bytes, {len(self.data) - self.position} are left")
        self.position += count
        return self.data[self.position - count : self.position]

    def number(self, layout, what):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout), what))[0]

    def count(self, what, least=0, most=2**63 - 1):
        """A u64 named n in the page, within bounds."""
        start = self.position
        value = self.number("Q", what)
        if not least <= value <= most:
            self.fail(f"{what} is {value}, not {least} to {most}", at=start)
        return value

    def length(self, what, item_bytes):
        """The count of a list, bounded by the bytes left: no list is longer than its file."""
        start = self.position
        value = self.count(what)
        if value * item_bytes > len(self.data) - self.position:
            self.fail(f"{what} is {value}, more than the section holds", at=start)
        return value

    def integers(self, letter, count, what):
        layout = f"<{count}{letter}"
        return struct.unpack(layout, self.take(struct.calcsize(layout), what))

    def real(self, what):
        """An f64: finite, not negative, zero without a sign."""
        start = self.position
        value = self.number("d", what)
        if not math.isfinite(value) or math.copysign(1, value) < 0:
            self.fail(f"{what} is {value}, not a finite number from zero up", at=start)
        return value

    def text(self, what):
        length = self.count(f"the length of {what}", 0, TEXT_BYTES)
        start = self.position
        try:
            return self.take(length, what).decode("utf-8")
        except UnicodeDecodeError:
            self.fail(f"{what} is not UTF-8", at=start)

    def finish(self):
        if self.position != len(self.data):
            self.fail(f"{len(self.data) - self.position} bytes follow the end of the content")
