"""The cost model of a placement, from schemas/chip.md and the routes of a bundle alone."""

import dataclasses
import random


@dataclasses.dataclass(frozen=True)
class Costs:
    energy_route: float
    energy_wire: float
    latency_route: float
    latency_wire: float


@dataclasses.dataclass(frozen=True)
class Routes:
    """Who sends how many events to which cores, on a mesh of `columns`."""

    columns: int
    cores: int
    routes: tuple

    def moved(self, places):
        """The same routes with core c at places[c]."""
        return dataclasses.replace(self, routes=tuple(
            (places[core], tuple(sorted(places[to] for to in destinations)), weight)
            for core, destinations, weight in self.routes))

    def distance(self, left, right):
        (y, x), (v, u) = divmod(left, self.columns), divmod(right, self.columns)
        return abs(y - v) + abs(x - u)

    def cost(self, costs):
        """Energy and average latency: Σ w ((d + 1) E_route + d E_wire), and the same a delivery."""
        energy = latency = deliveries = 0.0
        for core, destinations, weight in self.routes:
            for to in destinations:
                hops = self.distance(core, to)
                energy += weight * ((hops + 1) * costs.energy_route + hops * costs.energy_wire)
                latency += weight * ((hops + 1) * costs.latency_route + hops * costs.latency_wire)
                deliveries += weight
        return energy, latency / max(deliveries, 1e-300)


def of_bundle(placement):
    rows, columns = placement["mesh"]
    return Routes(columns, rows * columns, tuple(
        (route["core"], tuple(route["destinations"]), route["weight"])
        for route in placement["routes"]))


def variants(routes, count, seed):
    """The placement itself, then ever more random ones: swaps of pairs of cells, up to a shuffle."""
    generator = random.Random(seed)
    result = [routes]
    for index in range(1, count):
        places = list(range(routes.cores))
        for _ in range(round(1.25 ** index)):
            a, b = generator.randrange(routes.cores), generator.randrange(routes.cores)
            places[a], places[b] = places[b], places[a]
        result.append(routes.moved(places))
    return result
