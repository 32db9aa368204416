"""Corpora that the repository keeps: the fewest inputs that reach all that a cache's corpus does."""

import argparse
import pathlib
import tempfile

from . import command, corpora, running, targets


def smallest(program, target, cache):
    """The inputs of a cache that libFuzzer needs for the edges that all of them reach."""
    with tempfile.TemporaryDirectory() as folder:
        _, _, log = running.processed(
            [str(program), "-merge=1", f"-max_len={target.largest}", "-rss_limit_mb=1024", folder,
             str(cache / "corpus" / target.name)], cache / "scene" / target.name, target)
        contents = [path.read_bytes() for path in pathlib.Path(folder).iterdir()]
    if not contents:
        raise SystemExit(f"nothing was merged:\n{log[-2000:]}")
    return contents


def main():
    parser = argparse.ArgumentParser(prog="keep", description=__doc__)
    parser.add_argument("target", help="a target, or `all` that the cache has a corpus of")
    parser.add_argument("--cache", type=pathlib.Path, default=command.default_cache())
    parser.add_argument("--program", type=pathlib.Path, help="a fuzzer that is built already")
    arguments = parser.parse_args()
    arguments.address = False
    program = command.build(arguments)
    cache = arguments.cache.resolve()
    for target in targets.named(arguments.target):
        if not (cache / "corpus" / target.name).exists():
            continue
        contents = smallest(program, target, cache)
        corpora.write(target.name, contents)
        print(f"{target.name:18} {len(contents):>6} inputs, "
              f"{corpora.path(target.name).stat().st_size:,} bytes")
    return 0
