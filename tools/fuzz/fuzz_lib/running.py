"""One run of one target: libFuzzer's process, its figures, and what it found."""

import dataclasses
import os
import re
import shutil
import subprocess
import time

from . import seeds

# What libFuzzer is held to: memory in MiB and seconds for one input.
LIMITS = ("-rss_limit_mb=512", "-timeout=1")
# A reader that falls at once would otherwise be started again and again.
MOST_FINDS = 5


@dataclasses.dataclass
class Outcome:
    target: str
    executions: int = 0
    seconds: float = 0
    memory: int = 0
    finds: list = dataclasses.field(default_factory=list)

    def line(self):
        speed = self.executions / max(self.seconds, 0.001)
        return (f"{self.target:18} {self.executions:>12,} executions {speed:>9,.0f}/s "
                f"{len(self.finds):>3} finds {self.memory:>4} MiB")


def fuzz(program, target, seconds, cache):
    """Runs a target until its time is up, from its corpus and its seeds."""
    outcome = Outcome(target.name)
    corpus, first, found, scene = (
        cache / part / target.name for part in ("corpus", "seeds", "found", "scene"))
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(first, ignore_errors=True)
    seeds.write(target, first)
    # Readers may look for files beside theirs, so they run where there are only these.
    seeds.write_shards(scene)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) >= 1 and len(outcome.finds) < MOST_FINDS:
        run_once(program, target, int(left), (corpus, first, found, scene), outcome)
    return outcome


def run_once(program, target, seconds, folders, outcome):
    corpus, first, found, scene = folders
    before = set(found.iterdir())
    started = time.monotonic()
    arguments = [str(program), *LIMITS, f"-max_len={target.largest}", "-print_final_stats=1",
                 f"-max_total_time={seconds}", f"-artifact_prefix={found}/", "-reload=0"]
    if target.dictionary:
        path = seeds.TOOLS / "fuzz" / "dictionaries" / target.dictionary
        arguments.append(f"-dict={path}")
    # The system counts as the peak of a new process what its parent held when it was started, so
    # a small shell stands between this one and the fuzzer.
    shell = ["/bin/sh", "-c", '"$@"; exit $?', "sh"]
    done = subprocess.run(
        [*shell, *arguments, str(corpus), str(first)], cwd=scene, env=environment(target),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    log = done.stdout.decode(errors="replace")
    outcome.seconds += time.monotonic() - started
    outcome.executions += figure(log, "number_of_executed_units")
    outcome.memory = max(outcome.memory, figure(log, "peak_rss_mb"))
    for path in sorted(set(found.iterdir()) - before):
        if path.name.startswith("timeout-") and not is_slow(program, target, path, scene):
            # Another process had the processor for a second.
            path.unlink()
            continue
        outcome.finds.append(path)
        path.with_name("log-" + path.name).write_text(log[-8000:])
    if done.returncode != 0 and not set(found.iterdir()) - before and not figure(
            log, "number_of_executed_units"):
        raise SystemExit(f"{target.name} could not run:\n{log[-4000:]}")


def is_slow(program, target, path, scene):
    """Whether an input takes a second of processor time when it runs alone."""
    before = os.times()
    subprocess.run([str(program), "-timeout=20", str(path)], cwd=scene, env=environment(target),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system \
        - before.children_user - before.children_system > 1


def environment(target):
    return {**os.environ, "FUZZ_TARGET": target.name, "OPENBLAS_NUM_THREADS": "1",
            "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1"}


def figure(log, name):
    found = re.findall(rf"stat::{name}:\s+(\d+)", log)
    return int(found[-1]) if found else 0
