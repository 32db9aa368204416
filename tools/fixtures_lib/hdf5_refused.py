"""HDF5 files that must be refused: each has one thing wrong, which its name says."""

import h5py
import numpy

from .hdf5_files import REFUSED, counted


def file(name, **options):
    return h5py.File(REFUSED / f"{name}.h5", "w", **options)


def outside():
    with file("external-storage") as target:
        target.create_dataset(
            "value", (4,), "<f4", external=[("secret.txt", 0, h5py.h5f.UNLIMITED)]
        )
    with file("external-link") as target:
        target["value"] = h5py.ExternalLink("secret.h5", "/value")
    # Type 64 is an external link; every number above is a user's own.
    path = REFUSED / "external-link.h5"
    content = bytearray(path.read_bytes())
    place = content.index(b"\x05value") - 1
    while content[place] != 64:
        place -= 1
    content[place] = 65
    (REFUSED / "user-link.h5").write_bytes(content)
    with file("virtual", libver="latest") as target:
        layout = h5py.VirtualLayout((4,), "<f4")
        layout[...] = h5py.VirtualSource("secret.h5", "value", (4,))
        target.create_virtual_dataset("value", layout)


def links():
    with file("soft-loop") as target:
        target["value"] = h5py.SoftLink("/other")
        target["other"] = h5py.SoftLink("/value")
    with file("hard-cycle") as target:
        group = target.create_group("value")
        group["value"] = group


def types():
    with file("compound") as target:
        target["value"] = numpy.zeros(2, [("a", "<i4"), ("b", "<f4")])
    with file("reference") as target:
        target["other"] = counted((2,))
        target["value"] = numpy.array([target["other"].ref], h5py.ref_dtype)
    with file("opaque") as target:
        target["value"] = numpy.zeros(2, "V5")
    with file("sequence") as target:
        target.create_dataset("value", (2,), h5py.vlen_dtype("<i4"))
    with file("enumeration") as target:
        kind = h5py.enum_dtype({"RED": 0, "BLUE": 1}, basetype="i1")
        target.create_dataset("value", (2,), kind)
    with file("odd-float") as target:
        kind = h5py.h5t.IEEE_F32LE.copy()
        kind.set_ebias(100)
        space = h5py.h5s.create_simple((2,))
        h5py.h5d.create(target.id, b"value", kind, space)
    with file("named-type") as target:
        target["type"] = numpy.dtype("<f4")
        target.create_dataset("value", (2,), target["type"])


def storage():
    with file("lzf") as target:
        target.create_dataset(
            "value", data=counted((64,)), chunks=(64,), compression="lzf"
        )
    with file("scale-offset") as target:
        target.create_dataset(
            "value", data=counted((64,), "<i4"), chunks=(64,), scaleoffset=0
        )
    with file("extensible-array", libver="latest") as target:
        target.create_dataset("value", data=counted((4,)), chunks=(2,), maxshape=(None,))
    with file("newer-tree", libver="latest") as target:
        target.create_dataset(
            "value", data=counted((4, 4)), chunks=(2, 2), maxshape=(None, None)
        )
    with file("dense-attributes", libver="latest") as target:
        value = target.create_dataset("value", data=counted((2,)))
        for index in range(10):
            value.attrs[f"attribute-{index}"] = index
    with file("huge-fill") as target:
        target.create_dataset("value", (1 << 40,), "<f4", chunks=(1 << 20,))
    with file("bomb") as target:
        target.create_dataset(
            "value", data=numpy.zeros(1 << 24, "u1"), chunks=(1 << 24,), compression=9
        )


def generate():
    REFUSED.mkdir()
    outside()
    links()
    types()
    storage()
