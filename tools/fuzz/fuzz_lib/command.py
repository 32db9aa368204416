"""The command: builds, runs targets, prints a table and keeps the tally."""

import argparse
import concurrent.futures
import datetime
import os
import pathlib
import subprocess

from . import running, seeds, targets


def default_cache():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "synapack-fuzz"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("target", help="a target, or `all`")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time (1)")
    parser.add_argument("--cache", type=pathlib.Path, default=default_cache(),
                        help="where corpora, finds and the tally are kept")
    parser.add_argument("--address", action="store_true", help="with AddressSanitizer")
    parser.add_argument("--program", type=pathlib.Path, help="a fuzzer that is built already")
    parser.add_argument("--seed", type=int, help="the same changes in the same order every time")
    parser.add_argument("--rounds", type=int, default=1, help="how often over all targets (1)")
    return parser.parse_args()


def build(arguments):
    if arguments.program:
        return arguments.program.resolve()
    command = [seeds.TOOLS / "fuzz" / "build", *(["--address"] if arguments.address else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return pathlib.Path(done.stdout.decode().split()[-1])


def tally(cache, outcome):
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    with open(cache / "tally.tsv", "a", encoding="ascii") as file:
        file.write(f"{outcome.target}\t{outcome.executions}\t{outcome.seconds:.0f}\t{date}\n")


def main():
    arguments = parse_arguments()
    chosen = targets.named(arguments.target)
    program = build(arguments)
    cache = arguments.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for _ in range(arguments.rounds):
            work = [pool.submit(running.fuzz, program, target, arguments.seconds, cache,
                                arguments.seed) for target in chosen]
            for job in work:
                outcome = job.result()
                print(outcome.line(), flush=True)
                for find in outcome.finds:
                    print(f"  {find}", flush=True)
                tally(cache, outcome)
                outcomes.append(outcome)
    executions = sum(outcome.executions for outcome in outcomes)
    finds = sum(len(outcome.finds) for outcome in outcomes)
    print(f"{executions:,} executions, {finds} finds")
    return 1 if finds else 0
