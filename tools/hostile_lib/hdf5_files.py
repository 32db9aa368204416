"""HDF5 files that reach outside, run in circles, or lie about their sizes."""

import pathlib
import struct
import zlib

from . import hdf5_parts as hdf5
from . import keras_parts as keras
from .case import Case, cut, single
from .hdf5_parts import UNDEFINED, link, message
from .keras_parts import WEIGHT, model_file

FAMILY = "hdf5"
FILE = "model.h5"
MODELS = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "keras" / "models"
SHAPE = [4, 3]
HUGE = 1 << 62


def kernel(build):
    """The good model with another dataset in the place of its kernel."""
    return model_file(kernel=build)


def root(*messages):
    """The good model with further messages in its root group."""
    return model_file(root=lambda file: messages)


def replaced(content, old, new, count=1):
    """Bytes replaced, which must be there; the sealed structures are the caller's business."""
    if old not in content:
        raise ValueError(f"{old!r} is not in the file")
    return content.replace(old, new, count)


def outside():
    def external_storage(file):
        names = file.add(b"HEAP" + struct.pack("<BBBBQQQ", 0, 0, 0, 0, 16, UNDEFINED,
                                               file.next_address() + 32) + b"\0" * 8 + b"passwd\0\0")
        slots = struct.pack("<BBBBHHQ", 1, 0, 0, 0, 1, 1, names) + struct.pack("<QQQ", 8, 0, 48)
        return file.dataset(SHAPE, hdf5.contiguous(UNDEFINED, 48),
                            message(hdf5.EXTERNAL_FILES, slots))

    def virtual(file):
        return file.dataset(SHAPE, struct.pack("<BBQI", 4, 3, UNDEFINED, 0))

    yield "external-storage", "the kernel's bytes lie in another file", kernel(external_storage)
    yield "virtual", "the kernel is put together from other files", kernel(virtual)
    for name, reason, target in (
        ("external-link", "the weights are a link into another file", ("/etc/passwd", "/")),
        ("external-link-relative", "the weights are a link into a file nearby", ("o.h5", "/w")),
        ("external-link-itself", "the weights are a link into the same file", (FILE, "/")),
    ):
        file = hdf5.File()
        group = file.group(hdf5.text_attribute("model_config", keras.text(keras.GOOD)),
                           link("model_weights", external=target))
        yield name, reason, file.finish(group)
    file = hdf5.File()
    group = file.group(hdf5.text_attribute("model_config", keras.text(keras.GOOD)),
                       link("model_weights", kind=200, content=struct.pack("<H", 4) + b"evil"))
    yield "user-link", "the weights are a link of a kind that a plug-in defines", file.finish(group)
    yield "external-link-unused", "a link into another file that nothing follows", root(
        link("other", external=("/etc/passwd", "/")))
    for name, number in (("lzf", 32000), ("blosc", 32001),
                         ("szip", 4), ("n-bit", 5), ("scale-offset", 6), ("unknown", 300)):
        yield f"filter-{name}", f"a filter of number {number}, which a plug-in would load", (
            kernel(lambda file, number=number: chunked(file, (number, ()))))


def chunked(file, *pipeline, data=WEIGHT, chunk=(4, 3), size=None, dims=SHAPE, tree=None):
    place = file.add(data)
    node = tree(file, place) if tree else file.chunks(
        2, [(len(data) if size is None else size, (0, 0), place)])
    messages = [message(hdf5.FILTERS, hdf5.filters(*pipeline))] if pipeline else []
    return file.dataset(dims, hdf5.chunked(node, chunk), *messages)


