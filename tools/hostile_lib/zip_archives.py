"""NumPy's .npz, which are zip archives: names, sizes and streams that deceive."""

import struct
import zlib

from . import numpy_parts, onnx_parts
from .case import Case, cut
from .zip_parts import DEFLATED, LINK_ATTRIBUTES, Entry, archive, archive_zip64, deflate, end
from .zip_parts import extra64

FAMILY = "npz"
FILE = "data.npz"
MODEL = "model.onnx"
ARGUMENTS = ("evaluate", MODEL, "--data", FILE)
ARRAY = numpy_parts.file()
CRC = zlib.crc32(ARRAY)
MEGABYTE = 1 << 20


def good(**options):
    return Entry("x.npy", ARRAY, **options)


def names():
    for name, reason, text in (
        ("parent", "a name that leaves the folder", "../x.npy"),
        ("parent-behind-folder", "a name that leaves by way of a folder", "a/../../x.npy"),
        ("absolute", "an absolute name", "/etc/x.npy"),
        ("backslash", "a name with backslashes", "..\\x.npy"),
        ("drive", "a name on a drive", "C:x.npy"),
        ("network", "a name on another machine", "//host/share/x.npy"),
        ("zero", "a name that C ends early", "x.npy\0.txt"),
        ("control", "a name that clears the terminal", "\x1b[2Jx.npy"),
        ("new-line", "a name of two lines", "x\n::error::.npy"),
        ("trailing-dot", "a name that one system shortens", "x.npy."),
        ("trailing-blank", "a name that one system shortens", "x.npy "),
        ("empty", "no name", ""),
        ("dot", "a folder's own name", "."),
        ("empty-component", "an empty component", "a//x.npy"),
        ("reserved", "the name of a device on one system", "CON"),
        ("long", "a name of 60,000 bytes", "a" * 60_000),
    ):
        yield f"name-{name}", reason, archive([Entry(text, ARRAY)])
    yield "name-not-utf-8", "a name that is no UTF-8 though its flag says so", archive(
        [Entry(b"\xff.npy", ARRAY, flags=0x800)])
    yield "symlink", "an entry that is a link", archive(
        [Entry("x.npy", b"/etc/passwd", attributes=LINK_ATTRIBUTES)])
    yield "name-twice", "two entries of one name", archive([good(), good()])
    yield "name-twice-by-case", "two names that one system takes for one", archive(
        [good(), Entry("X.NPY", ARRAY)])
    yield "name-twice-by-form", "two names that differ in how an accent is written", archive(
        [Entry("\u00e9.npy", ARRAY, flags=0x800), Entry("e\u0301.npy", ARRAY, flags=0x800)])
    yield "name-twice-by-folder", "a name that is a file and a folder", archive(
        [Entry("x", ARRAY), Entry("x/y.npy", ARRAY)])


def disagreements():
    for name, reason, local in (
        ("name", "another name before the data", {"name": b"y.npy"}),
        ("name-length", "a shorter name before the data", {"name": b"x"}),
        ("method", "another method before the data", {"method": DEFLATED}),
        ("crc", "another checksum before the data", {"crc": CRC ^ 1}),
        ("size", "another size before the data", {"size": len(ARRAY) - 1}),
        ("stored-size", "another stored size before the data", {"stored": len(ARRAY) - 1}),
        ("flags", "another flag before the data", {"flags": 0x800}),
        ("encryption", "encrypted before the data alone", {"flags": 1}),
    ):
        yield f"local-{name}", reason, archive([good(local=local)])
    for name, reason, central in (
        ("crc", "a checksum that both headers state wrongly", {"crc": CRC ^ 1}),
        ("size-larger", "a byte more than there is", {"size": len(ARRAY) + 1}),
        ("size-zero", "no bytes", {"size": 0, "stored": 0}),
        ("size-all-ones", "2^32 - 1 bytes without the record for large files",
         {"size": 0xFFFFFFFF, "stored": 0xFFFFFFFF}),
        ("size-huge", "2^32 - 2 bytes", {"size": 0xFFFFFFFE, "stored": 0xFFFFFFFE}),
    ):
        both = {key: value for key, value in central.items()}
        yield f"both-{name}", reason, archive([good(local=both, central=both)])
    for name, reason, central in (
        ("offset-behind", "a place behind the directory", {"offset": 1 << 20}),
        ("offset-largest", "a place at 2^32 - 1", {"offset": 0xFFFFFFFF}),
        ("offset-inside", "a place within the entry", {"offset": 5}),
        ("disk", "an entry on another disk", {"disk": 1}),
        ("comment", "an entry with a comment is read", {"comment": b"hello"}),
    ):
        yield f"central-{name}", reason, archive([good(central=central)])
    yield "directory-name-cut", "a directory entry whose name leaves the directory", (
        archive([good()]).replace(b"\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00x.npy",
                                  b"\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00x.npy"))


