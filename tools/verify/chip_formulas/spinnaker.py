"""spinnaker1 against what sPyNNaker partitions and places on a virtual board.

Each drawn network is there twice: as lists of neurons, as it is exported, which take as few cores
as the chip file's demands allow; and as `place` cuts it, in boxes of channels, rows and columns,
where sPyNNaker can say that: it takes only boxes that divide a map, all of one size. The memory of
synapses is compared of the lists: our demand of the rows that sPyNNaker lays out, padded to the
longest and to whole slices of their sources, must be its bytes, and of the synapses alone no more.
"""

import collections
import json
import pathlib
import subprocess
import tempfile

from bundle_reader.geometry import product
from exports_check.bundle_writer import write

from .ours import Chip
from .virtual_board import virtual_board

NAME, KERNEL = "spinnaker1", 3
WINDOW = {"kernel_y": KERNEL, "kernel_x": KERNEL, "stride_y": 1, "stride_x": 1, "dilation_y": 1,
          "dilation_x": 1, "padding_top": 1, "padding_left": 1, "padding_bottom": 1,
          "padding_right": 1, "overhang_y": 0, "overhang_x": 0}
FIRING = {"lowest_payload": 0, "highest_payload": 1, "memory": False, "reset": "ZERO",
          "leak_shift": 0}
# sPyNNaker begins every block of rows at a multiple of these bytes.
ALIGNMENT = 16
# Layers of a network; weights of a dense layer that are drawn at most.
LAYERS, WEIGHTS = 4, 40_000