def circles():
    def soft(target):
        file = hdf5.File()
        group = file.group(hdf5.text_attribute("model_config", keras.text(keras.GOOD)),
                           link("model_weights", soft=target), link("b", soft="/model_weights"))
        return file.finish(group)

    yield "soft-link-itself", "a link to itself", soft("/model_weights")
    yield "soft-link-circle", "two links to each other", soft("/b")
    yield "soft-link-dangling", "a link to nothing", soft("/nowhere")
    yield "soft-link-up", "a link with the names of other systems", soft("../../..")
    yield "soft-link-empty", "a link to no name", soft("")
    yield "soft-link-long", "a link of 30,000 steps", soft("/." * 15_000)
    file = hdf5.File()
    own = file.next_address()
    file.group(link("dense", own))
    group = file.group(hdf5.text_attribute("model_config", keras.text(keras.GOOD)),
                       link("model_weights", own))
    yield "group-itself", "a group that contains itself", file.finish(group)
    file = hdf5.File()
    place = file.next_address()
    file.group(hdf5.text_attribute("model_config", keras.text(keras.GOOD)),
               link("model_weights", place))
    yield "root-itself", "the root group is its own member", file.finish(place)
    file = hdf5.File()
    place = file.next_address()
    file.add(hdf5.header([message(hdf5.CONTINUATION, struct.pack("<QQ", place, 27))]))
    yield "continuation-itself", "a header that goes on in itself", file.finish(place)
    file = hdf5.File()
    place = file.next_address()
    block = lambda target: hdf5.sealed(  # noqa: E731
        b"OCHK" + message(hdf5.CONTINUATION, struct.pack("<QQ", target, 28)))
    file.add(block(place))
    start = file.add(hdf5.header([message(hdf5.CONTINUATION, struct.pack("<QQ", place, 28))]))
    yield "continuation-circle", "a piece of a header that goes on in itself", file.finish(start)
    yield "tree-itself", "a tree whose child is the tree", kernel(lambda file: chunked(
        file, tree=lambda file, place: file.chunks(
            2, [(48, (0, 0), file.next_address())], level=1)))
    yield "link-twice", "two members of one name", root(
        link("model_weights", 48), link("other", 48))


