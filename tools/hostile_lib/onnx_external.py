"""ONNX models whose weights point to where they must not."""

from . import onnx_parts as onnx
from .case import Case, Folder, HardLink, Pipe, Symlink

FAMILY = "onnx-external"
FILE = "model.onnx"
DATA = "weights.bin"
SHARED_BY = 100_000

LOCATIONS = (
    ("parent", "the path leaves the folder at once", "../../etc/passwd"),
    ("parent-behind-folder", "the path leaves the folder behind a component", "a/../../b"),
    ("parent-last", "the path ends with the parent", "a/.."),
    ("absolute", "an absolute path", "/etc/passwd"),
    ("backslashes", "a path of another system", "..\\..\\x"),
    ("drive-letter", "a path on a drive", "C:\\x"),
    ("device", "a device that never ends", "/dev/zero"),
    ("process-folder", "the process's own files", "/proc/self/environ"),
    ("scheme", "an address of a network", "file:///etc/passwd"),
    ("empty", "no path", ""),
    ("dot", "the folder itself", "."),
    ("doubled-slash", "an empty component", "a//weights.bin"),
    ("trailing-slash", "a file as a folder", "weights.bin/"),
    ("control-characters", "a path that would clear the terminal", "\x1b[2Jweights.bin"),
    ("new-line", "a path of two lines", "weights\n.bin"),
    ("very-long", "a path of 5,000 bytes", "a" * 5000),
    ("long-component", "a component of 300 bytes", "a" * 300),
    ("absent", "a file that does not exist", "absent.bin"),
    ("home", "a shell's name for the home folder, which is no such file", "~/secret.bin"),
)

# (name, reason, offset, length): None leaves the entry out.
PLACES = (
    ("offset-negative", "an offset of -1", "-1", "48"),
    ("offset-2-63", "an offset of 2^63", "9223372036854775808", "48"),
    ("offset-largest", "an offset of 2^63 - 1, to which no length can be added",
     "9223372036854775807", "48"),
    ("offset-not-a-number", "an offset in words", "zero", "48"),
    ("offset-signed", "an offset with a sign", "+0", "48"),
    ("offset-blank", "an offset with a blank", " 0", "48"),
    ("offset-hexadecimal", "an offset in another base", "0x10", "48"),
    ("offset-empty", "an empty offset", "", "48"),
    ("offset-arabic-digits", "digits that are no ASCII", "\u0660", "48"),
    ("offset-behind-end", "an offset behind the file's end", "65", "48"),
    ("length-negative", "a length of -1, which once read to the end", "0", "-1"),
    ("length-zero", "no bytes for twelve values", "0", "0"),
    ("length-petabyte", "a length of 10^15", "0", "1000000000000000"),
    ("length-too-short", "a byte too few for the shape", "0", "47"),
    ("length-too-long", "a byte too many for the shape", "0", "49"),
    ("end-behind-file", "the last byte lies behind the file's end", "17", "48"),
    ("no-length", "everything from the offset on, which is too much for the shape", "0", None),
)


def model(entries, extra=b""):
    return onnx.weight_model(onnx.external_tensor("weight", [3, 4], entries, extra))


def location_cases():
    for name, reason, location in LOCATIONS:
        entries = [("location", location), ("offset", "0"), ("length", "48")]
        yield Case(f"{FAMILY}/location-{name}", reason,
                   {FILE: model(entries), DATA: onnx.WEIGHT})
    broken = [("location", b"weights\xff.bin"), ("offset", "0"), ("length", "48")]
    yield Case(f"{FAMILY}/location-not-utf-8", "a path that is no UTF-8", {FILE: model(broken)})
    zero = [("location", b"weights.bin\0.png"), ("offset", "0"), ("length", "48")]
    yield Case(f"{FAMILY}/location-with-zero", "a path that C ends early",
               {FILE: model(zero), DATA: onnx.WEIGHT})


def place_cases():
    for name, reason, offset, length in PLACES:
        entries = [("location", DATA), ("offset", offset)]
        if length is not None:
            entries.append(("length", length))
        yield Case(f"{FAMILY}/{name}", reason, {FILE: model(entries), DATA: bytes(64)})