def ends():
    for name, reason, changes in (
        ("count-more", "an entry more than there is", {"here": 2, "count": 2}),
        ("count-fewer", "an entry fewer than there is", {"here": 0, "count": 0}),
        ("count-differs", "two numbers of entries", {"here": 1, "count": 2}),
        ("count-65535", "65,535 entries without the record for large files",
         {"here": 0xFFFF, "count": 0xFFFF}),
        ("size-zero", "a directory of no bytes", {"size": 0}),
        ("size-larger", "a directory larger than the file", {"size": 1 << 30}),
        ("offset-zero", "a directory at the start", {"offset": 0}),
        ("offset-larger", "a directory behind the file", {"offset": 1 << 30}),
        ("offset-all-ones", "a directory at 2^32 - 1", {"offset": 0xFFFFFFFF}),
        ("disk", "the directory lies on another disk", {"disk": 3, "start": 3}),
        ("comment-length", "a comment that is longer than the file", {"comment_length": 500}),
    ):
        yield f"end-{name}", reason, archive([good()], **changes)
    inner = archive([Entry("y.npy", ARRAY)])
    yield "end-in-comment", "a whole archive as the comment of another", archive(
        [good()], comment=inner)
    yield "end-signature-in-comment", "the signature of an end in the comment", archive(
        [good()], comment=b"PK\x05\x06" + bytes(18))
    yield "comment", "a harmless comment", archive([good()], comment=b"made by hand")
    yield "prepended", "a script before the archive", archive([good()], before=b"#!/bin/sh\nid\n")
    shifted = archive([good()])
    yield "prepended-unshifted", "bytes before an archive that does not know of them", (
        b"#!/bin/sh\nid\n" + shifted)
    yield "appended", "bytes behind the end", archive([good()], after=b"trailing")
    yield "gap", "bytes between the entries and the directory", archive([good()], between=bytes(9))
    yield "no-end", "an archive without an end", archive([good()])[:-22]
    yield "no-entries", "an archive without entries", archive([])
    yield "only-local", "an entry without a directory", good().local_header() + ARRAY
    many = [Entry(f"{index}.npy", b"") for index in range(20_000)]
    yield "entries-20-000", "20,000 empty entries", archive(many)