def datasets():
    def space(content):
        return kernel(lambda file: file.dataset(
            SHAPE, hdf5.contiguous(file.add(WEIGHT), 48), space=content))

    def layout(build):
        return kernel(lambda file: file.dataset(SHAPE, build(file.add(WEIGHT))))

    def datatype(content, data=WEIGHT):
        return kernel(lambda file: file.dataset(
            SHAPE, hdf5.contiguous(file.add(data), len(data)), datatype=content))

    yield "rank-33", "a dataset of 33 axes", space(hdf5.dataspace([4, 3] + [1] * 31))
    yield "rank-255", "a rank of 255 in a message for two axes", space(
        hdf5.dataspace([4, 3], rank=255))
    yield "rank-missing", "a rank of two without extents", space(hdf5.dataspace([4, 3])[:4])
    yield "space-version-9", "a dataspace of version 9", space(hdf5.dataspace([4, 3], version=9))
    yield "space-kind-7", "a dataspace of a kind that does not exist", space(
        hdf5.dataspace([4, 3], kind=7))
    yield "space-null", "a dataset without values", space(hdf5.dataspace([], kind=2))
    yield "extents-overflow", "2^33 times 2^33 values", space(hdf5.dataspace([1 << 33, 1 << 33]))
    yield "extents-wrap", "2^32 times 2^32 values are 0 in 64 bits", space(
        hdf5.dataspace([1 << 32, 1 << 32]))
    yield "extents-largest", "2^64 - 1 values", space(hdf5.dataspace([(1 << 64) - 1]))
    yield "extents-zero", "no values", space(hdf5.dataspace([0, 3]))
    yield "extents-more", "13 values in the space of 12", space(hdf5.dataspace([13]))
    yield "address-behind", "values behind the end of the file", layout(
        lambda place: hdf5.contiguous(1 << 40, 48))
    yield "address-largest", "values at 2^64 - 2", layout(
        lambda place: hdf5.contiguous((1 << 64) - 2, 48))
    yield "address-header", "values that are the superblock", layout(
        lambda place: hdf5.contiguous(0, 48))
    yield "size-largest", "2^64 - 1 bytes of values", layout(
        lambda place: hdf5.contiguous(place, (1 << 64) - 1))
    yield "size-short", "47 bytes for 12 values", layout(lambda place: hdf5.contiguous(place, 47))
    yield "layout-version-9", "a layout of version 9", layout(
        lambda place: b"\x09" + hdf5.contiguous(place, 48)[1:])
    yield "layout-class-9", "a layout of a class that does not exist", layout(
        lambda place: struct.pack("<BBQQ", 3, 9, place, 48))
    yield "layout-cut", "a layout of three bytes", layout(lambda place: b"\x03\x01\x00")
    yield "compact-beyond", "60,000 bytes within a header that has none", layout(
        lambda place: struct.pack("<BBH", 3, 0, 60_000))
    yield "no-layout", "a dataset without a layout", kernel(lambda file: file.add(hdf5.header([
        message(hdf5.DATASPACE, hdf5.dataspace(SHAPE)), message(hdf5.DATATYPE, hdf5.floats())])))
    yield "no-datatype", "a dataset without a type", kernel(lambda file: file.add(hdf5.header([
        message(hdf5.DATASPACE, hdf5.dataspace(SHAPE)),
        message(hdf5.LAYOUT, hdf5.contiguous(48, 48))])))
    yield "layout-twice", "two layouts", kernel(lambda file: file.dataset(
        SHAPE, hdf5.contiguous(file.add(WEIGHT), 48),
        message(hdf5.LAYOUT, hdf5.contiguous(48, 48))))
    for name, reason, content, data in (
        ("compound", "records", struct.pack("<BBBBI", 0x16, 1, 0, 0, 4) + b"a\0\0\0\0\0\0\0", WEIGHT),
        ("reference", "references to objects", struct.pack("<BBBBI", 0x17, 0, 0, 0, 8), bytes(96)),
        ("opaque", "bytes without a meaning", struct.pack("<BBBBI", 0x15, 0, 0, 0, 4), WEIGHT),
        ("time", "points in time", struct.pack("<BBBBIH", 0x12, 0, 0, 0, 4, 32), WEIGHT),
        ("bit-field", "fields of bits", struct.pack("<BBBBIHH", 0x14, 0, 0, 0, 4, 0, 32), WEIGHT),
        ("sequence", "lists of varying lengths",
         struct.pack("<BBBBI", 0x19, 0, 0, 0, 16) + hdf5.floats(), bytes(192)),
        ("class-15", "a class that does not exist", b"\x1f" + hdf5.floats()[1:], WEIGHT),
        ("version-9", "a type of version 9", b"\x91" + hdf5.floats()[1:], WEIGHT),
        ("size-0", "values of no bytes", hdf5.floats()[:4] + struct.pack("<I", 0)
         + hdf5.floats()[8:], WEIGHT),
        ("size-huge", "values of 2^32 - 1 bytes", hdf5.floats()[:4] + struct.pack("<I", (1 << 32) - 1)
         + hdf5.floats()[8:], WEIGHT),
        ("vax", "the byte order of a VAX", hdf5.floats()[:1] + b"\x61" + hdf5.floats()[2:], WEIGHT),
        ("odd-exponent", "an exponent of seven bits", hdf5.floats()[:13] + b"\x07"
         + hdf5.floats()[14:], WEIGHT),
        ("integers", "a kernel of whole numbers",
         struct.pack("<BBBBIHH", 0x10, 8, 0, 0, 4, 0, 32), WEIGHT),
        ("text", "a kernel of text", hdf5.text_type(4), WEIGHT),
        ("cut", "a type of four bytes", hdf5.floats()[:4], WEIGHT),
    ):
        yield f"datatype-{name}", reason, datatype(content, data)
    yield "datatype-big-endian", "a kernel with the high byte first is read", datatype(
        hdf5.floats(4, big=True), struct.pack(">12f", *[0.5] * 12))
    nested = hdf5.floats()
    for _ in range(200):
        nested = struct.pack("<BBBBIBI", 0x3A, 0, 0, 0, 4, 1, 1) + nested
    yield "datatype-nested", "200 arrays within each other", datatype(nested)


