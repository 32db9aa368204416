"""Compiles the C program, warnings as errors and both sanitizers on, and runs its self-test."""

import concurrent.futures
import os
import shutil
import subprocess

from ..programs import Profile

TARGET, OUTPUT = "c", "c"
PROFILE = Profile()
COMPILER = os.environ.get("CC") or shutil.which("cc") or "clang"
FLAGS = ("-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion",
         "-Wno-sign-conversion", "-fsanitize=undefined,address", "-fno-sanitize-recover=all")


def tried(place):
    """What went wrong, or nothing."""
    folder = place / OUTPUT
    built = subprocess.run(
        [COMPILER, *FLAGS, "program.c", "self_test.c", "-o", "self_test"],
        cwd=folder, capture_output=True, text=True, check=False)
    if built.returncode:
        return built.stderr
    ran = subprocess.run(["./self_test"], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        return ran.stdout + ran.stderr
    return None if "are equal" in ran.stdout else "the self-test compared nothing"


def run(command, places):
    """The second reader made the vectors, so our simulator must follow them as well."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for place, difference in zip(places, pool.map(tried, places)):
            replayed = subprocess.run([command, "replay", place / "program.synapack"],
                                      capture_output=True, text=True, check=False)
            yield place, difference or (replayed.stdout if replayed.returncode else None)
