"""Writes bundles from schemas/bundle.md alone: raw sections around a program given as numbers."""

import hashlib
import struct

from bundle_reader.bundle import Bundle
from bundle_reader.conformance import written as written_vector
from bundle_reader.machine import Machine
from bundle_reader.schema import MANIFEST
from bundle_reader.weights import ENCODINGS, leb128, written
from bundle_reader.wire import BYTES, FIXED32, VARINT, Enumeration

HEADER_BYTES, ENTRY_BYTES = 128, 104
MAGIC = bytes.fromhex("8953504B0D0A1A0A")
CRITICAL = {1: 1, 2: 1, 3: 1, 5: 0, 6: 1, 7: 0}
PARAMETERS = ("thresholds", "biases", "initial")


def number(kind, value):
    if isinstance(kind, Enumeration):
        return leb128(kind.names.index(value))
    if kind in ("sint32", "sint64"):
        return leb128(value << 1 if value >= 0 else (-value << 1) - 1)
    return leb128(int(value))


def message(fields, values):
    """Protobuf's one form: ascending fields, defaults left out, repeated numbers packed."""
    result = b""
    for index, field in sorted(fields.items()):
        value = values.get(field.name)
        if value is None or (not field.is_message and value == field.default()):
            continue
        key = leb128(index << 3 | field.wire_type)
        if field.wire_type == VARINT:
            result += key + number(field.kind, value)
        elif field.wire_type == FIXED32:
            result += key + struct.pack("<f", value)
        else:
            assert field.wire_type == BYTES
            for content in contents(field, value):
                result += key + leb128(len(content)) + content
    return result


def contents(field, value):
    """The length-delimited contents that a field is written as."""
    if field.is_message:
        return [message(field.kind, item) for item in (value if field.repeated else [value])]
    if field.kind == "string":
        return [value.encode()]
    return [b"".join(number(field.kind, item) for item in value)]


def container(sections):
    """A file of {type: raw bytes}, every section as it is."""
    table, body = b"", b""
    start = HEADER_BYTES + ENTRY_BYTES * len(sections)
    for kind, raw in sorted(sections.items()):
        alignment = 12 if kind == 2 and len(raw) >= 65536 else 6
        body += bytes(-(start + len(body)) % (1 << alignment))
        digest = hashlib.sha256(raw).digest()
        table += struct.pack("<IIQQQII32s32s", kind, CRITICAL[kind], start + len(body), len(raw),
                             len(raw), alignment, 0, digest, digest)
        body += raw
    header = struct.pack("<8sHHIQQQQQII32s32s", MAGIC, 1, 0, HEADER_BYTES, start + len(body), 0, 0,
                         0, HEADER_BYTES, ENTRY_BYTES, len(sections),
                         hashlib.sha256(table).digest(), bytes(32))
    return header[:96] + hashlib.sha256(header).digest() + table + body


def write(program, inputs):
    """The bytes of a bundle whose vectors the second reader's machine records.

    `program` has the fields of bundle.proto; a connection's `weights` is {"shape", "values"}, and
    the parameters of a population are lists.
    """
    weights, neurons = b"", []
    connections, populations = [], []
    for connection in program["connections"]:
        shape, values = connection["weights"]["shape"], connection["weights"]["values"]
        content, encoding = encoded(values, connection["weight_bits"])
        run = {"shape": shape, "encoding": encoding, "offset": len(weights),
               "length": len(content), "nonzero": sum(value != 0 for value in values)}
        connections.append({**connection, "weights": run})
        weights += content
    for population in program["populations"]:
        runs = {}
        for name in PARAMETERS:
            runs[name] = {"offset": len(neurons), "count": len(population[name])}
            neurons += population[name]
        populations.append({**population, **runs})
    manifest = {
        "program": {**program, "connections": connections, "populations": populations},
        "origin": {"format": "random"}, "generator": "exports_check",
    }
    sections = {
        1: message(MANIFEST, manifest), 2: weights,
        3: struct.pack(f"<{len(neurons)}i", *neurons), 5: b"{}", 6: struct.pack("<Q", 0), 7: b"{}",
    }
    bundle = Bundle(container(sections))
    machine = Machine(bundle.program, bundle.weights, bundle.parameters, bundle.clock)
    vectors = []
    for sample in inputs:
        scores, records = machine.run(sample)
        vectors.append({"inputs": sample, "scores": scores, "populations": records})
    sections[6] = struct.pack("<Q", len(vectors)) + b"".join(map(written_vector, vectors))
    return container(sections)


def encoded(values, bits):
    """The shortest map and its name."""
    content = written(values, bits)
    count, nonzero = len(values), sum(value != 0 for value in values)
    body = (nonzero * bits + 7) // 8
    lengths = {"DENSE": (count * bits + 7) // 8, "BITMAP": (count + 7) // 8 + body}
    matching = [name for name, length in lengths.items() if length == len(content)]
    return content, (matching + [ENCODINGS[2]])[0]