def draw(random):
    """The shapes [channels, rows, columns] or [neurons] of an input and its layers."""
    rows, columns = random.choice([8, 12, 16, 20, 28]), random.choice([8, 14, 16, 24])
    shapes = [[random.randint(1, 3), rows, columns]]
    for _ in range(random.randint(0, LAYERS - 1)):
        shapes.append([random.randint(1, 12), rows, columns])
    while len(shapes) <= LAYERS:
        # Half of the draws lie beside a full core.
        neurons = random.choice(
            [random.randint(1, 2000), 256 * random.randint(1, 6) + random.randint(-1, 1)])
        shapes.append([max(1, min(neurons, WEIGHTS // product(shapes[-1])))])
    return shapes


def bundle(shapes):
    """The bytes of a bundle of such layers, each hearing the one before."""
    populations, connections = [], []
    for number, (before, shape) in enumerate(zip(shapes, shapes[1:])):
        populations.append({
            "name": f"layer{number}", "shape": shape, "firing": FIRING, "thresholds": [5],
            "biases": [0], "initial": [0], "membrane_floor": -(1 << 31),
            "membrane_ceiling": (1 << 31) - 1, "bias_bits": 32})
        is_plane = len(shape) == 3
        weights = [shape[0], before[0], KERNEL, KERNEL] if is_plane else [shape[0], product(before)]
        link = {"source": number, "target": number, "relays": [], "weight_bits": 2,
                "weights": {"shape": weights, "values": [1] * product(weights)}}
        if is_plane:
            link["convolution"] = {"window": WINDOW, "groups": 1}
        connections.append(link)
    return write({
        "timesteps": 8, "schedule": "TICK", "delay": 0,
        "input": {"name": "x", "shape": shapes[0], "ticks": 0,
                  "events": {"bits": 2, "negative": False, "scale": 1.0}},
        "populations": populations, "connections": connections,
        "readout": {"population": len(populations) - 1, "decoding": "COUNT", "unit": 1.0,
                    "discards": 0}}, [])


def placed(command, shapes):
    """The boxes (columns, rows, channels) of each layer, as `place` cuts it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "network.spk")
        path.write_bytes(bundle(shapes))
        done = subprocess.run(
            [command, "place", path, "--chip", NAME, "--json", "--quiet"],
            check=True, capture_output=True, text=True)
    boxes = [[] for _ in shapes[1:]]
    for core in json.loads(done.stdout)["cores"]:
        for one in core["slices"]:
            boxes[int(one["layer"].removeprefix("layer"))].append(tuple(
                one[axis][1] - one[axis][0] for axis in ("columns", "rows", "channels")))
    return boxes


def pairs(before, shape):
    """(source neuron, target neuron) of a convolution without stride, in rows and columns.

    Sorted, as they are exported: of any other list sPyNNaker 7.4.1 takes a wrong length of a row.
    """
    rows, columns = shape[1:]
    reach = range(-(KERNEL // 2), KERNEL // 2 + 1)
    return sorted(
            ((c * rows + y + dy) * columns + x + dx, (f * rows + y) * columns + x)
            for f in range(shape[0]) for c in range(before[0]) for y in range(rows)
            for x in range(columns) for dy in reach for dx in reach
            if 0 <= y + dy < rows and 0 <= x + dx < columns)


def networks(shapes, boxes):
    """The layers of both forms for the virtual board, and which of them `place` has cut."""
    layers, boxed = {}, {}
    for number, (before, shape) in enumerate(zip(shapes, shapes[1:])):
        source = f"list{number - 1}" if number else "input"
        links = [(source, pairs(before, shape) if len(shape) == 3 else None)]
        layers[f"list{number}"] = ((product(shape),), None, links)
        tile = tuple(boxes[number][0])
        is_even = len(shape) == 3 and set(boxes[number]) == {tile} and \
            not any(extent % part for extent, part in zip(reversed(shape), tile))
        if is_even:
            boxed[f"box{number}"] = number
            layers[f"box{number}"] = (tuple(reversed(shape)), tile, links)
    return layers, boxed


def compare(command, layers, random):
    command = str(pathlib.Path(command).resolve())
    chip = Chip(command, NAME)
    capacities = {entry["name"]: entry["capacity"] for entry in chip.cores()["resources"]}
    delays = chip.neurons()["delays"]
    compared, even, differences = 0, 0, []
    with virtual_board() as mapped:
        while compared < layers:
            shapes = draw(random)
            boxes = placed(command, shapes)
            described, boxed = networks(shapes, boxes)
            theirs = mapped(product(shapes[0]), described)
            compared, even = compared + len(boxes), even + len(boxed)
            for number, (before, shape) in enumerate(zip(shapes, shapes[1:])):
                label = f"list{number}"
                differences += listed(
                    chip, capacities, shape, boxes[number], theirs.slices[label])
                differences += remembered(
                    chip, capacities, before, shape, theirs.rows[label], theirs.bytes[label])
            for label, number in boxed.items():
                ours, slices = sorted(map(product, boxes[number])), sorted(theirs.slices[label])
                if ours != slices:
                    differences.append(
                        f"layer of {shapes[number + 1]}: boxes of {ours}, not {slices}")
            differences += shared(chip, capacities, delays, theirs)
        differences += board(chip, capacities, delays, mapped)
    if not even:
        differences.append("no convolution was cut into equal boxes")
    return compared, differences


def listed(chip, capacities, shape, boxes, slices):
    """That a list of neurons is sliced as the demands say, and `place` takes no fewer cores."""
    full, rest = divmod(chip.amounts(neurons=product(shape))[0]["neurons"], capacities["neurons"])
    ours = [capacities["neurons"]] * full + [rest] * bool(rest)
    found = []
    if ours != sorted(slices, reverse=True):
        found.append(f"layer of {shape}: slices of {ours}, not {slices}")
    if len(boxes) < len(slices):
        found.append(f"layer of {shape}: placed on {len(boxes)} cores, {len(slices)} at least")
    return found


def remembered(chip, capacities, before, shape, rows, used):
    """That rows take what sPyNNaker says, and are as long as a source's synapses with a core."""
    found, sliced = [], synapses(before, shape, capacities["neurons"])
    laid = {longest: atoms * slices for longest, atoms, slices in rows}
    longest = max(max(counts) for counts in sliced)
    if list(laid) != [longest]:
        found.append(f"layer of {shape}: rows of {longest} synapses, not {list(laid)}")
    padding = ALIGNMENT * (1 + sum(slices for _, _, slices in rows))
    most = chip.amounts(axons=groups(laid))[0]["row bytes"]
    if not most <= used <= most + padding:
        found.append(f"layer of {shape} from {before}: {most} bytes of {rows}, not {used}")
    least = max(chip.amounts(axons=groups(counts))[0]["row bytes"] for counts in sliced)
    if least > used:
        found.append(f"layer of {shape} from {before}: {least} bytes at least, not {used}")
    return found


def synapses(before, shape, neurons):
    """How many sources have each number of synapses, of each slice of a list of neurons."""
    size = product(shape)
    if len(shape) == 1:
        return [{min(neurons, size - start): product(before)} for start in range(0, size, neurons)]
    sources = [collections.Counter() for _ in range(0, size, neurons)]
    for source, target in pairs(before, shape):
        sources[target // neurons][source] += 1
    return [collections.Counter(one.values()) for one in sources]


def groups(counts):
    return ";".join(f"{width}:{count}" for width, count in sorted(counts.items()))


def shared(chip, capacities, delays, theirs):
    """That no two slices share a core, that no router has more entries than we count, that a chip
    has no other memory, and that no layer's ring buffers hold fewer ticks."""
    found = [f"delays of {delays}, not to {ticks}, for {label}"
             for label, ticks in theirs.delays.items() if ticks < delays[1]]
    if set(theirs.memory) != {capacities["row bytes"]}:
        found.append(f"{capacities['row bytes']} bytes a chip, not {set(theirs.memory)}")
    if len(set(theirs.cores)) != len(theirs.cores) or capacities["slices"] != 1:
        found.append(f"{len(theirs.cores)} slices on {len(set(theirs.cores))} cores")
    most = chip.amounts(cores=len(theirs.cores))[0]["router entries"]
    if theirs.entries > most:
        found.append(f"{most} router entries, not {theirs.entries}")
    return found


def board(chip, capacities, delays, mapped):
    """That a board is full with the last core, and how many ticks a full core's buffers hold."""
    most = capacities["application cores"]
    last = next(count for count in range(most, 0, -1)
                if chip.amounts(cores=count)[0]["application cores"] <= most)
    theirs, beyond = (
        mapped(1, {"all": ((capacities["neurons"] * cores,), None, [])})
        for cores in (last, last + 1))
    if theirs is None or beyond is not None:
        return [f"layers on {last} cores do not fill the board"]
    ticks = theirs.delays["all"]
    return [] if delays == [1, ticks] else [f"delays of {delays}, not to {ticks}"]
