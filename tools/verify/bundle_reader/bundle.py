"""A whole bundle, and what is printed of it."""

import struct
import zlib

from .clock import Clock
from .conformance import read_conformance
from .container import Container
from .documents import read_document
from .manifest import read_manifest
from .neurons import NAMES, read_neurons
from .placement import read_placement
from .sums import check_sums
from .weights import read_weights

SCHEMA = "synapack.read-bundle/1"


class Bundle:
    """Every section of a file that keeps all rules; anything else raises BundleError."""

    def __init__(self, data):
        self.container = Container(data)
        self.manifest = read_manifest(self.container)
        self.program = self.manifest.program
        self.weights = read_weights(self.container, self.manifest)
        check_sums(self.container, self.manifest, self.weights)
        self.parameters = read_neurons(self.container, self.manifest)
        self.placement = read_placement(self.container, self.manifest)
        self.recipe = read_document(self.container, "recipe")
        self.clock = Clock(self.program)
        self.vectors = read_conformance(self.container, self.manifest, self.clock)
        self.report = read_document(self.container, "report")

    def name_of(self, source):
        return self.program.populations[source - 1].name if source else self.program.input.name

    def findings(self):
        """What a reader passes over, but tells."""
        result = ["SYN0611"] * len(self.container.unknown)
        return result + ["SYN0612"] * self.container.newer_minor

    def document(self):
        container, manifest, program = self.container, self.manifest, self.program
        return {
            "schema": SCHEMA,
            "version": f"{container.major}.{container.minor}",
            "contentID": container.content_id(),
            "findings": self.findings(),
            "generator": manifest.generator,
            "preprocess": manifest.preprocess,
            "origin": manifest.origin,
            "sections": [section_summary(section) for section in container.sections],
            "timesteps": program.timesteps,
            "schedule": program.schedule,
            "delay": program.delay,
            "input": program.input,
            "populations": [self.population(index) for index in range(len(program.populations))],
            "connections": [self.connection(index) for index in range(len(program.connections))],
            "readout": program.readout,
            "placement": self.placement,
            "recipe": self.recipe,
            "report": self.report,
            "conformance": [self.vector(vector) for vector in self.vectors],
        }

    def population(self, index):
        message, clock = self.program.populations[index], self.clock
        runs = self.parameters[index].runs
        result = {key: message[key] for key in ("name", "shape", "firing")}
        result["membrane"] = [message.membrane_floor, message.membrane_ceiling]
        result["biasBits"] = message.bias_bits
        result["awake"] = [clock.begins[index], clock.ends[index]]
        result["opens"], result["biasFrom"] = clock.opens[index], clock.bias_from[index]
        for name in NAMES:
            values = runs[name]
            result[name] = {"count": len(values), "range": [min(values), max(values)],
                            "checksum": checksum(values)}
        return result

    def connection(self, index):
        message = self.program.connections[index]
        return {
            "source": self.name_of(message.source),
            "target": self.program.populations[message.target].name,
            "relays": message.relays,
            "convolution": message.convolution,
            "weightBits": message.weight_bits,
            "shape": message.weights.shape,
            "encoding": message.weights.encoding,
            "bytes": message.weights.length,
            "nonzero": message.weights.nonzero,
            "checksum": checksum(self.weights[index]),
        }

    def vector(self, vector):
        scores = vector["scores"]
        return {
            "inputs": checksum(vector["inputs"]),
            "scores": list(scores),
            "decision": scores.index(max(scores)),
            "spikes": [sum(record[0] for record in records) for records in vector["populations"]],
        }


def section_summary(section):
    return {
        "type": section.type,
        "name": section.name,
        "offset": section.offset,
        "stored": section.stored_length,
        "raw": section.raw_length,
        "digest": section.raw_digest.hex(),
    }


def checksum(values):
    """CRC-32 of the values as i32, as the page has it for membranes."""
    return f"{zlib.crc32(struct.pack(f'<{len(values)}i', *values)):08x}"
