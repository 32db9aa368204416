"""Runs the routes of a placement in SANA-FE on Loihi's architecture, one core a tile."""

import pathlib
import tempfile

import sanafe
import yaml

TICKS = 16
WIDTH, HEIGHT = 16, 8


def architecture():
    """The package's loihi.yaml with one core a tile and as many tiles as Loihi has cores."""
    folder = pathlib.Path(sanafe.__file__).parent / "examples"
    document = yaml.safe_load((folder / "loihi.yaml").read_text())
    chip = document["architecture"]
    chip["attributes"].update(width=WIDTH, height=HEIGHT)
    tile = chip["tile"][0]
    tile["name"] = f"loihi_tile[0..{WIDTH * HEIGHT - 1}]"
    tile["core"][0]["name"] = "loihi_core[0]"
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "loihi.yaml"
        path.write_text(yaml.safe_dump(document))
        return sanafe.load_arch(str(path))


def tile(core):
    """The tile in column x and row y: SANA-FE numbers tiles column by column."""
    y, x = divmod(core, WIDTH)
    return x * HEIGHT + y


def events(weight):
    """The ticks in which each of some neurons fires, `weight` in all, spread evenly."""
    total = round(weight)
    neurons = -(-total // TICKS)
    for index in range(neurons):
        count = total // neurons + (index < total % neurons)
        yield [int((tick + 1) * count // TICKS > tick * count // TICKS) for tick in range(TICKS)]


def run(routes, traced):
    """What SANA-FE makes of a placement: energy in J, seconds, and messages by their hops.

    Every route becomes neurons of its core that fire as often as the route has events; each
    destination core holds one neuron that hears them. Messages are kept where `traced`.
    """
    cores = [own.cores[0] for own in architecture().tiles]
    network = sanafe.Network()
    sinks = network.create_neuron_group(
        "sinks", routes.cores, {"threshold": 1e9}, soma_hw_name="loihi_lif",
        default_synapse_hw_name="loihi_dense_synapse", default_dendrite_hw_name="loihi_dendrites")
    for core, sink in enumerate(sinks):
        sink.map_to_core(cores[tile(core)])
    used = [0] * routes.cores
    for number, (core, destinations, weight) in enumerate(routes.routes):
        trains = list(events(weight))
        if not trains:
            continue
        group = network.create_neuron_group(
            f"route{number}", len(trains), {},
            default_synapse_hw_name="loihi_dense_synapse",
            default_dendrite_hw_name="loihi_dendrites")
        for neuron, train in zip(group, trains):
            neuron.set_attributes(
                soma_hw_name=f"loihi_inputs[{used[core]}]", model_attributes={"spikes": train})
            used[core] += 1
            neuron.map_to_core(cores[tile(core)])
            for to in destinations:
                neuron.connect_to_neuron(sinks[to], {"weight": 0.0})
    chip = sanafe.SpikingChip(architecture())
    chip.load(network)
    return chip.sim(TICKS, message_trace=True if traced else None)
