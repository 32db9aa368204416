"""Archives of inputs that the repository keeps, one for each target that has been fuzzed long."""

import io
import pathlib
import tarfile

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "corpus"


def path(name):
    return FOLDER / f"{name}.tar.xz"


def read(name):
    """The inputs that are kept for a target, in the order of their names."""
    if not path(name).exists():
        return
    with tarfile.open(path(name), "r:xz") as archive:
        for member in archive:
            yield archive.extractfile(member).read()


def write(name, contents):
    """The same bytes for the same inputs, whoever writes them and when."""
    FOLDER.mkdir(exist_ok=True)
    with tarfile.open(path(name), "w:xz", preset=9) as archive:
        for number, content in enumerate(sorted(contents)):
            member = tarfile.TarInfo(f"{number:05}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
