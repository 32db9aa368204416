"""A bundle of nothing but weights: dense layers whose every neuron hears every other.

In each layer a few neurons are lifted above their threshold by their bias and fire in every tick;
the others never do. So the conformance vector follows from a few columns of each matrix, without a
simulator, and still depends on a weight of every neuron.
"""

import hashlib
import random
import struct
import zlib

from bundle_reader.schema import MANIFEST
from exports_check.bundle_writer import CRITICAL, ENTRY_BYTES, HEADER_BYTES, MAGIC, message

NEURONS = 2048
FIRING = range(0, NEURONS, NEURONS // 16)
TICKS = 2
THRESHOLD = 1 << 16
# More than the threshold and all that the weights of the firing neurons can take away.
BIAS = 1 << 17
# Bytes as weights of 8 bits, of which -128 is none.
SYMMETRIC = bytes(value if value != 0x80 else 0x7F for value in range(256))


def matrices(count):
    """The bytes of each layer's weights, of which no two are equal."""
    for number in range(count):
        yield random.Random(number).randbytes(NEURONS * NEURONS).translate(SYMMETRIC)


def records(matrix, sources):
    """What a layer does in its ticks: (spikes, sum of payloads, checksum of the membranes)."""
    drive = [0] * NEURONS
    for source in sources:
        for neuron, weight in enumerate(memoryview(matrix[source::NEURONS]).cast("b")):
            drive[neuron] += weight
    result = []
    for tick in range(1, TICKS + 1):
        membranes = [tick * value for value in drive]
        for neuron in FIRING:
            membranes[neuron] += tick * (BIAS - THRESHOLD)
        checksum = zlib.crc32(struct.pack(f"<{NEURONS}i", *membranes))
        result.append((len(FIRING), len(FIRING), checksum))
    return result


def population(number):
    return {
        "name": f"layer{number}", "shape": [NEURONS],
        "firing": {"lowest_payload": 0, "highest_payload": 1, "reset": "SUBTRACT"},
        "thresholds": {"offset": number * (NEURONS + 2), "count": 1},
        "biases": {"offset": number * (NEURONS + 2) + 1, "count": NEURONS},
        "initial": {"offset": number * (NEURONS + 2) + NEURONS + 1, "count": 1},
        "membrane_floor": 1 - (1 << 23), "membrane_ceiling": (1 << 23) - 1, "bias_bits": 24,
    }


def connection(number, nonzero):
    return {
        "source": number, "target": number, "weight_bits": 8,
        "weights": {"shape": [NEURONS, NEURONS], "encoding": "DENSE",
                    "offset": number * NEURONS * NEURONS, "length": NEURONS * NEURONS,
                    "nonzero": nonzero},
    }


def small_sections(count):
    """All sections but that of the weights, and the length and digest of that one."""
    digest, layers, connections = hashlib.sha256(), [], []
    for number, matrix in enumerate(matrices(count)):
        digest.update(matrix)
        layers.append(records(matrix, FIRING))
        connections.append(connection(number, len(matrix) - matrix.count(0)))
    manifest = {
        "program": {
            "timesteps": TICKS, "schedule": "WAVEFRONT", "delay": 0,
            "input": {"name": "x", "shape": [NEURONS], "ticks": 0,
                      "constant_current": {"bits": 2, "negative": False, "scale": 1.0}},
            "populations": [population(number) for number in range(count)],
            "connections": connections,
            "readout": {"population": count - 1, "decoding": "COUNT", "unit": 1.0},
        },
        "origin": {"format": "random"}, "generator": "large_weights",
    }
    biases = [BIAS if neuron in FIRING else 0 for neuron in range(NEURONS)]
    parameters = [THRESHOLD, *biases, 0] * count
    inputs = [int(neuron in FIRING) for neuron in range(NEURONS)]
    scores = [TICKS if neuron in FIRING else 0 for neuron in range(NEURONS)]
    vector = struct.pack(f"<Q{NEURONS}iQ{NEURONS}q", NEURONS, *inputs, NEURONS, *scores)
    for layer in layers:
        vector += struct.pack("<Q", len(layer)) + b"".join(
            struct.pack("<qqI", *record) for record in layer)
    sections = {
        1: message(MANIFEST, manifest), 3: struct.pack(f"<{len(parameters)}i", *parameters),
        5: b"{}", 6: struct.pack("<Q", 1) + vector, 7: b"{}",
    }
    return sections, count * NEURONS * NEURONS, digest.digest()


def make(path, mebibytes):
    """Writes a bundle with about that many bytes of weights."""
    count = max(1, (mebibytes << 20) // (NEURONS * NEURONS))
    sections, length, digest = small_sections(count)
    place = HEADER_BYTES + ENTRY_BYTES * (len(sections) + 1)
    table, places = b"", {}
    for kind in sorted([*sections, 2]):
        size = length if kind == 2 else len(sections[kind])
        alignment = 12 if kind == 2 else 6
        place += -place % (1 << alignment)
        own = digest if kind == 2 else hashlib.sha256(sections[kind]).digest()
        table += struct.pack("<IIQQQII32s32s", kind, CRITICAL[kind], place, size, size, alignment,
                             0, own, own)
        places[kind] = place
        place += size
    header = struct.pack("<8sHHIQQQQQII32s32s", MAGIC, 1, 0, HEADER_BYTES, place, 0, 0, 0,
                         HEADER_BYTES, ENTRY_BYTES, len(sections) + 1,
                         hashlib.sha256(table).digest(), bytes(32))
    with path.open("wb") as file:
        file.write(header[:96] + hashlib.sha256(header).digest() + table)
        for kind in sorted(places):
            file.write(bytes(places[kind] - file.tell()))
            if kind != 2:
                file.write(sections[kind])
                continue
            for matrix in matrices(count):
                file.write(matrix)
