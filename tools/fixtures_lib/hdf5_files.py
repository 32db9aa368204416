"""Small HDF5 files of every form that is read, and of every form that is refused.

Element i of each array of numbers, in row-major order, is i modulo 100 (its
truth for truth values), so that a test needs no second file to compare with.
"""

import h5py
import numpy

from . import common

READ = common.HDF5 / "read"
REFUSED = common.HDF5 / "refused"

TYPES = (
    "<f2", ">f2", "<f4", ">f4", "<f8", ">f8",
    "<i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8",
    "<u1", "<u2", ">u2", "<u4", ">u4", "<u8", ">u8",
)  # fmt: skip


def counted(shape, dtype="<f4"):
    count = int(numpy.prod(shape))
    return (numpy.arange(count) % 100).astype(dtype).reshape(shape)


def write_types(group):
    for name in TYPES:
        group[name] = counted((2, 3), name)
    group["bool"] = counted((2, 3)) > 0
    array = group.create_dataset("array", (2,), numpy.dtype([("x", "<i2", (3,))])["x"])
    array[...] = counted((2, 3), "<i2")
    group["scalar"] = numpy.float32(0)
    group["null"] = h5py.Empty("<f4")
    group["empty"] = numpy.zeros((0, 3), "<f4")


def write_texts(group):
    group["fixed"] = numpy.array([b"one", b"", b"three"])
    group["variable"] = numpy.array(["eins", "", "drei – ü"], h5py.string_dtype())
    group.create_dataset(
        "chunked", data=["a", "bc", "def"], dtype=h5py.string_dtype(), chunks=(2,),
        compression="gzip",
    )  # fmt: skip
    group["scalar"] = "text"
    group.attrs["fixed"] = numpy.array([b"one", b"two"])
    group.attrs["variable"] = ["eins", "zwei"]
    group.attrs["scalar"] = "text"
    group.attrs["number"] = numpy.int32(7)
    group.attrs["numbers"] = counted((2, 2), ">f8")


def write_layouts(group):
    shape = (5, 7)
    group["contiguous"] = counted(shape)
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple(shape)
    low = h5py.h5d.create(
        group.id, b"compact", h5py.h5t.IEEE_F32LE, space, dcpl=compact
    )
    low.write(h5py.h5s.ALL, h5py.h5s.ALL, counted(shape))
    forms = {
        "plain": {},
        "gzip": {"compression": "gzip"},
        "shuffle": {"compression": "gzip", "shuffle": True},
        "checked": {"fletcher32": True},
        "all": {"compression": "gzip", "shuffle": True, "fletcher32": True},
    }
    for name, options in forms.items():
        group.create_dataset(
            f"chunks-{name}", data=counted(shape), chunks=(2, 3), **options
        )
        group.create_dataset(
            f"one-chunk-{name}", data=counted(shape), chunks=shape, **options
        )
    odd = counted((5, 7), "<u1")
    group.create_dataset("odd-checked", data=odd, chunks=(5, 7), fletcher32=True)
    sparse = group.create_dataset("sparse", (4, 4), "<f4", chunks=(2, 2), fillvalue=9)
    sparse[0:2, 2:4] = 1
    group.create_dataset("unwritten", (4,), ">i2", fillvalue=9)
    group.create_dataset("unwritten-chunks", (4,), "<i2", chunks=(2,))
    many = counted((2100,), "<u1")
    group.create_dataset("many-chunks", data=many, chunks=(2,))


def write_links(file):
    many = file.create_group("many")
    for index in range(60):
        many[f"link-{index:02}"] = numpy.float32(index)
    deep = file.create_group("a/b/c")
    deep["value"] = counted((3,))
    file["soft"] = h5py.SoftLink("/a/b")
    deep["again"] = h5py.SoftLink("value")


def write_whole(path, **options):
    with h5py.File(path, "w", **options) as file:
        write_types(file.create_group("types"))
        write_texts(file.create_group("texts"))
        write_layouts(file.create_group("layouts"))
        write_links(file)


def implicit(path):
    """Chunks that are allocated at once need no index in the newest form."""
    with h5py.File(path, "w", libver="latest") as file:
        create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        create.set_chunk((2, 3))
        create.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        space = h5py.h5s.create_simple((5, 7))
        low = h5py.h5d.create(
            file.id, b"implicit", h5py.h5t.IEEE_F32LE, space, dcpl=create
        )
        low.write(h5py.h5s.ALL, h5py.h5s.ALL, counted((5, 7)))


def small(path, **options):
    """What the tests cut off and change byte by byte."""
    with h5py.File(path, "w", **options) as file:
        file.attrs["text"] = ["one", "two"]
        file.create_dataset(
            "chunks", data=counted((4, 3)), chunks=(2, 3), compression="gzip",
            shuffle=True, fletcher32=True,
        )  # fmt: skip
        file["plain"] = counted((3,), ">i2")


def generate():
    common.empty_directory(common.HDF5)
    READ.mkdir()
    write_whole(READ / "earliest.h5")
    write_whole(READ / "latest.h5", libver="latest")
    implicit(READ / "implicit.h5")
    with h5py.File(READ / "user-block.h5", "w", userblock_size=512) as file:
        file["value"] = counted((3,))
    small(READ / "small-earliest.h5")
    small(READ / "small-v108.h5", libver=("v108", "v108"))
    small(READ / "small-latest.h5", libver="latest")
    from . import hdf5_refused

    hdf5_refused.generate()