def overlaps():
    kernel = deflate(b"\0" * MEGABYTE)
    first = Entry("a.npy", b"\0" * MEGABYTE, DEFLATED)
    shared = [Entry(f"{index}.npy", b"\0" * MEGABYTE, DEFLATED, central={"offset": 0},
                    local={}) for index in range(500)]
    body = first.local_header() + kernel
    directory = b"".join(entry.central_header(0) for entry in [first, *shared])
    yield "overlap-one-kernel", "501 entries share one compressed megabyte", (
        body + directory + end(501, len(directory), len(body)))
    inner = Entry("inner.npy", ARRAY)
    outer = Entry("outer.npy", inner.local_header() + ARRAY)
    nested = outer.local_header() + outer.data
    directory = outer.central_header(0) + inner.central_header(len(outer.local_header()))
    yield "overlap-quoted", "an entry that contains another with its header", (
        nested + directory + end(2, len(directory), len(nested)))
    yield "overlap-directory", "an entry that reaches into the directory", archive(
        [good(local={"size": len(ARRAY) + 20, "stored": len(ARRAY) + 20},
              central={"size": len(ARRAY) + 20, "stored": len(ARRAY) + 20})])
    reversed_directory = b"".join(
        entry.central_header(offset) for entry, offset in
        ((Entry("b.npy", ARRAY), len(Entry("a.npy", ARRAY).local_header()) + len(ARRAY)),
         (Entry("a.npy", ARRAY), 0)))
    body = b"".join(Entry(name, ARRAY).local_header() + ARRAY for name in ("a.npy", "b.npy"))
    yield "order-reversed", "a directory in another order than the entries; two arrays, no key", (
        body + reversed_directory + end(2, len(reversed_directory), len(body)))


def methods():
    for method, what in ((1, "shrunk"), (6, "imploded"), (9, "deflated in another way"),
                         (12, "compressed by bzip2"), (14, "compressed by LZMA"),
                         (93, "compressed by Zstandard"), (99, "encrypted by AES"),
                         (65535, "of a method that does not exist")):
        yield f"method-{method}", f"an entry that is {what}", archive([good(method=method)])
    for flags, what in ((1, "encrypted"), (0x40, "strongly encrypted"), (0x20, "a patch"),
                        (0x2000, "of masked headers")):
        yield f"flag-{flags}", f"an entry that is {what}", archive([good(flags=flags)])
    descriptor = struct.pack("<4sIII", b"PK\x07\x08", CRC, len(ARRAY), len(ARRAY))
    empty = {"crc": 0, "stored": 0, "size": 0}
    yield "descriptor", "sizes behind the data, which agree", archive(
        [good(flags=8, local=empty, descriptor=descriptor)])
    for index, what in enumerate(("checksum", "stored size", "size")):
        fields = [CRC, len(ARRAY), len(ARRAY)]
        fields[index] ^= 1
        yield f"descriptor-wrong-{index}", f"the {what} behind the data is another", archive(
            [good(flags=8, local=empty,
                  descriptor=struct.pack("<4sIII", b"PK\x07\x08", *fields))])
    yield "descriptor-missing", "no sizes where the flag promises them", archive(
        [good(flags=8, local=empty)])


def streams():
    packed = deflate(ARRAY)

    def stream(stored, size=len(ARRAY), content=ARRAY):
        return archive([Entry("x.npy", content, DEFLATED, stored=stored,
                              local={"size": size}, central={"size": size})])

    yield "deflated", "a deflated array is read", stream(packed)
    yield "deflate-size-less", "a byte less than comes out", stream(packed, len(ARRAY) - 1)
    yield "deflate-size-more", "a byte more than comes out", stream(packed, len(ARRAY) + 1)
    yield "deflate-trailing", "bytes behind the end of the stream", stream(packed + b"\0\0")
    yield "deflate-cut", "a stream that never ends", stream(packed[:-1])
    yield "deflate-empty", "no stream at all", stream(b"")
    other = ARRAY.replace(b"fortran_order", b"fortran_ordre")
    yield "deflated-header", "a deflated array whose header has another key", stream(
        deflate(other), len(other), other)
    yield "stored-header", "the same array stored as it is", archive([Entry("x.npy", other)])
    yield "deflate-block-type", "a block of the type that does not exist", stream(b"\x07" + packed)
    yield "deflate-stored-length", "a stored block whose lengths disagree", stream(
        b"\x01\x05\x00\x00\x00hello")
    yield "deflate-distance", "a copy from before the start", stream(
        b"\x4b\x04\x42\x00")
    yield "deflate-zlib-header", "a stream with the header of another format", stream(
        zlib.compress(ARRAY))
    zeros = b"\0" * (64 * MEGABYTE)
    yield "bomb", "64 MB of zeros in 64 kB, more than any array declares", stream(
        deflate(zeros), len(zeros), zeros)
    yield "bomb-declared", "4 GB declared for 176 bytes", stream(packed, 0xFFFFFFF0)
    yield "nested", "an archive within the archive is no array", archive(
        [Entry("x.npy", archive([good()]))])