def chunks():
    packed = zlib.compress(WEIGHT)

    def stored(data, *pipeline, **options):
        return kernel(lambda file: chunked(file, *pipeline, data=data, **options))

    deflate = (hdf5.DEFLATE, (6,))
    yield "chunk-deflated", "a deflated chunk is read", stored(packed, deflate)
    yield "chunk-cut", "a deflated chunk without its last byte", stored(packed[:-1], deflate)
    yield "chunk-trailing", "bytes behind a deflated chunk", stored(packed + b"\0\0", deflate)
    yield "chunk-not-deflated", "a chunk that is not what its filter says", stored(WEIGHT, deflate)
    yield "chunk-checksum", "a deflated chunk with a wrong checksum", stored(
        packed[:-1] + bytes([packed[-1] ^ 1]), deflate)
    yield "chunk-longer", "a chunk that inflates to a byte more", stored(
        zlib.compress(WEIGHT + b"\0"), deflate)
    yield "chunk-shorter", "a chunk that inflates to a byte less", stored(
        zlib.compress(WEIGHT[:-1]), deflate)
    yield "chunk-bomb", "a megabyte of zeros in the place of 48 bytes", stored(
        zlib.compress(bytes(1 << 20), 9), deflate)
    yield "chunk-fletcher", "a chunk with a wrong checksum behind it", stored(
        WEIGHT + b"\1\2\3\4", (hdf5.FLETCHER, ()))
    yield "chunk-fletcher-cut", "a chunk too short for its checksum", stored(
        b"ab", (hdf5.FLETCHER, ()))
    yield "chunk-shuffle-0", "bytes of elements of no size are shuffled", stored(
        WEIGHT, (hdf5.SHUFFLE, (0,)))
    yield "chunk-shuffle-huge", "elements of 2^32 - 1 bytes are shuffled", stored(
        WEIGHT, (hdf5.SHUFFLE, ((1 << 32) - 1,)))
    yield "chunk-filters-40", "40 filters one behind the other", stored(
        WEIGHT, *[(hdf5.SHUFFLE, (4,))] * 40)
    yield "chunk-filters-none", "a pipeline without filters is read", kernel(
        lambda file: file.dataset(SHAPE, hdf5.chunked(file.chunks(
            2, [(48, (0, 0), file.add(WEIGHT))]), (4, 3)),
            message(hdf5.FILTERS, struct.pack("<BB", 2, 0))))
    yield "chunk-of-nothing", "chunks of no values", stored(WEIGHT, chunk=(0, 3))
    yield "chunk-huge", "a chunk of 2^62 values", stored(WEIGHT, chunk=((1 << 31), (1 << 31)))
    yield "chunk-larger", "a chunk of 192 bytes of which 48 are stored", stored(
        WEIGHT, chunk=(8, 6))
    yield "chunk-size", "a stored chunk of another size than its values", stored(WEIGHT, size=40)
    yield "chunk-size-huge", "a chunk of 2^32 - 1 stored bytes", stored(
        WEIGHT, size=(1 << 32) - 1)
    yield "chunk-place", "a chunk behind the end of the file", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, [(48, (0, 0), 1 << 40)]))
    yield "chunk-offset", "a chunk that stands outside the dataset", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, [(48, (400, 300), place)]))
    yield "chunk-offset-odd", "a chunk that stands between two places", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, [(48, (1, 1), place)]))
    yield "chunk-twice", "two chunks in one place", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, [(48, (0, 0), place)] * 2))
    yield "chunk-count", "a tree of 65,535 chunks that holds one", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, [(48, (0, 0), place)], count=65535))
    yield "chunk-tree-level-255", "a tree of 255 levels", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, [(48, (0, 0), place)], level=255))
    yield "chunk-tree-missing", "no tree where the chunks should be", stored(
        WEIGHT, tree=lambda file, place: place)
    yield "chunk-none", "no chunk at all: zeros, which the fill value says", stored(
        WEIGHT, tree=lambda file, place: file.chunks(2, []))
    yield "chunks-many", "2^40 chunks of one value", stored(
        WEIGHT, chunk=(1, 1), dims=[1 << 20, 1 << 20])
    yield "chunks-shared", "a gigabyte of values from one deflated megabyte, over and over", kernel(
        lambda file: chunked(
            file, deflate, data=zlib.compress(bytes(1 << 20), 9), chunk=(1 << 18, 1),
            dims=[1 << 18, 1024], tree=lambda file, place: file.chunks(
                2, [(1050, (0, index), place) for index in range(1024)])))


