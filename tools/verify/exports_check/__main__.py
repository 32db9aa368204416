"""Random programs, exported and run by the target's own reader: identical, refused or different."""

import argparse
import dataclasses
import importlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from bundle_reader.bundle import Bundle

from .bundle_writer import write
from .programs import Draw

# Where a module holds several targets, they are named there.
TARGETS = {
    "akida1": "akida", "akida1.5": "akida", "akida2": "akida", "c": "c", "lava": "lava",
    "loihi1": "loihi1",
    "nir": "nir", "nir-norse": "nir", "nir-rockpool": "nir", "nir-sinabs": "nir", "nir-snntorch": "nir",
    "nir-spikingjelly": "nir", "paicore": "paicore", "ranc": "ranc", "sanafe": "sanafe",
    "speck2e": "speck", "speck2f": "speck", "spinnaker": "spinnaker", "tinyodin": "tinyodin",
    "xylo": "xylo",
}
REFUSED = 3
SAMPLES = 2


@dataclasses.dataclass
class Tally:
    tried: int = 0
    identical: int = 0
    # Of the exported ones: with a layer that never fires, and with one that two connections enter.
    silent: int = 0
    joined: int = 0
    refused: dict = dataclasses.field(default_factory=dict)
    different: list = dataclasses.field(default_factory=list)

    @property
    def holds(self):
        """Nothing nearly equal, and in a third of what was compared, and one at least, every layer
        sent spikes."""
        return (self.identical + sum(self.refused.values()) == self.tried
                and 3 * (self.identical - self.silent) >= max(3, self.identical))


def export(command, bundle, module, output):
    """`None` where it was written, else the code of the refusal."""
    done = subprocess.run(
        [command, "export", bundle, "--target", module.TARGET, "-o", output, "--quiet",
         *getattr(module, "OPTIONS", ())], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    if done.returncode != REFUSED:
        sys.exit(f"{bundle}: export ended with {done.returncode}: {done.stderr}")
    return done.stderr.split("error[", 1)[1].split("]", 1)[0]


def is_silent(bundle):
    """Whether a layer that can fire never does."""
    fires = [population.firing for population in bundle.program.populations]
    sums = [sum(record[0] for vector in bundle.vectors for record in vector["populations"][index])
            for index in range(len(fires))]
    return any(firing and not count for firing, count in zip(fires, sums))


def joins(program):
    targets = [connection["target"] for connection in program["connections"]]
    return len(set(targets)) < len(targets)


def files(path):
    if path.is_file():
        return path.read_bytes()
    found = sorted(path.rglob("*"))
    return [(file.name, file.read_bytes()) for file in found if file.is_file()]


def programs(command, module, arguments, folder, tally):
    """The folders of the exported programs, each with its bundle."""
    for number in range(arguments.programs):
        seed = arguments.seed * 1_000_003 + number
        draw = Draw(module.PROFILE, random.Random(seed))
        program = draw.program()
        place = folder / str(seed)
        place.mkdir()
        bundle = place / "program.synapack"
        content = write(program, draw.samples(SAMPLES))
        bundle.write_bytes(content)
        tally.tried += 1
        output = place / module.OUTPUT
        code = export(command, bundle, module, output)
        if code:
            tally.refused[code] = tally.refused.get(code, 0) + 1
            continue
        again = place / f"again-{module.OUTPUT}"
        if export(command, bundle, module, again) or files(again) != files(output):
            tally.different.append(f"seed {seed}: a second export has other bytes")
        tally.silent += is_silent(Bundle(content))
        tally.joined += joins(program)
        yield place


def check(command, name, arguments):
    module = importlib.import_module(f"{__package__}.targets.{TARGETS[name]}")
    module = getattr(module, "READERS", {name: module})[name]
    tally, started = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        places = list(programs(command, module, arguments, pathlib.Path(scratch), tally))
        for place, difference in module.run(command, places):
            if difference:
                tally.different.append(f"seed {place.name}: {difference}")
            else:
                tally.identical += 1
    return tally, time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(prog="tools/verify/exports")
    parser.add_argument("--command", required=True)
    parser.add_argument("--target", action="append", choices=TARGETS)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    command = str(pathlib.Path(arguments.command).resolve())
    rows, holds = [], True
    for name in arguments.target or TARGETS:
        tally, seconds = check(command, name, arguments)
        holds = holds and tally.holds
        rows.append({"target": name, "tried": tally.tried, "identical": tally.identical,
                     "refused": tally.refused, "silent": tally.silent, "joined": tally.joined,
                     "different": tally.different, "seconds": round(seconds, 1)})
        if not arguments.json:
            codes = ", ".join(f"{code} {count}" for code, count in sorted(tally.refused.items()))
            print(f"{name:14} {tally.tried} tried, {tally.identical} identical, "
                  f"{sum(tally.refused.values())} refused ({codes or 'none'}), "
                  f"{len(tally.different)} different; of the exported {tally.joined} with joins, "
                  f"{tally.silent} with a silent layer; {seconds:.1f} s", flush=True)
            for line in tally.different[:10]:
                print(f"    {line}")
    if arguments.json:
        print(json.dumps(rows, indent=2))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
