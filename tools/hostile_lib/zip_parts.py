"""Zip archives by hand (PKWARE's APPNOTE 6.3), with any field of any header changed."""

import dataclasses
import struct
import zlib

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
STORED, DEFLATED = 0, 8
DATE = 0x21
# The mode of a symbolic link in the upper half of the external attributes, made by Unix.
LINK_ATTRIBUTES = 0o120777 << 16


def deflate(content):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


@dataclasses.dataclass
class Entry:
    """One file. `local` and `central` hold fields that shall differ from the truth there."""

    name: str | bytes
    content: bytes = b""
    method: int = STORED
    stored: bytes | None = None
    flags: int = 0
    version: int = 20
    attributes: int = 0
    local_extra: bytes = b""
    central_extra: bytes = b""
    local: dict = dataclasses.field(default_factory=dict)
    central: dict = dataclasses.field(default_factory=dict)
    descriptor: bytes = b""

    @property
    def name_bytes(self):
        return self.name.encode() if isinstance(self.name, str) else self.name

    @property
    def data(self):
        if self.stored is not None:
            return self.stored
        return deflate(self.content) if self.method == DEFLATED else self.content

    def truth(self):
        return {
            "version": self.version, "flags": self.flags, "method": self.method, "time": 0,
            "date": DATE, "crc": zlib.crc32(self.content), "stored": len(self.data),
            "size": len(self.content), "name": self.name_bytes}

    def local_header(self):
        f = {**self.truth(), **self.local}
        return LOCAL + struct.pack(
            "<HHHHHIIIHH", f["version"], f["flags"], f["method"], f["time"], f["date"], f["crc"],
            f["stored"], f["size"], len(f["name"]), len(self.local_extra)) + f["name"] + (
                self.local_extra)

    def central_header(self, offset):
        f = {**self.truth(), "offset": offset, "disk": 0, "comment": b"", **self.central}
        return CENTRAL + struct.pack(
            "<HHHHHHIIIHHHHHII", 3 << 8 | 20, f["version"], f["flags"], f["method"], f["time"],
            f["date"], f["crc"], f["stored"], f["size"], len(f["name"]),
            len(self.central_extra), len(f["comment"]), f["disk"], 0, self.attributes,
            f["offset"]) + f["name"] + self.central_extra + f["comment"]


def end(number, length, place, comment=b"", **changes):
    f = {"disk": 0, "start": 0, "here": number, "count": number, "size": length, "offset": place,
         "comment_length": len(comment), **changes}
    return END + struct.pack("<HHHHIIH", f["disk"], f["start"], f["here"], f["count"], f["size"],
                             f["offset"], f["comment_length"]) + comment


def archive(entries, before=b"", between=b"", after=b"", end_record=None, **changes):
    """Entries one behind the other, the directory, and the end; `changes` are for the end."""
    content, directory = before, b""
    for entry in entries:
        directory += entry.central_header(len(content))
        content += entry.local_header() + entry.data + entry.descriptor
    content += between
    if end_record is None:
        end_record = end(len(entries), len(directory), len(content), **changes)
    else:
        end_record = end_record(len(entries), len(directory), len(content))
    return content + directory + end_record + after


def archive_zip64(entries, end64=None, locator=None, **changes):
    """The same with the records for large files, whose fields `end64` changes."""

    def records(count, size, offset):
        f = {"length": 44, "made": 45, "needed": 45, "disk": 0, "start": 0, "here": count,
             "count": count, "size": size, "offset": offset, **(end64 or {})}
        large = END64 + struct.pack("<QHHIIQQQQ", f["length"], f["made"], f["needed"], f["disk"],
                                    f["start"], f["here"], f["count"], f["size"], f["offset"])
        g = {"disk": 0, "offset": offset + size, "disks": 1, **(locator or {})}
        pointer = LOCATOR64 + struct.pack("<IQI", g["disk"], g["offset"], g["disks"])
        return large + pointer + end(count, size, offset, here=0xFFFF, count=0xFFFF,
                                     size=0xFFFFFFFF, offset=0xFFFFFFFF, **changes)

    return archive(entries, end_record=records)


def extra64(*numbers):
    return struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)
