"""The conformance vectors: inputs, and what a run must give."""

import struct

from . import geometry
from .cursor import Cursor
from .modelled import read_modelled_vectors
from .modelled.conformance import Form
from .sums import input_range

RECORD_BYTES = 20


def read_conformance(container, manifest, clock):
    section = container.by_name["conformance"]
    reader = Reader(section, manifest.program, clock)
    if section.stream is not None:
        vectors = read_modelled_vectors(section, reader.form())
        section.raw = struct.pack("<Q", len(vectors)) + b"".join(map(written, vectors))
        section.check_raw()
        reader.data = section.raw
    return reader.read()


def written(vector):
    """The bytes of one vector."""
    inputs, scores = vector["inputs"], vector["scores"]
    result = struct.pack(f"<Q{len(inputs)}iQ{len(scores)}q", len(inputs), *inputs,
                         len(scores), *scores)
    for records in vector["populations"]:
        result += struct.pack("<Q", len(records))
        result += b"".join(struct.pack("<qqI", *record) for record in records)
    return result


class Reader(Cursor):
    def __init__(self, section, program, clock):
        super().__init__(section)
        self.program = program
        every = program.input.ticks or program.timesteps
        ticks = 1 if program.input.constant_current else every
        self.inputs = geometry.product(program.input.shape) * ticks
        self.scores = geometry.product(program.populations[program.readout.population].shape)
        self.ticks = [end - begin for begin, end in zip(clock.begins, clock.ends)]

    def read(self):
        vectors = [self.vector() for _ in range(self.length("the number of vectors", 16))]
        self.finish()
        return vectors

    def form(self):
        port = self.program.input
        return Form(port.shape, self.inputs, input_range(port), self.scores, self.ticks)

    def exact(self, what, expected):
        return self.count(f"the number of {what}", expected, expected)

    def vector(self):
        start = self.position
        inputs = self.integers("i", self.exact("inputs", self.inputs), "the inputs")
        self.check_inputs(inputs, start + 8)
        scores = self.integers("q", self.exact("scores", self.scores), "the scores")
        return {
            "inputs": inputs,
            "scores": scores,
            "populations": [self.records(ticks) for ticks in self.ticks],
        }

    def check_inputs(self, inputs, start):
        least, most = input_range(self.program.input)
        for index, value in enumerate(inputs):
            if not least <= value <= most:
                self.fail(f"the input {value} is not {least} to {most}", at=start + 4 * index)

    def records(self, ticks):
        count = self.exact("records", ticks)
        if count * RECORD_BYTES > len(self.data) - self.position:
            self.fail("the records end behind the section")
        return [
            (self.number("Q", "spikes"), self.number("q", "payload"), self.number("I", "checksum"))
            for _ in range(count)
        ]
