"""The digits networks, exported and run image for image in each target's own simulator.

    tools/verify/exports-digits --command SYNAPACK [--target ID]... [--json]
"""

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from bundle_reader.geometry import product

from . import arrays, c_images, recorded
from .targets import environments

DIGITS = pathlib.Path(__file__).resolve().parents[3] / "fixtures" / "digits"
COMMON = ("--membrane-bits", "32", "--timesteps", "8")
LAYER = ("--threshold-scope", "layer")
ZERO = ("--reset", "zero")
START = ("--start", "zero")
TICK = ("--schedule", "tick")
GRADED = ("--membrane-bits", "32", "--timesteps", "1", "--neuron", "graded:4", "--input-bits", "4",
          "--weight-bits", "4")
BINARY = ("--membrane-bits", "32", "--timesteps", "1", "--input-bits", "4")


@dataclasses.dataclass(frozen=True)
class Case:
    """A target, what it needs of the network, and how many images are run."""

    target: str
    options: tuple
    images: int
    model: str = "cnn-average.dynamo18.onnx"


CASES = (
    Case("c", COMMON, 500),
    Case("nir-sinabs", COMMON, 500),
    Case("nir-spikingjelly", (*COMMON, *LAYER), 500),
    Case("nir-rockpool", (*COMMON, "--input-bits", "4"), 500, "mlp.dynamo18.onnx"),
    Case("nir", (*COMMON, *ZERO, *START), 500),
    Case("nir-norse", (*COMMON, *ZERO), 500),
    Case("nir-snntorch", (*COMMON, *ZERO, *LAYER), 500),
    Case("sanafe", (*COMMON, *TICK), 20),
    Case("paicore", (*COMMON, *TICK, *LAYER, "--input", "poisson"), 100),
    Case("akida1", GRADED, 500, "mlp.dynamo18.onnx"),
    Case("akida1.5", GRADED, 500, "mlp.dynamo18.onnx"),
    Case("akida2", BINARY, 500, "mlp.dynamo18.onnx"),
    Case("spinnaker", (*COMMON, *TICK, *ZERO, "--input", "poisson", "--weight-bits", "4"), 100),
    Case("ranc", (*COMMON, *TICK, "--input", "poisson"), 20, "mlp.dynamo18.onnx"),
    Case("tinyodin", ("--membrane-bits", "32", "--timesteps", "6", *ZERO, "--input", "poisson",
                      "--weight-bits", "4"), 20, "mlp.dynamo18.onnx"),
    Case("lava", (*COMMON, *TICK, *ZERO, *START, *LAYER, "--input", "poisson", "--weight-bits", "6"),
         100, "mlp.dynamo18.onnx"),
    Case("loihi1", (*COMMON, *TICK, *ZERO, "--input", "poisson", "--weight-bits", "4"), 100),
)


def run(command, *arguments):
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


def compiled(target, folder):
    """What the vendor's compiler says of the network, where it has one."""
    if target not in ("akida1", "akida1.5", "akida2", "paicore", "spinnaker"):
        return None
    tool = environments.python("spinnaker/board" if target == "spinnaker" else target)
    done = subprocess.run(
        [tool, "-m", "exports_check.compiled", folder], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, check=True)
    return done.stdout.strip()


def check(command, case, folder):
    bundle = folder / "program.synapack"
    run(command, "convert", DIGITS / case.model, "--calibration", DIGITS / "calibration_x.npy",
        "--preprocess", "scale=1/16", *case.options, "-q", "-o", bundle)
    run(command, "export", bundle, "--target", case.target, "-q", "-o", folder / case.target)
    (_, *shape), pixels = arrays.load(DIGITS / "test_x.npy")
    started = time.monotonic()
    if case.target == "c":
        c_images.record(folder, pixels[:case.images * product(shape)], case.images)
    else:
        subprocess.run(
            [environments.python(case.target), "-m", "exports_check.images", folder, case.target,
             DIGITS / "test_x.npy", str(case.images)], check=True, stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "2"})
    seconds = time.monotonic() - started
    labels = arrays.load(DIGITS / "test_y.npy")[1]
    decisions = json.loads((folder / "decisions.json").read_text(encoding="utf-8"))
    right = sum(a == b for a, b in zip(decisions, labels))
    ours = json.loads(run(
        command, "evaluate", bundle, "--data", DIGITS / "test_x.npy", "--labels",
        DIGITS / "test_y.npy", "--limit", case.images, "--json", "-q"))
    return {"target": case.target, "images": case.images, "accuracy": right / case.images,
            "ours": ours["spiking"][0]["accuracy"], "seconds": round(seconds, 1),
            "compiled": compiled(case.target, folder / case.target),
            "difference": recorded.followed(command, folder)}


def main():
    parser = argparse.ArgumentParser(prog="tools/verify/exports-digits")
    parser.add_argument("--command", required=True)
    parser.add_argument("--target", action="append", choices=[case.target for case in CASES])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    command = str(pathlib.Path(arguments.command).resolve())
    rows = []
    for case in CASES:
        if arguments.target and case.target not in arguments.target:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            row = check(command, case, pathlib.Path(scratch))
        rows.append(row)
        if not arguments.json:
            state = "identical" if not row["difference"] else row["difference"]
            print(f"{row['target']:17} {row['images']} images, {row['accuracy']:.1%}, ours "
                  f"{row['ours']:.1%}, spikes {state}, {row['seconds']} s"
                  + (f"; {row['compiled']}" if row["compiled"] else ""), flush=True)
    if arguments.json:
        print(json.dumps(rows, indent=2))
    holds = all(not row["difference"] and abs(row["accuracy"] - row["ours"]) < 1e-9
                for row in rows)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
