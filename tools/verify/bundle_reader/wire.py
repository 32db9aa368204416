"""Protobuf's wire format, by default only in the one form that a manifest may have."""

import math
import struct

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
CODE = "SYN0606"
FORM = "SYN0610"
TEXT_BYTES = 1024


class Enumeration:
    """The names of an enumeration, counted from zero."""

    def __init__(self, *names):
        self.names = names


class Field:
    """A field of a message: its name, its type, and whether it is repeated."""

    def __init__(self, name, kind, repeated=False):
        self.name = name
        self.kind = kind
        self.repeated = repeated

    @property
    def is_message(self):
        return isinstance(self.kind, dict)

    @property
    def wire_type(self):
        if self.is_message or self.kind == "string" or self.repeated:
            return BYTES
        return FIXED32 if self.kind == "float" else VARINT

    def default(self):
        if self.repeated:
            return []
        if self.is_message:
            return None
        if isinstance(self.kind, Enumeration):
            return self.kind.names[0]
        return {"string": "", "bool": False, "float": 0.0}.get(self.kind, 0)


class Message(dict):
    """The fields of a message by name, and where its bytes begin in the section."""

    def __init__(self, fields, at):
        super().__init__((field.name, field.default()) for field in fields.values())
        self.at = at

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Decoder:
    """Decodes messages by tables `{number: Field}`.

    `lenient` is for a newer minor version: unknown fields are skipped and the form is free.
    """

    def __init__(self, section, lenient):
        self.section = section
        self.data = section.raw
        self.lenient = lenient

    def fail(self, message, at, code=CODE):
        self.section.fail(code, message, at)

    def fail_form(self, message, at):
        if not self.lenient:
            self.fail(message, at, FORM)

    def message(self, fields, start, end, known=None):
        """A message, or more fields of the `known` one."""
        result = Message(fields, start) if known is None else known
        position, last = start, 0
        while position < end:
            at = position
            key, position = self.varint(position, end)
            number, wire_type = key >> 3, key & 7
            field = fields.get(number)
            if not 1 <= number < 1 << 29:
                self.fail(f"the number {number} of a field is out of range", at)
            again = field and field.repeated and field.is_message and number == last
            if number < last or (number == last and not again):
                self.fail_form(f"field {number} does not ascend", at)
            last = number
            if field is None:
                position = self.skip(number, wire_type, position, end, at)
                continue
            unpacked = self.lenient and field.kind == "uint64" and wire_type == VARINT
            if unpacked and field.repeated:
                value, position = self.varint(position, end)
                result[field.name].append(value)
                continue
            if wire_type != field.wire_type:
                self.fail(f"{field.name} has the wire type {wire_type}", at)
            position = self.field(result, field, position, end)
        return result

    def skip(self, number, wire_type, position, end, at):
        self.fail_form(f"field {number} is not known", at)
        if wire_type == VARINT:
            return self.varint(position, end)[1]
        if wire_type == BYTES:
            return sum(self.extent(position, end))
        if wire_type not in (FIXED32, FIXED64):
            self.fail(f"field {number} has the wire type {wire_type}", at)
        position += 4 if wire_type == FIXED32 else 8
        if position > end:
            self.fail(f"field {number} ends behind its message", at)
        return position

    def varint(self, position, end):
        value = shift = 0
        start = position
        while True:
            if position >= end:
                self.fail("a number ends behind its message", start)
            byte = self.data[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
            if shift > 63:
                self.fail("a number has more than ten bytes", start)
        if value >> 64:
            self.fail("a number has more than 64 bits", start)
        if byte == 0 and position - start > 1:
            self.fail_form("a number is longer than it needs", start)
        return value, position

    def extent(self, position, end):
        length, begin = self.varint(position, end)
        if length > end - begin:
            self.fail("a field ends behind its message", position)
        return begin, length

    def field(self, result, field, position, end):
        """Reads one field into `result`; returns where it ends."""
        if field.wire_type != BYTES:
            result[field.name], after = self.scalar(field, position, end)
            return after
        begin, length = self.extent(position, end)
        after = begin + length
        if field.is_message:
            if field.repeated:
                result[field.name].append(self.message(field.kind, begin, after))
            else:
                result[field.name] = self.message(field.kind, begin, after, result[field.name])
            return after
        if not length:
            self.fail_form(f"{field.name} is written but empty", position)
        if field.kind == "string":
            result[field.name] = self.text(field, begin, after)
            return after
        while begin < after:
            at = begin
            value, begin = self.varint(begin, after)
            result[field.name].append(self.convert(field, value, at))
        return after

    def scalar(self, field, position, end):
        if field.kind == "float":
            if position + 4 > end:
                self.fail(f"{field.name} ends behind its message", position)
            value, after = struct.unpack_from("<f", self.data, position)[0], position + 4
            if not math.isfinite(value):
                self.fail(f"{field.name} is not finite", position)
        else:
            value, after = self.varint(position, end)
        if value == 0:
            self.fail_form(f"{field.name} is written with its default", position)
        return self.convert(field, value, position), after

    def convert(self, field, value, at):
        if isinstance(field.kind, Enumeration):
            if value >= len(field.kind.names):
                self.fail(f"{field.name} has no enumerator {value}", at)
            return field.kind.names[value]
        if field.kind == "bool":
            if value > 1:
                self.fail_form(f"{field.name} is {value}, not 0 or 1", at)
            return value != 0
        if field.kind in ("uint32", "sint32") and value >> 32:
            self.fail(f"{field.name} has more than 32 bits", at)
        return (value >> 1) ^ -(value & 1) if field.kind in ("sint32", "sint64") else value

    def text(self, field, begin, end):
        if end - begin > TEXT_BYTES:
            self.fail(f"{field.name} has more than 1024 bytes", begin)
        data = self.data[begin:end]
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self.fail(f"{field.name} is not UTF-8", begin)
        if 0 in data:
            self.fail(f"{field.name} holds a zero byte", begin)
        return text
