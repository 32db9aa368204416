"""NIR files by hand: a graph of nodes and edges in HDF5."""

import struct

from . import hdf5_parts as hdf5

WEIGHT = struct.pack("<12f", *(index / 8 - 0.5 for index in range(12)))
INTEGERS = struct.pack("<BBBBIHH", 0x10, 8, 0, 0, 8, 0, 64)


def text(value):
    """A dataset of one text; every part is a function of the file that gives an address."""
    content = value.encode() if isinstance(value, str) else value

    def add(file):
        place = file.add(content)
        return file.dataset(None, hdf5.contiguous(place, len(content)),
                            datatype=hdf5.text_type(len(content)), space=hdf5.dataspace())
    return add


def floats(dimensions, data, space=None):
    def add(file):
        place = file.add(data)
        return file.dataset(dimensions, hdf5.contiguous(place, len(data)), space=space)
    return add


def integers(*values):
    def add(file):
        place = file.add(struct.pack(f"<{len(values)}q", *values))
        return file.dataset([len(values)], hdf5.contiguous(place, 8 * len(values)),
                            datatype=INTEGERS)
    return add


def group(**members):
    return named(members)


def named(members):
    """A group of members by name."""
    def add(file):
        links = [hdf5.link(name, build(file)) for name, build in members.items()]
        return file.group(*links)
    return add


def node(kind, **fields):
    return group(type=text(kind), **fields)


def edges(pairs, space=None):
    size = max((len(name) for pair in pairs for name in pair), default=1)

    def add(file):
        data = b"".join(name.encode().ljust(size, b"\0") for pair in pairs for name in pair)
        place = file.add(data)
        return file.dataset([len(pairs), 2], hdf5.contiguous(place, len(data)),
                            datatype=hdf5.text_type(size), space=space)
    return add


def ends(inputs=(4,), outputs=(3,)):
    return {"input": node("Input", shape=integers(*inputs)),
            "output": node("Output", shape=integers(*outputs))}


def linear(**fields):
    return node("Linear", **{"weight": floats([3, 4], WEIGHT), **fields})


def graph(nodes=None, links=None, **members):
    nodes = {**ends(), "fc": linear()} if nodes is None else nodes
    links = [("input", "fc"), ("fc", "output")] if links is None else links
    return group(**{"type": text("NIRGraph"),
                    "nodes": named(nodes) if isinstance(nodes, dict) else nodes,
                    "edges": edges(links) if isinstance(links, list) else links, **members})


def model_file(root=None, version=None, **options):
    """A file whose `/node` is a graph: one linear layer between an input and an output."""
    file = hdf5.File()
    links = [hdf5.link("node", (root or graph())(file))]
    links.append(hdf5.link("version", (version or text("1.0.8"))(file)))
    return file.finish(file.group(*links), **options)
