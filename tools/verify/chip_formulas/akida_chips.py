"""akd1000 and akd1500 against the mapper for virtual devices: what it maps we must not refuse,
what we refuse it must refuse, and it may not need fewer processors than we say."""

import collections

import akida

from .ours import Chip

DEVICES = {"akd1000": akida.AKD1000, "akd1500": akida.AKD1500}
TYPES = {"CNP1", "CNP2", "FNP2", "FNP3"}


def kinds(device):
    """Types of a processor -> how many there are."""
    found = collections.Counter()
    for processor in device.mesh.nps:
        names = {str(one).split(".")[-1].split(":")[0] for one in processor.types} & TYPES
        found["/".join(sorted(names))] += 1
    return found


def processors(device, shape, layer):
    """How many processors the mapper takes, None where it refuses."""
    model = akida.Model()
    model.add(akida.InputData(input_shape=shape, input_bits=4))
    model.add(layer)
    try:
        model.map(device, hw_only=True, mode=akida.MapMode.Minimal)
    except Exception:  # The package raises its own and Python's.
        return None
    return sum(len(one.mapping.nps) for sequence in model.sequences for part in sequence.passes
               for one in part.layers)


def draw(random):
    """A layer for the mapper and our counts of it."""
    bits = random.choice([1, 2, 4])
    if random.random() < 0.25:
        arriving, units = random.choice([random.randint(1, 5000), random.randint(50000, 90000)]), \
            random.randint(1, 256)
        counts = {"is_dense": 1, "arriving": arriving, "f": units, "kx": 1, "ky": 1, "sx": 1,
                  "sy": 1, "pool_x": 1, "pool_y": 1, "ix": 1, "weight_bits": bits}
        return (1, 1, arriving), akida.FullyConnected(units=units, weights_bits=bits), counts, 0
    kernel = random.choice([1, 3, 5, 7])
    c, f = random.choice([random.randint(1, 300), random.randint(100, 1000)]), \
        random.randint(1, 300)
    counts = {"is_dense": 0, "c": c, "f": f, "kx": kernel, "ky": kernel, "sx": 1, "sy": 1,
              "pool_x": 1, "pool_y": 1, "ix": 8, "weight_bits": bits}
    convolution = akida.Convolutional(kernel_size=(kernel, kernel), filters=f, weights_bits=bits)
    return (8, 8, c), convolution, counts, c * f * kernel * kernel * bits


def compare(command, layers, random):
    differences = []
    for name, device in DEVICES.items():
        chip = Chip(command, name)
        described = chip.cores()
        ours = {"/".join(sorted(kind["name"].split("/"))): kind["count"]
                for kind in described["cores"]}
        if ours != dict(kinds(device())):
            differences.append(f"{name}: processors {ours}, not {dict(kinds(device()))}")
        capacity = next(entry["capacity"] for entry in described["resources"]
                        if entry["name"] == "weight bytes")
        for _ in range(layers):
            shape, layer, counts, bits = draw(random)
            amounts, limits = chip.amounts(kernel_weight_bits=bits, **counts)
            fits = all(limits.values())
            least = max(1, -(-amounts["weight bytes"] // capacity))
            theirs = processors(device(), shape, layer)
            if not fits and theirs is not None:
                differences.append(f"{name}: {counts} is refused, and maps on {theirs}")
            elif fits and theirs is not None and theirs < least:
                differences.append(f"{name}: {counts} takes {least} at least, not {theirs}")
            elif fits and theirs is None and least <= sum(ours.values()) // 4:
                differences.append(f"{name}: {counts} is taken, and does not map")
    return 2 * layers, differences
