"""Indices of sharded safetensors that name the wrong files, or the right ones wrongly."""

import json

from . import safetensors_parts as parts
from .case import Case, HardLink, Pipe, Symlink
from .safetensors_headers import DESCRIPTION, LAYERS
from .safetensors_parts import entry, file

FAMILY = "safetensors-index"
FILE = "model.safetensors.index.json"
FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
MAP = {"fc.weight": FIRST, "fc.bias": SECOND}
SHARDS = {
    FIRST: file({"fc.weight": entry("F32", [3, 4], 0, 48)}, parts.WEIGHT),
    SECOND: file({"fc.bias": entry("F32", [3], 0, 12)}, parts.BIAS),
}


def index(weight_map, **fields):
    return json.dumps({"metadata": {"total_size": 60}, "weight_map": weight_map, **fields}).encode()


def locations():
    for name, reason, location in (
        ("parent", "a shard outside the folder", "../../shard.safetensors"),
        ("parent-behind-folder", "a shard outside by way of a folder", "a/../../shard.safetensors"),
        ("absolute", "an absolute path", "/etc/passwd"),
        ("backslash", "a path of another system", "..\\shard.safetensors"),
        ("empty", "no path", ""),
        ("folder", "the folder itself", "."),
        ("zero", "a path that C ends early", FIRST + "\0x"),
        ("control", "a path that moves the cursor", "\x1b[H.safetensors"),
        ("new-line", "a path of two lines", "a\n::error::b.safetensors"),
        ("absent", "a shard that does not exist", "absent.safetensors"),
        ("scheme", "an address of a network", "https://example.com/shard.safetensors"),
        ("itself", "the index as its own shard", FILE),
        ("other-format", "a shard that is no safetensors", "notes.txt"),
    ):
        yield name, reason, {FILE: index({**MAP, "fc.bias": location}), **SHARDS,
                             "notes.txt": b"no tensors here\n"}


def links():
    without = {FIRST: SHARDS[FIRST]}
    yield "symlink", "a shard is a link", {
        FILE: index(MAP), **without, "real": SHARDS[SECOND], SECOND: Symlink("real")}
    yield "hard-link", "a shard has a second name", {
        FILE: index(MAP), **without, "real": SHARDS[SECOND], SECOND: HardLink("real")}
    yield "pipe", "a shard is a pipe", {FILE: index(MAP), **without, SECOND: Pipe()}


def maps():
    for name, reason, content in (
        ("swapped", "each tensor is said to lie in the other shard",
         index({"fc.weight": SECOND, "fc.bias": FIRST})),
        ("tensor-not-in-shard", "a tensor that its shard does not hold",
         index({**MAP, "fc.extra": FIRST})),
        ("duplicate-tensor", "a tensor stands twice in the map",
         f'{{"weight_map":{{"fc.weight":"{FIRST}","fc.bias":"{SECOND}","fc.bias":"{FIRST}"}}}}'
         .encode()),
        ("duplicate-map", "the map stands twice",
         f'{{"weight_map":{{}},"weight_map":{json.dumps(MAP)}}}'.encode()),
        ("location-number", "a shard as a number", index({**MAP, "fc.bias": 2})),
        ("location-list", "two shards for one tensor", index({**MAP, "fc.bias": [FIRST, SECOND]})),
        ("no-map", "no map", b'{"metadata":{}}'),
        ("map-is-list", "the map is a list", b'{"weight_map":["fc.weight"]}'),
        ("empty-map", "no tensors", index({})),
        ("key-unknown", "a key that the format does not have", index(MAP, hooks="run")),
        ("depth", "100,000 lists within each other",
         b'{"metadata":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        ("not-json", "no JSON at all", b"weight_map: {}\n"),
        ("cut-off", "the index is cut off", index(MAP)[:-20]),
        ("trailing", "text behind the index", index(MAP) + b" {}"),
        ("not-utf-8", "a name that is no UTF-8", index(MAP).replace(b"fc.bias", b"fc.\xffias")),
        ("shards-5000", "5,000 shards, none of which exists", index(
            {f"t{number}": f"{number}.safetensors" for number in range(5000)})),
    ):
        yield name, reason, {FILE: content, **SHARDS}
    both = file({"fc.bias": entry("F32", [3], 0, 12), "fc.weight": entry("F32", [3, 4], 12, 60)},
                parts.BIAS + parts.WEIGHT)
    yield "tensor-not-in-map", "a shard holds a tensor that the map does not know", {
        FILE: index({"fc.weight": SECOND}), SECOND: both}
    yield "tensor-in-two-shards", "a tensor lies in both shards", {
        FILE: index(MAP), FIRST: SHARDS[FIRST], SECOND: both}
    yield "shard-malformed", "a shard is cut off", {
        FILE: index(MAP), FIRST: SHARDS[FIRST], SECOND: SHARDS[SECOND][:-1]}
    yield "shard-empty", "a shard is empty", {FILE: index(MAP), FIRST: SHARDS[FIRST], SECOND: b""}


def cases():
    arguments = ("inspect", FILE, "--architecture", DESCRIPTION)
    return [Case(f"{FAMILY}/{name}", reason, {**files, DESCRIPTION: LAYERS}, arguments)
            for name, reason, files in (*locations(), *links(), *maps())]
