"""Bundles whose modelled sections are damaged, wrong, or another form of what they stand for."""

import pathlib
import struct
import sys

from . import bundle_parts as parts
from .bundle_parts import ENTRY_FIELDS, HEADER_FIELDS, entry_at, get, put, seal
from .case import single

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "verify"))

from bundle_reader.bundle import Bundle  # noqa: E402
from bundle_reader.modelled.coder import Encoder  # noqa: E402
from bundle_reader.modelled.mixer import INPUTS, IntegerModel  # noqa: E402
from bundle_reader.modelled.neurons import code_parameters, runs_of  # noqa: E402
from bundle_reader.modelled.weights import code_weights  # noqa: E402

FAMILY = "modelled"
FILE = "hostile.synapack"
ARGUMENTS = ("inspect", FILE)
MANIFEST, WEIGHTS, NEURONS, RECIPE, CONFORMANCE, REPORT = range(6)
NAMES = {WEIGHTS: "weights", NEURONS: "neurons", CONFORMANCE: "conformance"}
PALETTE_DIGITS = 18
# More than a palette ends with, as a short stream is refused for its length alone.
REST = tuple(1 << digit for digit in range(10))


def palette(*values):
    """Numbers as those of a palette, all in their first contexts."""
    encoder, model = Encoder(), IntegerModel(PALETTE_DIGITS)
    for value in values + REST:
        model.code(encoder, (0,) * INPUTS, value)
    return encoder.finish()


def weights_with(good, first):
    """The good weights, but for the first one."""
    bundle, encoder = Bundle(good), Encoder()
    maps = [list(values) for values in bundle.weights]
    maps[0][0] = first
    connections = bundle.program.connections
    code_weights(encoder, maps, [(one.weights.shape, one.weight_bits) for one in connections])
    return encoder.finish()


def parameters_with(good, first):
    """The good parameters, but for the first threshold."""
    bundle, encoder = Bundle(good), Encoder()
    runs = runs_of(bundle.program.populations)
    values = [list(run) for one in bundle.parameters for run in one.runs.values()]
    values[0][0] = first
    code_parameters(encoder, values, [(population, kind) for population, kind, _ in runs])
    return encoder.finish()


def streams():
    good = parts.golden("modelled")
    for index, name in NAMES.items():
        stream = parts.stored_section(good, index)

        def changed(content):
            return parts.with_stream(good, index, content)

        yield f"{name}-empty", "no stream", changed(b"")
        yield f"{name}-half", "half a stream", changed(stream[:len(stream) // 2])
        yield f"{name}-cut", "a stream without its last byte", changed(stream[:-1])
        yield f"{name}-zero-behind", "a zero behind the stream", changed(stream + b"\0")
        yield f"{name}-five-behind", "five bytes behind the stream", changed(stream + bytes(5))
        yield f"{name}-zeros", "a stream of zeros", changed(bytes(len(stream)))
        yield f"{name}-ones", "a stream of ones", changed(b"\xff" * len(stream))
        for place in (0, len(stream) // 2, len(stream) - 1):
            flipped = bytearray(stream)
            flipped[place] ^= 1
            yield f"{name}-flip-{place}", f"a bit of byte {place} is the other one", changed(
                bytes(flipped))


def numbers():
    good = parts.golden("modelled")
    for first in (-8, 8, 32767):
        yield f"weight-{first}", f"a weight of {first} among those of 4 bits", parts.with_stream(
            good, WEIGHTS, weights_with(good, first))
    for first in (0, 1 << 31, (1 << 32) - 1):
        yield f"threshold-{first}", f"a threshold of {first}", parts.with_stream(
            good, NEURONS, parameters_with(good, first))
    for name, reason, values in (
        ("empty", "no payloads", (0,)),
        ("long", "more payloads than there are", (17,)),
        ("negative", "-1 payloads", (-1,)),
        ("beyond", "a payload beyond the range", (16, (1 << PALETTE_DIGITS) - 1)),
        ("descending", "payloads that descend", (2, 0, -2)),
    ):
        yield f"palette-{name}", f"a palette of {reason}", parts.with_stream(
            good, CONFORMANCE, palette(*values))


def lengths():
    good = parts.golden("modelled")
    for index, name in NAMES.items():
        start = entry_at(index)
        stored = get(good, ENTRY_FIELDS, "stored-length", start)
        true = get(good, ENTRY_FIELDS, "raw-length", start)
        for value in (true - 1, true + 1, 1032 * stored + 64, 1032 * stored + 65, 1 << 40):
            yield (f"{name}-raw-length-{value}", f"{value} raw bytes are stated, not {true}",
                   seal(put(good, ENTRY_FIELDS, "raw-length", value, start)))
    start = entry_at(CONFORMANCE)
    vector = (get(good, ENTRY_FIELDS, "raw-length", start) - 8) // 2
    for count in (1, 3, 100):
        yield (f"conformance-vectors-{count}", f"{count} vectors are stated, not two",
               seal(put(good, ENTRY_FIELDS, "raw-length", 8 + count * vector, start)))


def codecs():
    good = parts.golden("modelled")
    for features in (0, 2, 6, 12):
        yield f"features-{features}", f"the required features are {features}, not 4", seal(
            put(good, HEADER_FIELDS, "required", features))
    plain = parts.golden()
    yield "feature-alone", "the feature of modelled sections, and none is", seal(
        put(plain, HEADER_FIELDS, "required", parts.MODELLED_FEATURE))
    for index, name in ((MANIFEST, "manifest"), (RECIPE, "recipe"), (REPORT, "report")):
        yield f"{name}-modelled", f"a modelled {name}", parts.with_stream(good, index, b"\0")
    for codec in (0, 1, 3):
        yield f"codec-{codec}", f"the codec of the weights is {codec}, their bytes are modelled", (
            seal(put(good, ENTRY_FIELDS, "codec", codec, entry_at(WEIGHTS))))
    digest = bytearray(good)
    struct.pack_into("<Q", digest, entry_at(WEIGHTS) + 72, 0)
    yield "weights-digest", "the digest of the raw weights is another", seal(bytes(digest))


def cases():
    table = [*streams(), *numbers(), *lengths(), *codecs()]
    return single(FAMILY, FILE, table, ARGUMENTS)