def structures():
    good = model_file()
    for version in (0, 1, 4, 255):
        content = bytearray(good)
        content[8] = version
        yield f"superblock-version-{version}", f"a superblock that says version {version}", (
            bytes(content))
    for name, reason, options in (
        ("superblock-checksum", "a superblock with a wrong checksum", None),
        ("widths-16", "addresses of 16 bytes", {"widths": (16, 8)}),
        ("widths-0", "addresses of no bytes", {"widths": (0, 8)}),
        ("base-behind", "a base behind the end of the file", {"base": 1 << 40}),
        ("base-largest", "a base of 2^64 - 1", {"base": (1 << 64) - 1}),
        ("end-behind", "an end behind the end of the file", {"end": 1 << 40}),
        ("end-zero", "an end at the start", {"end": 0}),
        ("extension-behind", "an extension behind the end of the file", {"extension": 1 << 40}),
    ):
        if options is None:
            yield name, reason, good[:44] + bytes([good[44] ^ 1]) + good[45:]
        else:
            yield name, reason, model_file(finish=options)
    for name, reason, place in (
        ("root-undefined", "no root group", UNDEFINED), ("root-behind", "a root group outside", 1 << 40),
        ("root-in-superblock", "the superblock as the root group", 0),
        ("root-unaligned", "a root group between two structures", 51),
    ):
        file = hdf5.File()
        file.group()
        yield name, reason, file.finish(place)

    def header(content):
        file = hdf5.File()
        return file.finish(file.add(content))

    config = hdf5.text_attribute("model_config", keras.text(keras.GOOD))
    yield "header-checksum", "a header with a wrong checksum", header(
        hdf5.header([config])[:-1] + b"!")
    yield "header-version", "a header of version 3", header(hdf5.header([config], version=3))
    yield "header-size", "a header that says it is larger than the file", header(
        hdf5.header([config], size=1 << 31))
    yield "message-size", "a message that leaves its header", header(
        hdf5.header([message(hdf5.ATTRIBUTE, b"\3\0", size=60_000)]))
    yield "message-unknown", "a message that must be understood and is not", header(
        hdf5.header([message(200, b"\0" * 8, flags=0x80), config]))
    yield "message-shared", "a message that lies somewhere else", header(
        hdf5.header([message(hdf5.DATATYPE, b"\3\2" + struct.pack("<Q", 48), flags=2), config]))
    yield "messages-5000", "5,000 messages without meaning", header(
        hdf5.header([message(0, b"")] * 5000 + [config]))
    for name, reason, content in (
        ("attribute-version", "an attribute of version 9", b"\x09" + config[4:][1:]),
        ("attribute-name", "an attribute's name that leaves the message",
         config[4:6] + struct.pack("<H", 60_000) + config[8:]),
        ("attribute-cut", "an attribute that ends within its name", config[4:24]),
    ):
        yield name, reason, header(hdf5.header([message(hdf5.ATTRIBUTE, content)]))
    yield "attribute-huge", "an attribute of 2^62 texts", header(hdf5.header([hdf5.attribute(
        "model_config", hdf5.text_type(8), hdf5.dataspace([HUGE]), b"")]))
    yield "attribute-dense", "attributes in a heap of their own", header(hdf5.header([
        message(0x15, struct.pack("<BBQQ", 0, 0, 48, 48)), config]))
    yield "text-not-utf-8", "a configuration that is no UTF-8", header(hdf5.header([
        hdf5.text_attribute("model_config", b"{\"a\":\"\xff\"}")]))
    variable = struct.pack("<IQI", 40, 1 << 40, 1)
    yield "text-heap-behind", "a text in a heap behind the end of the file", header(hdf5.header([
        hdf5.attribute("model_config", hdf5.variable_text_type(), hdf5.dataspace(), variable)]))
    yield "text-heap-none", "a text in a place that is no heap", header(hdf5.header([
        hdf5.attribute("model_config", hdf5.variable_text_type(), hdf5.dataspace(),
                       struct.pack("<IQI", 40, 48, 1))]))
    file = hdf5.File()
    heap = file.add(b"GCOL" + struct.pack("<BBBBQ", 1, 0, 0, 0, 4096)
                    + struct.pack("<HHIQ", 1, 1, 0, 1 << 40) + b"{}")
    yield "text-heap-object", "a text of 2^40 bytes in a heap of 34", file.finish(file.add(
        hdf5.header([hdf5.attribute("model_config", hdf5.variable_text_type(), hdf5.dataspace(),
                                    struct.pack("<IQI", 40, heap, 1))])))
    yield "link-name", "a member's name that is no UTF-8", root(link(b"\xff\xfe", 48))
    yield "link-place", "a member behind the end of the file", model_file(
        kernel=lambda file: 1 << 40)
    yield "link-dense", "members in a heap behind the end of the file", header(hdf5.header([
        message(hdf5.LINK_INFO, struct.pack("<BBQQ", 0, 0, 1 << 40, 1 << 40)), config,
        hdf5.text_attribute("keras_version", "2")]))


