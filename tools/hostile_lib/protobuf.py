"""Writes protobuf's wire format by hand, also such as no encoder would write."""

import struct


def varint(number):
    """The shortest form; negative numbers as 64-bit two's complement."""
    number &= (1 << 64) - 1
    content = bytearray()
    while number > 0x7F:
        content.append(number & 0x7F | 0x80)
        number >>= 7
    content.append(number)
    return bytes(content)


def tag(field, wire_type):
    return varint(field << 3 | wire_type)


def integer(field, value):
    return tag(field, 0) + varint(value)


def block(field, content):
    """A text, bytes, a message or a packed list."""
    if isinstance(content, str):
        content = content.encode()
    return tag(field, 2) + varint(len(content)) + content


def single(field, value):
    return tag(field, 5) + struct.pack("<f", value)


def blocks(field, contents):
    return b"".join(block(field, content) for content in contents)


def packed_integers(field, values):
    return block(field, b"".join(varint(value) for value in values))
