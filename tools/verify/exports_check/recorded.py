"""Runs exported programs in an environment of their own and follows what was recorded there."""

import json
import os
import pathlib
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
WORKERS = 2


def interpreter(name, requirements, sources=(), python="python3"):
    """The Python of an environment with exactly these packages; `EXPORTS_PYTHON_NAME` overrides.

    `sources` are packages without wheels, `python` makes the environment.
    """
    given = os.environ.get("EXPORTS_PYTHON_" + name.upper().replace("-", "_"))
    if given:
        return given
    script = REPOSITORY / "tools" / "lib" / "python_environment.sh"
    folder = REPOSITORY / ".venv-exports" / name
    install = '"$1/bin/pip" install --quiet --disable-pip-version-check ' + " ".join(sources)
    extra = f"extra_packages() {{ {install} >&2; }}; " if sources else ""
    command = f'. "{script}"; {extra}python_environment "{folder}" "{requirements}"; echo "$python"'
    # The lists are complete, and what readers ask for themselves may contradict each other.
    environment = {**os.environ, "PIP_NO_DEPS": "1", "PYTHON": python}
    done = subprocess.run(["bash", "-euc", command], stdout=subprocess.PIPE, text=True, check=True,
                          env=environment)
    return done.stdout.strip()


def answers(places, output, python, module):
    """{place: difference or nothing} as the module's workers print them."""
    shares = [places[start::WORKERS] for start in range(WORKERS)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    workers = [
        subprocess.Popen([python, "-m", module, output, *map(str, share)], env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for share in shares if share]
    result = {}
    for worker in workers:
        for line in worker.stdout:
            place, difference = json.loads(line)
            result[place] = difference
        worker.wait()
    return result


def run(command, places, output, python, module="exports_check.recording"):
    """(place, difference or nothing) of each program."""
    given = answers(places, output, python, module)
    for place in places:
        difference = given.get(str(place), "the reader stopped")
        yield place, difference or followed(command, place)


def followed(command, place):
    """What our simulator says to the recording, or nothing where it is identical."""
    done = subprocess.run(
        [command, "replay", place / "program.synapack", "--against", place / "recording.npz",
         "--json"], capture_output=True, text=True, check=False)
    if done.returncode == 0 and json.loads(done.stdout)["compared"] > 0:
        return None
    return done.stdout + done.stderr
