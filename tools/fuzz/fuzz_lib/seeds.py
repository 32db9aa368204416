"""Inputs to begin with: small fixtures, the hostile corpus, and a few made here."""

import functools
import io
import json
import pathlib
import re
import shutil
import struct
import sys
import zipfile

from . import corpora

TOOLS = pathlib.Path(__file__).resolve().parents[2]
ROOT = TOOLS.parent


def write(target, folder):
    """Fills `folder` with the seeds of a target, unless they are newer than what they come from."""
    if folder.exists() and folder.stat().st_mtime > newest_source():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, content in enumerate(of(target)):
        (folder / f"{number:05}").write_bytes(content)


@functools.cache
def newest_source():
    folders = (ROOT / "fixtures", TOOLS / "hostile_lib", TOOLS / "fuzz" / "fuzz_lib",
               TOOLS / "fuzz" / "corpus")
    paths = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in
             path.parts]
    return max(path.stat().st_mtime for path in paths)


def of(target):
    """Every seed once, in an order that does not depend on the file system."""
    seen = set()
    for content in [*files(target), *hostile(target), *made(target.name),
                    *corpora.read(target.name)]:
        if 0 < len(content) <= target.largest and content not in seen:
            seen.add(content)
            yield content


def files(target):
    for path in sorted((ROOT / "fixtures").rglob("*")):
        if path.is_file() and path.name.endswith(target.endings):
            yield path.read_bytes()


def hostile(target):
    for case in hostile_cases():
        for name, content in case.files.items():
            if isinstance(content, bytes) and name.endswith(target.endings):
                yield content


@functools.cache
def hostile_cases():
    sys.path.insert(0, str(TOOLS))
    from hostile_lib import corpus

    return corpus.cases()


def made(name):
    makers = {
        "safetensors": lambda: [safetensors(net) for net in NETWORKS],
        "npz": lambda: [npz(net, way) for net in NETWORKS for way in (0, 8)],
        "safetensors-index": lambda: [index()],
        "architecture": architectures,
        "chip": chips,
        "chip-fit": chips,
        "demand": demands,
        "recipe": lambda: RECIPES,
        "policy": policies,
        "signature": lambda: STATEMENTS,
        "yaml": lambda: RECIPES + chips() + DEEP + ready_texts(
            "SynapackImport/Architecture/Ready"),
    }
    return makers.get(name, list)()


def policies():
    """The example of the documentation, and each of its rules by itself."""
    page = (ROOT / "schemas" / "policy.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    head = "synapack-policy: 1\nrules:\n"
    rules = re.findall(r"(?m)^  [a-z-]+:\n(?:    .*\n)+", example.split("rules:\n")[1])
    return [text.encode() for text in [example, *(head + rule for rule in rules)]]


STATEMENTS = [
    json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "x", "digest": {"sha256": "0" * 64}}],
            "predicateType": kind,
            "predicate": predicate,
        }
    ).encode()
    for kind, predicate in (
        (
            "https://model_signing/signature/v1.0",
            {
                "serialization": {"method": "files", "hash_type": "sha256"},
                "resources": [{"name": ".", "algorithm": "sha256", "digest": "0" * 64}],
            },
        ),
        (
            "https://in-toto.io/attestation/test-result/v0.1",
            {"result": "PASSED", "configuration": [], "passedTests": ["a"]},
        ),
    )
]


# Networks whose tensors the ready descriptions take, as small as they come.
NETWORKS = (
    {"0.weight": (3, 4), "0.bias": (3,), "2.weight": (2, 3), "2.bias": (2,)},
    {
        "conv1.weight": (1, 1, 5, 5), "conv1.bias": (1,), "conv2.weight": (1, 1, 5, 5),
        "conv2.bias": (1,), "fc1.weight": (2, 25), "fc1.bias": (2,), "fc2.weight": (2, 2),
        "fc2.bias": (2,), "fc3.weight": (2, 2), "fc3.bias": (2,),
    },
    {
        "features.0.weight": (1, 1, 3, 3), "features.0.bias": (1,),
        "features.1.weight": (1,), "features.1.bias": (1,), "features.1.running_mean": (1,),
        "features.1.running_var": (1,), "features.4.weight": (2, 1, 3, 3),
        "features.4.bias": (2,), "classifier.weight": (2, 128), "classifier.bias": (2,),
    },
)