def older():
    """A file as h5py writes it, with symbol tables, changed in one place."""
    good = (MODELS / "normalization.keras2.h5").read_bytes()
    tree, heap, table = (good.index(mark) for mark in (b"TREE", b"HEAP", b"SNOD"))

    def put(offset, value, width=8):
        return good[:offset] + value.to_bytes(width, "little") + good[offset + width:]

    yield "older-good", "a file as h5py writes it is read", good
    yield "older-versions", "an unknown version of the symbol tables", put(9, 7, 1)
    yield "older-end", "an end behind the end of the file", put(40, 1 << 40)
    yield "older-driver", "a driver that splits the file", put(48, 96)
    yield "older-root", "a root group behind the end of the file", put(64, 1 << 40)
    yield "older-tree-level", "a tree of level 255", put(tree + 5, 255, 1)
    yield "older-tree-count", "a tree of 65,535 children", put(tree + 6, 65535, 2)
    yield "older-tree-child", "a child behind the end of the file", put(tree + 32, 1 << 40)
    yield "older-tree-itself", "a child that is the tree", put(tree + 32, tree)
    yield "older-tree-kind", "a tree of chunks in the place of a group's", put(tree + 4, 1, 1)
    yield "older-heap-size", "a heap of 2^62 bytes", put(heap + 8, HUGE)
    yield "older-heap-place", "a heap whose bytes lie behind the end", put(heap + 24, 1 << 40)
    yield "older-heap-version", "a heap of version 9", put(heap + 4, 9, 1)
    yield "older-table-count", "a table of 65,535 members", put(table + 6, 65535, 2)
    yield "older-table-name", "a name behind the end of its heap", put(table + 8, 1 << 40)
    yield "older-table-member", "a member behind the end of the file", put(table + 16, 1 << 40)
    yield "older-table-root", "a member that is the root group", put(
        table + 16, int.from_bytes(good[64:72], "little"))
    yield "older-header-size", "a header of 2^32 - 1 bytes", put(
        int.from_bytes(good[64:72], "little") + 8, (1 << 32) - 1, 4)
    yield "older-header-messages", "a header of 65,535 messages", put(
        int.from_bytes(good[64:72], "little") + 2, 65535, 2)
    yield "older-user-block", "512 bytes before a file that does not know of them", bytes(512) + good


def cases():
    table = [*outside(), *circles(), *datasets(), *chunks(), *structures(), *older()]
    return [*single(FAMILY, FILE, table), *cut(model_file(), FAMILY, FILE, 12),
            Case(f"{FAMILY}/signature-only", "the signature alone", {FILE: hdf5.SIGNATURE}),
            Case(f"{FAMILY}/signature-far", "the signature at the 512th byte and nothing behind it",
                 {FILE: bytes(512) + hdf5.SIGNATURE})]
