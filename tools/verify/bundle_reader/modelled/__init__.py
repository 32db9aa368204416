"""Codec 2: each value of a section with the probability that a model gives it."""

from .coder import Decoder, Encoder
from .conformance import Vectors, code_vectors
from .neurons import code_parameters, runs_of
from .weights import code_weights

FORM, CANONICAL = "SYN0607", "SYN0610"
VALUES = 1 << 24
WEIGHTS_PER_BYTE = 64


def read_modelled_weights(section, manifest):
    """The weights of every connection, row-major."""
    connections = manifest.program.connections
    counts = [1] * len(connections)
    for index, connection in enumerate(connections):
        for extent in connection.weights.shape:
            counts[index] *= extent
        if counts[index] > WEIGHTS_PER_BYTE * connection.weights.length:
            section.fail(FORM, f"{counts[index]} weights are too many for their map")
    stated = sum(connection.weights.length for connection in connections)
    require_size(section, stated, sum(counts))
    blank = [[0] * count for count in counts]
    shapes = [(connection.weights.shape, connection.weight_bits) for connection in connections]
    return decoded(section, lambda coder, maps: code_weights(coder, maps, shapes), blank)


def read_modelled_parameters(section, manifest):
    """The values of every run of every population, in the order of the section."""
    runs = runs_of(manifest.program.populations)
    total = sum(run.count for _, _, run in runs)
    require_size(section, 4 * total, total)
    blank = [[0] * run.count for _, _, run in runs]
    kinds = [(population, kind) for population, kind, _ in runs]
    return decoded(section, lambda coder, values: code_parameters(coder, values, kinds), blank)


def read_modelled_vectors(section, form):
    """The vectors, each as its inputs, scores and records."""
    count, rest = divmod(section.raw_length - 8, form.bytes_of_vector)
    if count < 1 or rest:
        section.fail(FORM, f"{section.raw_length} bytes are no vectors of this program")
    require_size(section, section.raw_length, section.raw_length // 4)
    blank = Vectors(form, count)
    return decoded(section, lambda coder, vectors: code_vectors(coder, vectors, form), blank)


def require_size(section, stated, values):
    if stated != section.raw_length or values > VALUES:
        section.fail(FORM, f"{values} values do not make {section.raw_length} bytes")


def decoded(section, code, blank):
    """Fills `blank` from the stream, and holds the stream against what the encoder writes."""
    decoder = Decoder(section.stream)
    try:
        code(decoder, blank)
    except ValueError as error:
        section.fail(FORM, str(error))
    if not decoder.is_consumed():
        section.fail(FORM, "the stream does not end with its last bit")
    encoder = Encoder()
    code(encoder, blank)
    if encoder.finish() != section.stream:
        section.fail(CANONICAL, "the stream is not the one that the encoder writes")
    return blank
