"""Exported programs on tinyODIN's own Verilog: the loader's transfers, replayed under Icarus.

    tools/verify/tinyodin-verilog --command SYNAPACK --verilog FOLDER [--programs N] [--seed N]
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

from bundle_reader.bundle import Bundle

from . import recording
from .__main__ import export
from .bundle_writer import write
from .programs import Draw
from .targets import tinyodin

BENCH = pathlib.Path(__file__).parent / "tinyodin_bench.v"
SAMPLES = 2


class Recorded:
    """A chip, with every transfer and its answer in a file."""

    def __init__(self, chip, log):
        self.chip, self.log = chip, log

    def note(self, kind, word, answer=0):
        print(f"{kind} {word:x} {answer}", file=self.log)
        return answer

    def write(self, word):
        self.chip.write(word)
        self.note(0, word)

    def send(self, address):
        self.chip.send(address)
        self.note(1, address)

    def receive(self):
        return self.note(2, 0, self.chip.receive())

    def read(self, word):
        return self.note(3, word, self.chip.read(word))


def transfers(place, bundle):
    """The logs of a program's chips, after the scores were ours."""
    module = recording.loader(place / tinyodin.OUTPUT)
    network = module.Network(place / tinyodin.OUTPUT)
    paths = [place / f"chip{number}.log" for number in range(len(network.layers))]
    logs = [path.open("w", encoding="ascii") for path in paths]
    chips = [Recorded(module.Chip(), log) for log in logs]
    for vector in bundle.vectors:
        scores, _ = network.run(recording.frames(bundle, vector), chips)
        assert list(scores) == list(vector["scores"]), place
    for log in logs:
        log.close()
    return paths


def main():
    parser = argparse.ArgumentParser(prog="tools/verify/tinyodin-verilog")
    parser.add_argument("--command", required=True)
    parser.add_argument("--verilog", required=True, help="a folder with tinyODIN.v and its modules")
    parser.add_argument("--programs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    command = str(pathlib.Path(arguments.command).resolve())
    sources = sorted(map(str, pathlib.Path(arguments.verilog).rglob("*.v")))
    spikes = chips = refused = 0
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        machine = pathlib.Path(scratch, "machine")
        subprocess.run(["iverilog", "-g2012", "-s", "bench", "-o", machine, BENCH, *sources],
                       check=True)
        for number in range(arguments.programs):
            seed = arguments.seed * 1_000_003 + number
            draw = Draw(tinyodin.PROFILE, random.Random(seed))
            content = write(draw.program(), draw.samples(SAMPLES))
            place = pathlib.Path(scratch, str(seed))
            place.mkdir()
            (place / "program.synapack").write_bytes(content)
            if export(command, place / "program.synapack", tinyodin, place / tinyodin.OUTPUT):
                refused += 1
                continue
            for log in transfers(place, Bundle(content)):
                said = subprocess.run(["vvp", machine, f"+log={log}"], capture_output=True,
                                      text=True, check=True).stdout.split()
                chips, spikes = chips + 1, spikes + int(said[2])
                if (said[0], said[4]) != ("0", "0"):
                    wrong.append(f"seed {seed}, {log.name}: {' '.join(said)}")
    print(f"{arguments.programs} programs, {refused} refused; {chips} chips, {spikes} spikes, "
          f"{len(wrong)} chips with another spike or membrane")
    for line in wrong:
        print(f"    {line}")
    return 1 if wrong or not spikes else 0


if __name__ == "__main__":
    sys.exit(main())
