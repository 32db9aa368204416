"""One case of the corpus: a folder of files, the command to run in it, and why."""

import dataclasses
import os


@dataclasses.dataclass(frozen=True)
class Symlink:
    """A symbolic link to `target`, as it is written into the link."""

    target: str

    def write(self, path):
        path.symlink_to(self.target)


@dataclasses.dataclass(frozen=True)
class HardLink:
    """A second name of the file `target`, which stands before it in the same case."""

    target: str

    def write(self, path):
        path.hardlink_to(path.parent / self.target)


@dataclasses.dataclass(frozen=True)
class Pipe:
    """A named pipe, which blocks whoever opens it for reading without thinking."""

    def write(self, path):
        os.mkfifo(path)


@dataclasses.dataclass(frozen=True)
class Folder:
    """A folder in the place of a file."""

    def write(self, path):
        path.mkdir(parents=True)


@dataclasses.dataclass(frozen=True)
class Case:
    """`name` is FAMILY/CASE. The first file is the hostile one unless `arguments` say otherwise."""

    name: str
    reason: str
    files: dict
    arguments: tuple = ()

    @property
    def command(self):
        return list(self.arguments or ("inspect", next(iter(self.files))))

    def write(self, root):
        folder = root / self.name
        folder.mkdir(parents=True)
        for relative, content in self.files.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                content.write(path)


def single(family, file_name, table, arguments=()):
    """Cases of one file each, from a table of (name, reason, bytes)."""
    return [
        Case(f"{family}/{name}", reason, {file_name: content}, arguments)
        for name, reason, content in table
    ]


def cut(content, family, file_name, count, arguments=()):
    """`count` cases of a good file cut off at places spread over it, the last byte among them."""
    places = sorted({len(content) * index // count for index in range(1, count)}
                    | {len(content) - 1})
    return [
        Case(f"{family}/cut-at-{place}", f"the file ends after {place} of {len(content)} bytes",
             {file_name: content[:place]}, arguments)
        for place in places
    ]