def zip64():
    yield "zip64", "the records for large files around a small one are read", archive_zip64([good()])
    large = {"size": 0xFFFFFFFF, "stored": 0xFFFFFFFF}

    def entry(*numbers):
        field = extra64(*numbers)
        return archive_zip64([good(local=large, central=large, local_extra=field,
                                   central_extra=field, version=45)])

    size = len(ARRAY)
    yield "zip64-sizes", "sizes in the extra field are read", entry(size, size)
    yield "zip64-sizes-all-ones", "sizes of 2^64 - 1", entry((1 << 64) - 1, (1 << 64) - 1)
    yield "zip64-sizes-2-63", "sizes of 2^63", entry(1 << 63, 1 << 63)
    yield "zip64-sizes-cut", "one size where two are promised", entry(size)
    yield "zip64-field-missing", "no extra field where the sizes promise one", archive_zip64(
        [good(local=large, central=large)])
    yield "zip64-extra-cut", "an extra field longer than the extras", archive_zip64(
        [good(local_extra=b"\x01\x00\xff\x00", central_extra=b"\x01\x00\xff\x00")])
    for name, reason, changes in (
        ("count", "2^64 - 1 entries", {"here": (1 << 64) - 1, "count": (1 << 64) - 1}),
        ("size", "a directory of 2^63 bytes", {"size": 1 << 63}),
        ("offset", "a directory at 2^64 - 1", {"offset": (1 << 64) - 1}),
        ("length", "a record of 2^64 - 1 bytes", {"length": (1 << 64) - 1}),
        ("disk", "a record of another disk", {"disk": 1}),
        ("needed", "a version that does not exist", {"needed": 999}),
    ):
        yield f"zip64-end-{name}", reason, archive_zip64([good()], changes)
    for name, reason, changes in (
        ("offset", "the record is said to lie at 2^64 - 1", {"offset": (1 << 64) - 1}),
        ("offset-0", "the record is said to lie at the start", {"offset": 0}),
        ("disks", "five disks", {"disks": 5}),
    ):
        yield f"zip64-locator-{name}", reason, archive_zip64([good()], None, changes)


def arrays():
    yield "two-arrays", "two arrays without a word which one is meant", archive(
        [Entry("a.npy", ARRAY), Entry("b.npy", ARRAY)])
    yield "no-array", "an archive of a text", archive([Entry("readme.txt", b"no array here\n")])
    yield "other-file", "an array and a text beside it", archive(
        [good(), Entry("evil.pkl", b"cos\nsystem\n")])
    yield "object-array", "an array of objects", archive(
        [Entry("x.npy", numpy_parts.file(numpy_parts.header("'|O'"), b"\x80\x04."))])
    yield "array-cut", "an array that is cut off", archive([Entry("x.npy", ARRAY[:-1])])
    yield "array-empty", "an entry of no bytes", archive([Entry("x.npy", b"")])
    yield "good", "a stored array is read", archive([good()])


def cases():
    files = {MODEL: onnx_parts.good_model()}
    table = [*names(), *disagreements(), *ends(), *overlaps(), *methods(), *streams(), *zip64(),
             *arrays()]
    found = [Case(f"{FAMILY}/{name}", reason, {FILE: content, **files}, ARGUMENTS)
             for name, reason, content in table]
    for case in cut(archive([good()]), FAMILY, FILE, 6):
        found.append(Case(case.name, case.reason, {**case.files, **files}, ARGUMENTS))
    return found
