"""What the digits CNN takes as C: flash and RAM as `size` tells them, instructions an inference.

    tools/verify/exports-footprint --command SYNAPACK [--timesteps 8]

Once for each way to compress its weights.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from bundle_reader.bundle import Bundle

from .digits import DIGITS, run

MAIN = """
#include "program.h"
#include <stdio.h>
#include <stdlib.h>
static const synapack_input inputs[] = {%s};
int main(int count, char **values)
{
    int64_t scores[SYNAPACK_CLASSES];
    (void)count;
    for (int runs = atoi(values[1]); runs > 0; runs--) synapack_run(inputs, scores);
    printf("%%d\\n", (int)synapack_decision(scores));
    return 0;
}
"""
FLAGS = ("-std=c11", "-Os", "-Wall", "-Wextra", "-Werror")
# Options of `convert` beside the timesteps.
VARIANTS = {
    "8 bits": ("--weight-bits", "8"),
    "4 bits": ("--weight-bits", "4"),
    "ternary": ("--weight-levels", "ternary"),
    "8 bits, 70 % sparse": ("--weight-bits", "8", "--sparsity", "0.7"),
    "4 bits, 70 % sparse": ("--weight-bits", "4", "--sparsity", "0.7"),
}
CORTEX = ("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb")


def sizes(compiler, folder):
    """(flash, RAM) of program.c: code, constants and data, and data and arrays."""
    subprocess.run([*compiler, *FLAGS, "-c", "program.c", "-o", "program.o"], cwd=folder,
                   check=True)
    tool = compiler[0].replace("gcc", "size") if "gcc" in compiler[0] else "size"
    told = subprocess.run([tool, "program.o"], cwd=folder, check=True, capture_output=True,
                          text=True).stdout.splitlines()[1].split()
    text, data, arrays = map(int, told[:3])
    return text + data, data + arrays


def instructions(folder):
    """Those of one inference: of two runs, less those of one."""
    counts = []
    for runs in ("1", "2"):
        told = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "./one", runs],
            cwd=folder, check=True, capture_output=True, text=True).stderr
        counts.append(int(re.search(r"Collected : (\d+)", told).group(1)))
    return counts[1] - counts[0]


def measure(command, options, folder):
    """The lines of the digits CNN as these options of `convert` make it."""
    bundle = folder / "program.synapack"
    run(command, "convert", DIGITS / "cnn-average.torchscript17.onnx", "--calibration",
        DIGITS / "calibration_x.npy", "--preprocess", "scale=1/16", *options, "-q", "-o", bundle)
    run(command, "export", bundle, "--target", "c", "-q", "-o", folder / "c")
    folder = folder / "c"
    vector = Bundle(bundle.read_bytes()).vectors[0]
    (folder / "one.c").write_text(MAIN % ", ".join(map(str, vector["inputs"])), encoding="utf-8")
    yield "host: {} bytes of flash, {} of RAM".format(*sizes(("gcc",), folder))
    if shutil.which(CORTEX[0]):
        yield "Cortex-M4: {} bytes of flash, {} of RAM".format(*sizes(CORTEX, folder))
    subprocess.run(["gcc", *FLAGS, "program.c", "self_test.c", "-o", "self_test"], cwd=folder,
                   check=True)
    yield subprocess.run(["./self_test"], cwd=folder, check=True, capture_output=True,
                         text=True).stdout.strip()
    if shutil.which("valgrind"):
        subprocess.run(["gcc", "-std=c11", "-O2", "program.c", "one.c", "-o", "one"], cwd=folder,
                       check=True)
        yield f"host, -O2: {instructions(folder):,} instructions an inference"


def main():
    parser = argparse.ArgumentParser(prog="tools/verify/exports-footprint")
    parser.add_argument("--command", required=True)
    parser.add_argument("--timesteps", default="8")
    arguments = parser.parse_args()
    command = str(pathlib.Path(arguments.command).resolve())
    for name, options in VARIANTS.items():
        with tempfile.TemporaryDirectory() as scratch:
            options = ("--timesteps", arguments.timesteps, *options)
            for line in measure(command, options, pathlib.Path(scratch)):
                print(f"{name}: {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