def residual(stages, head):
    """A residual network of one channel and one block a stage."""
    net = {"conv1.weight": (1, 1, 3, 3)}
    names = ["bn1"]
    for stage in range(1, stages + 1):
        for number in (1, 2):
            net[f"layer{stage}.0.conv{number}.weight"] = (1, 1, 3, 3)
            names.append(f"layer{stage}.0.bn{number}")
    for name in names:
        for part in ("weight", "bias", "running_mean", "running_var"):
            net[f"{name}.{part}"] = (1,)
    net[f"{head}.weight"] = (2, 1)
    net[f"{head}.bias"] = (2,)
    return net


NETWORKS += (residual(3, "linear"), residual(4, "fc"))


def elements(shape):
    count = 1
    for extent in shape:
        count *= extent
    return count


def data(shape):
    return struct.pack(f"<{elements(shape)}f", *([0.5] * elements(shape)))


def safetensors(net):
    header, body = {}, b""
    for name, shape in net.items():
        end = len(body) + 4 * elements(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), end]}
        body += data(shape)
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + body


def npy(shape):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data(shape)


def npz(net, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, shape in net.items():
            archive.writestr(zipfile.ZipInfo(name + ".npy"), npy(shape), compress_type=method)
    return out.getvalue()


# Two files that stand beside every index: the first network, a layer in each.
SHARDS = {
    "a.safetensors": {name: NETWORKS[0][name] for name in ("0.weight", "0.bias")},
    "b.safetensors": {name: NETWORKS[0][name] for name in ("2.weight", "2.bias")},
}


def index():
    places = {name: shard for shard, net in SHARDS.items() for name in net}
    return json.dumps({"metadata": {"total_size": 92}, "weight_map": places}).encode()


def write_shards(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, net in SHARDS.items():
        (folder / name).write_bytes(safetensors(net))


def ready_texts(folder):
    """The texts between triple quotes in the Swift files that carry them."""
    texts = []
    for path in sorted((ROOT / "Sources" / folder).glob("*.swift")):
        for text in re.findall(r'"""\n(.*?)\n  """', path.read_text(), re.S):
            lines = [line.removeprefix("  ") for line in text.splitlines()]
            texts.append(("\n".join(lines) + "\n").encode())
    return texts


def chips():
    folder = ROOT / "Sources" / "SynapackPlace" / "Chips"
    return [path.read_bytes() for path in sorted(folder.glob("*.yaml"))]


def demands():
    """What chips ask for, behind each scope: core, layer, neuron, chip."""
    found = re.findall(rb"(?:demand|value): \"?([^\"\n>}]+)", b"\n".join(chips()))
    return [bytes([scope]) + text for scope in range(4) for text in sorted(set(found))]


def architectures():
    """Each ready description, before each small network."""
    found = []
    for text in ready_texts("SynapackImport/Architecture/Ready"):
        for net in NETWORKS:
            lines = [" ".join([name, *map(str, shape)]) for name, shape in net.items()]
            found.append(text + b"\0" + "\n".join(lines).encode())
    return found


RECIPES = [
    b"timesteps: 32\nneuron: multi:4\nschedule: staggered:2\nallow: [SYN0305, SYN0306]\n",
    b"# a comment\nweight-bits: 8\nbias-bits: 16\nmembrane-bits: 24\nseed: 0x10\nmethod: mmse\n",
    b"{chip: generic-mesh, neuron: 'burst:2', preprocess: \"x/255\", allow: SYN0305}\n",
    b"input-bits: 1_0\nschedule: >-\n  wave\n  front\nallow:\n- SYN0305\n- |\n  SYN0306\n",
]

# What tempts the test that stands before the YAML parser.
DEEP = [
    b'[' * 200,
    b'x: [a,\n' + b'["]",\n' * 60,
    b'x: [a,\n' + b"[ #]\n" * 60,
    b'x: {a: b,\n' + b'c: {a: "}", b: {' * 30,
    b'a: |\n  [\nb, "c: ' + b'[' * 200 + b'"d"',
    b'- ' * 200,
    b'? ' * 200 + b'a',
    b"".join(b" " * depth + b"a:\n" for depth in range(64)),
]
