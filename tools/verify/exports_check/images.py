"""Runs images through an exported network in the environment of its reader."""

import json
import os
import pathlib
import sys
import warnings

import numpy

from bundle_reader.bundle import Bundle

from .encoding import payloads
from .recording import network


def stated(folder, loaded):
    """`frames` of the export's README, which makes payloads of a sample's numbers."""
    if folder.is_file():
        text = loaded.metadata["readme"]
    else:
        text = (folder / "README.md").read_text(encoding="utf-8")
    section = text.split("## From numbers to payloads\n")[1]
    names = {}
    exec(section.split("```python\n")[1].split("```")[0], names)
    return names["frames"]


def record(folder, output, images, count):
    """Writes recording.npz and the decisions of every image."""
    program = Bundle((folder / "program.synapack").read_bytes()).program
    images = numpy.load(images)[:count]
    values = images.reshape(len(images), -1).astype(numpy.float32) / 16
    inputs = payloads(program, values)
    loaded = network(folder / output)
    told = stated(folder / output, loaded)
    ticks = program.input.ticks or program.timesteps
    trains, decisions = {}, []
    for numbers, sample in zip(values, inputs):
        frames = numpy.repeat(sample, ticks, axis=0) if len(sample) == 1 else sample
        assert numpy.array_equal(told(numbers), frames)
        scores, spikes = loaded.run(frames)
        decisions.append(int(numpy.argmax(scores)))
        for name, train in spikes.items():
            trains.setdefault(name, []).append(train)
    arrays = {name: numpy.stack(train) for name, train in trains.items()}
    numpy.savez(folder / "recording.npz", input=inputs.reshape(len(images), -1), **arrays)
    (folder / "decisions.json").write_text(json.dumps(decisions), encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout = open(os.devnull, "w", encoding="utf-8")
    record(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
