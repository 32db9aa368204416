"""The thresholds, biases and initial membranes of every population."""

import struct

from . import geometry
from .modelled import read_modelled_parameters

FORM, CANONICAL = "SYN0607", "SYN0610"
STRUCTURE, WIDTH = "SYN0401", "SYN0402"
NAMES = ("thresholds", "biases", "initial")


class Parameters:
    """The stored values of one population; `expand` gives one value for each neuron."""

    def __init__(self, population, runs):
        self.neurons = geometry.product(population.shape)
        self.runs = runs

    def expand(self, name):
        values, count = self.runs[name], self.neurons
        return [values[n * len(values) // count] for n in range(count)]


def read_neurons(container, manifest):
    section = container.by_name["neurons"]
    if section.stream is not None:
        runs = read_modelled_parameters(section, manifest)
        section.raw = b"".join(struct.pack(f"<{len(run)}i", *run) for run in runs)
        section.check_raw()
    total, rest = divmod(len(section.raw), 4)
    if rest:
        section.fail(FORM, "the values are not whole", 4 * total)
    values = struct.unpack(f"<{total}i", section.raw)
    end = 0
    result = []
    for population in manifest.program.populations:
        runs = {}
        for name in NAMES:
            runs[name], end = read_run(section, values, population, name, end)
            check_values(section, population, name, runs[name], population[name].offset)
        result.append(Parameters(population, runs))
    if end != total:
        section.fail(FORM, "values follow the last run", 4 * end)
    return result


def read_run(section, values, population, name, end):
    run = population[name]
    if run.offset != end:
        section.fail(CANONICAL, f"the {name} are at value {run.offset}, not {end}", 4 * end)
    neurons = geometry.product(population.shape)
    if run.count not in (1, geometry.planes(population.shape)[0], neurons):
        section.fail(STRUCTURE, f"{run.count} {name} do not fit {population.shape}", 4 * end)
    if run.count > len(values) - end:
        section.fail(FORM, f"the {name} end behind the section", 4 * end)
    return values[end : end + run.count], end + run.count


def check_values(section, population, name, values, offset):
    if name == "thresholds" and population.firing is None:
        return
    floor, ceiling = population.membrane_floor, population.membrane_ceiling
    most = (1 << (population.bias_bits - 1)) - 1
    least, most = {
        "thresholds": (1, ceiling), "biases": (-most, most), "initial": (floor, ceiling)
    }[name]
    for index, value in enumerate(values):
        if not least <= value <= most:
            text = f"a value of the {name} is {value}, not {least} to {most}"
            section.fail(WIDTH, text, 4 * (offset + index))
