"""One run of one target: libFuzzer's process, its figures, and what it found."""

import dataclasses
import os
import re
import subprocess
import tempfile
import time

from . import seeds

# What libFuzzer is held to: memory in MiB and seconds for one input.
LIMITS = ("-rss_limit_mb=512", "-timeout=1")
# Inputs that are read fast are changed more often, but not where a run has to repeat.
SCHEDULE = ("-entropic_scale_per_exec_time=1", "-reload=0")


def schedule(seed):
    return SCHEDULE if seed is None else ("-reload=0", f"-seed={seed}")


# A reader that falls at once would otherwise be started again and again.
MOST_FINDS = 5


@dataclasses.dataclass
class Outcome:
    target: str
    executions: int = 0
    seconds: float = 0
    # Of processor time, which tells more on a machine that does other things too.
    busy: float = 0
    memory: int = 0
    finds: list = dataclasses.field(default_factory=list)

    def line(self):
        speed = self.executions / max(self.seconds, 0.001)
        most = self.executions / max(self.busy, 0.001)
        return (f"{self.target:18} {self.executions:>12,} executions {speed:>8,.0f}/s "
                f"({most:>7,.0f}/s of processor) {len(self.finds):>3} finds {self.memory:>4} MiB")


def fuzz(program, target, seconds, cache, seed=None):
    """Runs a target until its time is up, from its corpus and its seeds."""
    outcome = Outcome(target.name)
    corpus, first, found, scene = (
        cache / part / target.name for part in ("corpus", "seeds", "found", "scene"))
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    seeds.write(target, first)
    # Readers may look for files beside theirs, so they run where there are only these.
    seeds.write_shards(scene)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) >= 1 and len(outcome.finds) < MOST_FINDS:
        run_once(program, target, int(left), (corpus, first, found, scene), outcome, seed)
    return outcome


def run_once(program, target, seconds, folders, outcome, seed):
    corpus, first, found, scene = folders
    before = set(found.iterdir())
    started = time.monotonic()
    arguments = [str(program), *LIMITS, *schedule(seed), "-print_final_stats=1",
                 f"-max_len={target.largest}", f"-max_total_time={seconds}",
                 f"-artifact_prefix={found}/"]
    if target.dictionary:
        path = seeds.TOOLS / "fuzz" / "dictionaries" / target.dictionary
        arguments.append(f"-dict={path}")
    status, busy, log = processed([*arguments, str(corpus), str(first)], scene, target)
    outcome.seconds += time.monotonic() - started
    outcome.busy += busy
    outcome.executions += figure(log, "number_of_executed_units")
    outcome.memory = max(outcome.memory, figure(log, "peak_rss_mb"))
    for path in sorted(set(found.iterdir()) - before):
        if path.name.startswith("timeout-") and not is_slow(program, target, path, scene):
            # Another process had the processor for a second.
            path.unlink()
            continue
        outcome.finds.append(path)
        path.with_name("log-" + path.name).write_text(log[-8000:])
    if status != 0 and not set(found.iterdir()) - before and not figure(
            log, "number_of_executed_units"):
        raise SystemExit(f"{target.name} could not run:\n{log[-4000:]}")


def processed(arguments, scene, target):
    """Runs a command: its status, the processor time that it took, and what it printed."""
    # The system counts as the peak of a new process what its parent held when it was started, so
    # a small shell stands between this one and the fuzzer.
    shell = ["/bin/sh", "-c", '"$@"; exit $?', "sh"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*shell, *arguments], cwd=scene, env=environment(target),
                                   stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        text = log.read().decode(errors="replace")
    return process.returncode, usage.ru_utime + usage.ru_stime, text


def is_slow(program, target, path, scene):
    """Whether an input takes a second of processor time when it runs alone."""
    _, busy, _ = processed([str(program), "-timeout=20", str(path)], scene, target)
    return busy > 1


def environment(target):
    return {**os.environ, "FUZZ_TARGET": target.name, "OPENBLAS_NUM_THREADS": "1",
            "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1"}


def figure(log, name):
    found = re.findall(rf"stat::{name}:\s+(\d+)", log)
    return int(found[-1]) if found else 0
