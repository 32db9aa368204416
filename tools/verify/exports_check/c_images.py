"""Runs images through the C program and records every payload that a layer sends."""

import json
import struct
import subprocess

from bundle_reader.bundle import Bundle
from bundle_reader.geometry import product

from . import arrays
from .targets.c import COMPILER

MAIN = """
#include "program.h"
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
    static synapack_input input[SYNAPACK_INPUTS];
    static int64_t scores[SYNAPACK_CLASSES];
    while (fread(input, sizeof input, 1, stdin) == 1) {
        synapack_start(input);
        for (int32_t tick = 0; tick < SYNAPACK_LIFE; tick++) {
            synapack_step();
            for (uint32_t p = 0; p < SYNAPACK_POPULATIONS; p++)
                for (uint32_t n = 0; n < synapack_neurons(p); n++) {
                    const int16_t sent = (int16_t)synapack_payload(p, n);
                    fwrite(&sent, sizeof sent, 1, stdout);
                }
            if (tick + 1 == SYNAPACK_LATENCY) synapack_scores(scores);
        }
        const int16_t decision = (int16_t)synapack_decision(scores);
        fwrite(&decision, sizeof decision, 1, stdout);
    }
    return 0;
}
"""


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def record(folder, pixels, count):
    """Writes recording.npz and decisions.json; a constant current alone is encoded here."""
    bundle = Bundle((folder / "program.synapack").read_bytes())
    port = bundle.program.input
    coding = port.constant_current
    assert not coding.negative
    most = (1 << coding.bits) - 1
    payloads = [
        min(most, round(single(single(pixel / 16) / coding.scale))) for pixel in pixels]
    code = "B" if most <= 255 else "H"
    place = folder / "c"
    (place / "images.c").write_text(MAIN, encoding="utf-8")
    subprocess.run([COMPILER, "-std=c11", "-O2", "program.c", "images.c", "-o", "images"],
                   cwd=place, check=True)
    told = subprocess.run(["./images"], cwd=place, check=True, capture_output=True,
                          input=struct.pack(f"<{len(payloads)}{code}", *payloads)).stdout
    values = struct.unpack(f"<{len(told) // 2}h", told)
    sizes = [product(population.shape) for population in bundle.program.populations]
    life = max(bundle.clock.ends)
    stride = life * sum(sizes) + 1
    decisions, trains = [], {}
    for sample in range(count):
        own = values[sample * stride:(sample + 1) * stride]
        decisions.append(own[-1])
        start = 0
        for index, population in enumerate(bundle.program.populations):
            opens = bundle.clock.opens[index]
            if population.firing:
                train = trains.setdefault(population.name, [])
                for tick in range(opens, opens + bundle.program.timesteps):
                    at = tick * sum(sizes) + start
                    train += own[at:at + sizes[index]]
            start += sizes[index]
    shapes = {population.name: (count, bundle.program.timesteps, size)
              for population, size in zip(bundle.program.populations, sizes)}
    found = {name: (shapes[name], train) for name, train in trains.items()}
    found["input"] = ((count, len(payloads) // count), payloads)
    arrays.save(folder / "recording.npz", found)
    (folder / "decisions.json").write_text(json.dumps(decisions), encoding="utf-8")
