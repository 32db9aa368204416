"""What a run must know of each target beside its code: the size of inputs and its seeds."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    # The ends of the names of files that are seeds, and the folders of the hostile corpus.
    endings: tuple = ()
    largest: int = 4096
    dictionary: str = ""


TARGETS = (
    Target("onnx", (".onnx",)),
    Target("safetensors", (".safetensors",), dictionary="safetensors"),
    Target("safetensors-index", (".index.json",), dictionary="safetensors"),
    Target("npy", (".npy",), dictionary="npy"),
    Target("npz", (".npz", ".zip"), dictionary="npy"),
    Target("hdf5", (".h5",), largest=6400),
    Target("keras", (".keras", ".h5"), largest=16384, dictionary="keras"),
    Target("nir", (".nir",), largest=12288),
    Target("tflite", (".tflite",)),
    Target("bundle", (".synapack",)),
    Target("architecture", (".architecture",), dictionary="architecture"),
    Target("chip", (".chip",), largest=8192, dictionary="chip"),
    Target("demand", (".demand",), largest=512, dictionary="chip"),
    Target("chip-fit", (".chip",), largest=8192, dictionary="chip"),
    Target("recipe", (".recipe",), dictionary="recipe"),
    Target("yaml", (".yaml",), dictionary="recipe"),
    Target("policy", (".policy",), dictionary="policy"),
    Target("signature", (".sig",)),
    Target("diff", (".synapack",)),
)


def named(name):
    found = [target for target in TARGETS if name in ("all", target.name)]
    if not found:
        known = ", ".join(target.name for target in TARGETS)
        raise SystemExit(f"there is no target {name}; there are: all, {known}")
    return found
