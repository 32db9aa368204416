"""Writes the seeds of every target: what the fixtures hold and the hostile corpus is made of.

Usage: seeds.py FOLDER; seeds of a target go to FOLDER/TARGET, named by their content.
"""

import hashlib
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = REPOSITORY / "fixtures"
# Larger seeds would only slow the fuzzer down.
LARGEST = 16 << 10

# What the seeds of a target are: patterns of fixtures, then families of the hostile corpus and
# the end of the name of their hostile file.
SOURCES = {
    "onnx": (("onnx/**/*.onnx", "digits/mlp*.onnx"), ("onnx-",), ".onnx"),
    "safetensors": (("**/*.safetensors",), ("safetensors/",), ".safetensors"),
    "safetensors-index": ((), ("safetensors-index/",), ".index.json"),
    "npy": (("**/*.npy",), ("npy/",), ".npy"),
    "npz": (("**/*.npz",), ("npz/",), ".npz"),
    "bundle": (("**/*.synapack",), ("bundle/",), ".synapack"),
    "keras-h5": (("keras/**/*.h5",), ("hdf5/", "keras-h5/"), ".h5"),
    "keras-zip": (("keras/**/*.keras",), ("keras-zip/",), ".keras"),
    "nir": (("nir/**/*.nir",), ("hdf5/", "nir/"), ".nir"),
    "tflite": (("tflite/**/*.tflite",), ("tflite/",), ".tflite"),
    "architecture": (("**/*.yaml",), ("architecture/",), ".yaml"),
    "chip": ((), ("chip/",), ".yaml"),
}
# Descriptions that stand in the source: texts of the embedded chips and architectures.
EMBEDDED = {
    "chip": "SynapackPlace/Chip/Chips",
    "architecture": "SynapackImport/Architecture/Ready",
}


def seeds(target, cases):
    patterns, families, ending = SOURCES[target]
    for pattern in patterns:
        for path in sorted(FIXTURES.glob(pattern)):
            yield path.read_bytes()
    for case in cases:
        if case.name.startswith(families):
            for name, content in case.files.items():
                if name.endswith(ending) and isinstance(content, bytes):
                    yield content
    for path in sorted((REPOSITORY / "Sources" / EMBEDDED.get(target, "none")).glob("*.swift")):
        parts = path.read_text().split('"""')
        yield from (part.encode() for part in parts[1::2])


def main():
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(REPOSITORY / "tools"))
    from hostile_lib import corpus

    root = pathlib.Path(sys.argv[1])
    cases = corpus.cases()
    for target in SOURCES:
        folder = root / target
        folder.mkdir(parents=True, exist_ok=True)
        for content in seeds(target, cases):
            if 0 < len(content) <= LARGEST:
                (folder / hashlib.sha256(content).hexdigest()[:20]).write_bytes(content)


if __name__ == "__main__":
    main()
