"""Runs the command on cases, and says what came out in the form of EXPECTED.json."""

import concurrent.futures
import re
import resource
import subprocess

TIMEOUT_SECONDS = 10
MEMORY_BYTES = 1 << 30
WORKERS = 2

CODE = re.compile(rb"^error\[(SYN\d{4})\]", re.MULTILINE)
BYTE = re.compile(rb"^ *-->.*?\bbytes (\d+)\.\.<", re.MULTILINE)
# Whatever a terminal or a CI system would obey: control and direction characters, and lines that
# start like a workflow command.
ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|^::|^##\\[", re.MULTILINE)


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(command, case, root):
    """The outcome of one case, and the text that was said."""
    try:
        done = subprocess.run(
            [command, *case.command], cwd=root / case.name, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT_SECONDS,
            preexec_fn=limit, check=False)
    except subprocess.TimeoutExpired:
        return {"exit": "timeout"}, f"nothing came within {TIMEOUT_SECONDS} s"
    code = CODE.search(done.stderr)
    byte = BYTE.search(done.stderr)
    outcome = {
        "arguments": case.command,
        "exit": done.returncode,
        "code": code.group(1).decode() if code else None,
        "byte": int(byte.group(1)) if byte else None,
    }
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if ACTIVE.search(said):
        outcome["inert"] = False
    return outcome, said


def run_all(command, cases, root):
    """(case, outcome, text) for each case, in order."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = pool.map(lambda case: run(command, case, root), cases)
        for case, (outcome, said) in zip(cases, results, strict=True):
            yield case, outcome, said
