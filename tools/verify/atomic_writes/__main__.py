"""Injects failures and deaths into every system call of a write; see tools/verify/atomic-writes."""

import argparse
import collections
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# What a write consists of; the command makes no other calls on the target's folder.
CALLS = "openat,write,fsync,linkat,rename,close,unlink,readlink,newfstatat,fchmod,ftruncate"
ERRORS = ("ENOSPC", "EIO", "EINTR", "EROFS", "EDQUOT", "EACCES", "EMFILE")
# What a program makes of an injected failure of the C library's own start is not ours.
HANDLED = (1, 2, 3, 4, 5)
OLD = b"the old file\n" * 100


class Bench:
    """A folder with an old file, and the command that replaces it."""

    def __init__(self, command, bundles):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="synapack-atomic-"))
        self.inside = self.folder / "inside"
        self.inside.mkdir()
        self.target = self.inside / "target"
        bundle = bundles / "full.synapack"
        self.arguments = [command, "export", str(bundle), "--format", "json", "-q"]
        # The old file is of no format.
        self.arguments += ["--force", "-o", str(self.target)]
        self.reset()
        subprocess.run(self.arguments, check=True)
        self.new = self.target.read_bytes()
        if self.new == OLD or not self.new:
            sys.exit("the command writes nothing")

    def reset(self):
        for path in self.inside.iterdir():
            path.unlink()
        self.target.write_bytes(OLD)

    def traced(self, *options):
        log = self.folder / "log"
        line = ["strace", "-f", "-qq", "-o", str(log), *options, *self.arguments]
        done = subprocess.run(line, capture_output=True, check=False, timeout=60)
        return done.returncode, log.read_text(errors="replace")

    def state(self):
        content = self.target.read_bytes() if self.target.exists() else None
        litter = [path.name for path in self.inside.iterdir() if path != self.target]
        return content, litter

    def check(self, words, status, may_litter):
        content, litter = self.state()
        if content not in (OLD, self.new):
            size = "no file" if content is None else f"{len(content)} bytes"
            sys.exit(f"{words}: the target is torn: {size}")
        if status == 0 and content != self.new:
            sys.exit(f"{words}: status 0, and the old file is still there")
        if litter and not may_litter:
            sys.exit(f"{words}: status {status}, and {litter} is left behind")


def calls(bench):
    """How often each call is made, as strace counts them over all threads."""
    status, log = bench.traced("-e", f"trace={CALLS}")
    if status:
        sys.exit(f"strace does not work here:\n{log[:400]}")
    return collections.Counter(re.findall(r"^\d+ +([a-z0-9_]+)\(", log, re.M))


def first_of_ours(bench):
    """For each call, its first use once the process works on the target's folder."""
    _, log = bench.traced("-e", f"trace={CALLS}")
    seen = collections.Counter()
    for line in log.splitlines():
        match = re.match(r"\d+ +([a-z0-9_]+)\(", line)
        if not match:
            continue
        seen[match.group(1)] += 1
        if str(bench.inside) in line:
            return {name: seen[name] for name in seen}
    return {}


def inject_failures(bench, counts, start):
    injected = 0
    for name, total in sorted(counts.items()):
        for place in range(max(1, start.get(name, 0)), total + 1):
            for error in ERRORS:
                for when in (f"{place}", f"{place}+"):
                    if error == "EINTR" and when.endswith("+"):
                        continue  # A call that is interrupted for ever is tried again for ever.
                    bench.reset()
                    status, _ = bench.traced(
                        "-e", f"trace={name}", "-e", f"inject={name}:error={error}:when={when}"
                    )
                    words = f"{name} number {when} fails with {error}"
                    if status not in (0, *HANDLED):
                        sys.exit(f"{words}: status {status}")
                    # Where nothing can be unlinked any more, nothing can be cleaned up.
                    bench.check(words, status, may_litter=name == "unlink" or when.endswith("+"))
                    injected += 1
    return injected


def kill_at_calls(bench, counts):
    killed = 0
    for name, total in sorted(counts.items()):
        for place in range(1, total + 1):
            bench.reset()
            bench.traced("-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={place}")
            bench.check(f"killed at {name} number {place}", None, may_litter=True)
            killed += 1
    return killed


def kill_at_moments(bench, moments):
    chance = random.Random(1)
    start = time.monotonic()
    subprocess.run(bench.arguments, check=True)
    usual = time.monotonic() - start
    outcomes = collections.Counter()
    for _ in range(moments):
        bench.reset()
        process = subprocess.Popen(bench.arguments, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, 1.2 * usual))
        process.send_signal(signal.SIGKILL)
        process.wait()
        bench.check("killed at a random moment", None, may_litter=True)
        outcomes["new" if bench.state()[0] == bench.new else "old"] += 1
    # What a dead process left must not hinder the next one.
    subprocess.run(bench.arguments, check=True)
    bench.check("after deaths", 0, may_litter=True)
    return outcomes


def write_at_once(bench, bundles, rounds):
    """Eight writers of two contents on one path, while a reader looks."""
    pair = [bundles / "full.synapack", bundles / "minimal.synapack"]
    lines = [[*bench.arguments[:2], str(bundle), *bench.arguments[3:]] for bundle in pair]
    contents = []
    for line in lines:
        subprocess.run(line, check=True)
        contents.append(bench.target.read_bytes())
    reads = 0
    for _ in range(rounds):
        bench.reset()
        writers = [subprocess.Popen(lines[index % 2]) for index in range(8)]
        while any(writer.poll() is None for writer in writers):
            if bench.target.read_bytes() not in (OLD, *contents):
                sys.exit("a reader saw a part of a file")
            reads += 1
        if any(writer.returncode for writer in writers):
            sys.exit("one of eight writers failed")
        if bench.target.read_bytes() not in contents or bench.state()[1]:
            sys.exit("eight writers left something else than one of their files")
    return reads


def other_ends(bench):
    """A file system that is full for this process, and an output that nobody reads."""
    bench.reset()
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 0; exec "$@"', "limited", *bench.arguments],
        capture_output=True, check=False,
    )
    bench.check("no room for a file", limited.returncode, may_litter=False)
    if limited.returncode != 4:
        sys.exit(f"no room for a file: status {limited.returncode}")
    for words, line, expected in (
        ("standard output is full", "> /dev/full", {4}),
        ("standard output is closed", ">&-", {4}),
        ("the reader has gone", "| head -c 0; exit ${PIPESTATUS[0]}", {0, 4}),
    ):
        text = f'"$0" inspect "$1" --json {line}'
        done = subprocess.run(
            ["bash", "-c", text, bench.arguments[0], bench.arguments[2]],
            capture_output=True, check=False,
        )
        if done.returncode not in expected:
            sys.exit(f"{words}: status {done.returncode}, {done.stderr[:200]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("bundles", type=pathlib.Path)
    parser.add_argument("--moments", type=int, default=1000)
    arguments = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("strace is needed: apt-get install strace")
    bench = Bench(arguments.command, arguments.bundles)
    try:
        counts = calls(bench)
        injected = inject_failures(bench, counts, first_of_ours(bench))
        killed = kill_at_calls(bench, counts)
        outcomes = kill_at_moments(bench, arguments.moments)
        reads = write_at_once(bench, arguments.bundles, rounds=20)
        other_ends(bench)
    finally:
        shutil.rmtree(bench.folder)
    print(
        f"old or new in all of: {injected} injected failures, {killed} deaths at a system call, "
        f"{arguments.moments} at random moments ({outcomes['old']} old, {outcomes['new']} new), "
        f"160 writers on one path and {reads} readings meanwhile"
    )


if __name__ == "__main__":
    main()