def file_cases():
    """The path is harmless, but what stands there is not."""
    entries = [("location", DATA), ("offset", "0"), ("length", "48")]
    content = model(entries)
    beneath = model([("location", "folder/weights.bin"), ("offset", "0"), ("length", "48")])
    real = {"real.bin": onnx.WEIGHT}
    yield "symlink", "the data file is a link", {FILE: content, **real, DATA: Symlink("real.bin")}
    yield "symlink-outside", "the data file is a link out of the folder", {
        FILE: content, DATA: Symlink("/etc/passwd")}
    yield "symlink-dangling", "the data file is a link to nothing", {
        FILE: content, DATA: Symlink("nothing.bin")}
    yield "symlink-loop", "the data file is a link to itself", {FILE: content, DATA: Symlink(DATA)}
    yield "symlink-folder", "the folder on the way is a link", {
        FILE: beneath, "real/weights.bin": onnx.WEIGHT, "folder": Symlink("real")}
    yield "hard-link", "the data file has a second name, which may lie anywhere", {
        FILE: content, **real, DATA: HardLink("real.bin")}
    yield "pipe", "the data file is a pipe, which must not block", {FILE: content, DATA: Pipe()}
    yield "folder", "the data file is a folder", {FILE: content, DATA: Folder()}
    yield "file-as-folder", "a file where the path needs a folder", {
        FILE: beneath, "folder": onnx.WEIGHT}
    yield "empty-data", "the data file is empty", {FILE: content, DATA: b""}


def entry_cases():
    good = [("location", DATA), ("offset", "0"), ("length", "48")]
    yield "no-location", "nothing says where the data lies", good[1:]
    yield "no-entries", "the data lies elsewhere, without a word where", []
    yield "unknown-key", "a key that some readers set as an attribute", [
        *good, ("__class__", "Evil")]
    yield "base-path", "a key that would move the folder", [*good, ("basepath", "/etc")]
    yield "duplicate-key", "two locations", [*good, ("location", "other.bin")]
    yield "duplicate-offset", "two offsets", [*good, ("offset", "16")]
    yield "empty-key", "a key without a name", [*good, ("", "0")]


def tensor_cases():
    good = [("location", DATA), ("offset", "0"), ("length", "48")]
    files = {DATA: onnx.WEIGHT}
    yield Case(f"{FAMILY}/raw-and-external", "the data stands inside and outside", {
        FILE: model(good, onnx.block(9, onnx.WEIGHT)), **files})
    inside = onnx.tensor("weight", [3, 4], onnx.WEIGHT, extra=onnx.blocks(
        13, [onnx.block(1, "location") + onnx.block(2, DATA)]))
    yield Case(f"{FAMILY}/entries-without-flag", "external data is named, but not in use", {
        FILE: onnx.weight_model(inside), **files})
    flag = onnx.tensor("weight", [3, 4], extra=onnx.integer(14, 7))
    yield Case(f"{FAMILY}/unknown-data-location", "a place of data that does not exist", {
        FILE: onnx.weight_model(flag), **files})
    shared = [onnx.external_tensor(f"weight{index}", [3, 4], good) for index in range(SHARED_BY)]
    nodes = [onnx.linear_node(), onnx.node("Concat", [f"weight{i}" for i in range(SHARED_BY)],
                                           ["unused"], axis=0)]
    weight = onnx.external_tensor("weight", [3, 4], good)
    yield Case(f"{FAMILY}/one-range-for-100-000-tensors",
               "the same 48 bytes are the data of 100,000 tensors, none of them in use",
               {FILE: onnx.model(onnx.graph(nodes, [weight, *shared])), **files})


def cases():
    return [
        *location_cases(),
        *place_cases(),
        *(Case(f"{FAMILY}/{name}", reason, files) for name, reason, files in file_cases()),
        *(Case(f"{FAMILY}/{name}", reason, {FILE: model(entries), DATA: onnx.WEIGHT})
          for name, reason, entries in entry_cases()),
        *tensor_cases(),
    ]
