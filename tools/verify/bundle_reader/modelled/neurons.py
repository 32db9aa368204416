"""The model of neuron parameters."""

from .mixer import IntegerModel, digits, grade, wrapped

KINDS = ("thresholds", "biases", "initial")
WIDEST = 32
THRESHOLDS, BIASES = 0, 1


def runs_of(populations):
    """(population, kind, run) in the order of the section."""
    return [
        (index, kind, population[name])
        for index, population in enumerate(populations)
        for kind, name in enumerate(KINDS)
    ]


def code_parameters(coder, values, kinds):
    model = IntegerModel(WIDEST)
    latest = {}
    for run, (population, kind) in zip(values, kinds):
        for index in range(len(run)):
            contexts = contexts_of(run, index, kind, population, latest)
            run[index] = wrapped(model.code(coder, contexts, run[index]), WIDEST)
        latest[kind] = run


def contexts_of(run, index, kind, population, latest):
    def value(other):
        values = latest.get(other, ())
        return values[index] if index < len(values) else 0

    before = digits(run[index - 1]) if index > 0 else 0
    earlier = digits(run[index - 2]) if index > 1 else 0
    threshold = value(THRESHOLDS) if kind > THRESHOLDS else 0
    bias = value(BIASES) if kind > BIASES else 0
    found = (
        before, digits(threshold), min(population, 63), before + earlier, grade(bias, WIDEST),
        digits(value(kind)),
    )
    return tuple(65 * kind + context for context in found)
