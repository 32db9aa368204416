"""The messages of bundle.proto as tables of fields."""

from .wire import Enumeration, Field


def message(*fields):
    """Fields numbered from one; in this schema no number is left out."""
    return {number: Field(*field) for number, field in enumerate(fields, 1)}


SCHEDULE = Enumeration("WAVEFRONT", "TICK", "STAGGERED", "ACCUMULATE")
RESET = Enumeration("SUBTRACT", "ZERO")
ENCODING = Enumeration("DENSE", "BITMAP", "INDEX")
DECODING = Enumeration("MEMBRANE", "COUNT")
MEASURE = Enumeration("MARGIN", "LEVEL")

ORIGIN = message(
    ("format", "string"), ("digest", "string"), ("producer", "string"), ("version", "string")
)
CURRENT = message(("bits", "uint32"), ("negative", "bool"), ("scale", "float"))
POISSON = message(("negative", "bool"), ("scale", "float"), ("seed", "uint64"))
EVENTS = message(("bits", "uint32"), ("negative", "bool"), ("scale", "float"))
INPUT = message(
    ("name", "string"),
    ("shape", "uint64", True),
    ("constant_current", CURRENT),
    ("poisson", POISSON),
    ("events", EVENTS),
    ("ticks", "uint32"),
)
FIRING = message(
    ("lowest_payload", "sint32"),
    ("highest_payload", "sint32"),
    ("memory", "bool"),
    ("reset", RESET),
    ("leak_shift", "uint32"),
)
PARAMETER = message(("offset", "uint64"), ("count", "uint64"))
POPULATION = message(
    ("name", "string"),
    ("shape", "uint64", True),
    ("firing", FIRING),
    ("thresholds", PARAMETER),
    ("biases", PARAMETER),
    ("initial", PARAMETER),
    ("membrane_floor", "sint32"),
    ("membrane_ceiling", "sint32"),
    ("bias_bits", "uint32"),
)
WINDOW = message(
    ("kernel_y", "uint32"),
    ("kernel_x", "uint32"),
    ("stride_y", "uint32"),
    ("stride_x", "uint32"),
    ("dilation_y", "uint32"),
    ("dilation_x", "uint32"),
    ("padding_top", "sint32"),
    ("padding_left", "sint32"),
    ("padding_bottom", "sint32"),
    ("padding_right", "sint32"),
    ("overhang_y", "sint32"),
    ("overhang_x", "sint32"),
)
CONVOLUTION = message(("window", WINDOW), ("groups", "uint64"))
WEIGHT_MAP = message(
    ("shape", "uint64", True),
    ("encoding", ENCODING),
    ("offset", "uint64"),
    ("length", "uint64"),
    ("nonzero", "uint64"),
)
CONNECTION = message(
    ("source", "uint32"),
    ("target", "uint32"),
    ("relays", WINDOW, True),
    ("convolution", CONVOLUTION),
    ("weight_bits", "uint32"),
    ("weights", WEIGHT_MAP),
)
EXIT = message(("measure", MEASURE), ("limits", "sint64", True))
READOUT = message(
    ("population", "uint32"),
    ("decoding", DECODING),
    ("unit", "float"),
    ("discards", "uint32"),
    ("exit", EXIT),
)
PROGRAM = message(
    ("timesteps", "uint32"),
    ("schedule", SCHEDULE),
    ("delay", "uint32"),
    ("input", INPUT),
    ("populations", POPULATION, True),
    ("connections", CONNECTION, True),
    ("readout", READOUT),
)
MANIFEST = message(
    ("program", PROGRAM),
    ("preprocess", "string"),
    ("origin", ORIGIN),
    ("generator", "string"),
    ("placement_section", "uint32"),
)
