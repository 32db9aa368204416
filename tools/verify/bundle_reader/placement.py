"""Where the program sits on a chip."""

import struct

from . import geometry
from .cursor import Cursor

CORES = 1 << 24
MEASURES = ("energy", "average_latency", "maximum_latency", "energy_lower_bound")
RANGES = ("channels", "rows", "columns")


def read_placement(container, manifest):
    """The placement as plain values, or None."""
    if "placement" not in container.by_name:
        return None
    return Reader(container.by_name["placement"], manifest.program.populations).read()


class Reader(Cursor):
    def __init__(self, section, populations):
        super().__init__(section)
        self.populations = populations

    def read(self):
        result = {"chip": self.text("the chip")}
        start = self.position
        rows, columns = self.count("mesh rows", 1, CORES), self.count("mesh columns", 1, CORES)
        self.cores = rows * columns
        if self.cores > CORES:
            self.fail(f"the mesh has {self.cores} cores, more than {CORES}", at=start)
        result["mesh"] = [rows, columns]
        start = self.position
        rates = self.length("the number of rates", 8)
        if rates != len(self.populations):
            self.fail(f"{rates} rates, {len(self.populations)} populations", at=start)
        self.rates = [self.real("a rate") for _ in range(rates)]
        result["rates"] = self.rates
        result["slices"] = [self.slice() for _ in range(self.length("the number of slices", 64))]
        result["routes"] = [self.route() for _ in range(self.length("the number of routes", 40))]
        names = [self.text("a resource") for _ in range(self.length("the number of resources", 8))]
        result["resources"] = names
        result["cores"] = self.used_cores(len(names))
        for name in MEASURES:
            result[name] = self.measure(name)
        for name in ("average_congestion", "maximum_congestion", "connectivity"):
            result[name] = self.real(name)
        self.finish()
        return result

    def population(self):
        return self.count("a population", 0, len(self.populations) - 1)

    def core(self):
        return self.count("a core", 0, self.cores - 1)

    def slice(self):
        index = self.population()
        result = {"population": index, "core": self.core()}
        for name, size in zip(RANGES, geometry.planes(self.populations[index].shape)):
            first = self.count(f"the first of the {name}", 0, size - 1)
            result[name] = [first, self.count(f"the end of the {name}", first + 1, size)]
        return result

    def route(self):
        index = self.population()
        result = {"population": index, "core": self.core()}
        size = geometry.product(self.populations[index].shape)
        result["neurons"] = self.count("neurons of a route", 0, size)
        start = self.position
        result["weight"] = self.real("the weight of a route")
        if result["weight"] != result["neurons"] * self.rates[index]:
            self.fail("the weight of a route is not neurons · rate", at=start)
        start = self.position
        count = self.length("the number of destinations", 8)
        result["destinations"] = [self.core() for _ in range(count)]
        if any(a >= b for a, b in zip(result["destinations"], result["destinations"][1:])):
            self.fail("the destinations do not ascend", at=start)
        return result

    def used_cores(self, resources):
        count = self.length("the number of cores in use", 8 + 8 * resources)
        return [
            {"core": self.core(), "amounts": [self.count("an amount") for _ in range(resources)]}
            for _ in range(count)
        ]

    def measure(self, name):
        start = self.position
        present = self.number("B", f"the presence of {name}")
        if present > 1:
            self.fail(f"the presence of {name} is {present}, not 0 or 1", at=start)
        bits = struct.unpack_from("<Q", self.take(8, name))[0]
        self.position -= 8
        value = self.real(name)
        if not present and bits:
            self.fail(f"{name} is absent, but its value is {value}", at=start + 1)
        return value if present else None
