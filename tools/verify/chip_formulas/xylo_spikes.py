"""xylo-audio2, xylo-audio3 and xylo-imu against xylosim: what their neurons do, tick by tick.

Small networks run as the numbers of the chip file say, and in xylosim, which rockpool runs for all
three chips. Rasters go beyond what the chip takes, and weights, biases and thresholds to their
ends, so that every width and every most is met. How many neurons there are xylosim does not ask:
that is compared with rockpool.
"""

from xylosim.v2 import XyloLayer, XyloSynapse

from .ours import Chip
from .xylo_law import Layer, Network, Numbers, evolved

CHIPS = ("xylo-audio2", "xylo-audio3", "xylo-imu")
# What the law is beside its numbers.
LAW = {"resets": ["subtract"], "schedules": ["tick"], "leak": True}
CHANNELS, HIDDEN, OUTPUTS, TICKS = 16, 12, 8, 24


def numbers(chip):
    """Of the chip file; what an output sends, which is a layer that no other hears, is a limit."""
    neurons = chip.neurons()
    hidden = max(high for _, high in neurons["payloads"])
    outputs = max(spikes for spikes in range(hidden + 1)
                  if all(chip.amounts(layers=2, payload=spikes)[1].values()))
    return Numbers(max(high for _, high in neurons["input_payloads"]), hidden, outputs,
                   *(max(neurons[what]) for what in ("weight_bits", "bias_bits", "membrane_bits")))


def ends(bits):
    """The lowest and the highest integer of a width."""
    return -(1 << (bits - 1)), (1 << (bits - 1)) - 1


def draw(random, said):
    """A network and a raster [ticks, channels]."""
    channels, hidden, outputs = (random.randint(1, most) for most in (CHANNELS, HIDDEN, OUTPUTS))
    least, most = ends(said.weight_bits)
    has_bias = random.random() < 0.5

    def weights(before, size):
        scale = random.choice([1, 8, most])
        return [[random.choice([0, least, most, random.randint(-scale, scale)])
                 for _ in range(size)] for _ in range(before)]

    def layer(size):
        # Small thresholds send as many spikes as a tick can have, large ones let states saturate.
        return Layer([random.randint(1, 1 << random.randint(1, 15)) - 1 or 1 for _ in range(size)],
                     [random.choice([0, random.randint(-99, 99), *ends(said.bias_bits)]) * has_bias
                      for _ in range(size)],
                     [random.randint(0, 15) for _ in range(size)],
                     [random.randint(0, 15) for _ in range(size)])

    network = Network(
        layer(hidden), layer(outputs),
        (weights(channels, hidden), weights(hidden, hidden), weights(hidden, outputs)),
        tuple(random.randint(0, 8) for _ in range(3)))
    raster = [[random.choice([0, 0, random.randint(0, 20)]) for _ in range(channels)]
              for _ in range(TICKS)]
    return network, raster


def simulated(network, raster):
    """The same as `evolved`, of xylosim."""
    # The simulator keeps no references of its own: these lists must live as long as it.
    synapses = [[[XyloSynapse(neuron, 0, weight) for neuron, weight in enumerate(row)]
                 for row in rows] for rows in network.weights]
    hidden, outputs = network.hidden, network.outputs
    layer = XyloLayer(
        synapses_in=synapses[0], synapses_rec=synapses[1], synapses_out=synapses[2],
        aliases=[[] for _ in hidden.thresholds], threshold=hidden.thresholds,
        threshold_out=outputs.thresholds, has_bias=any(hidden.biases + outputs.biases),
        bias=hidden.biases, bias_out=outputs.biases,
        weight_shift_inp=network.shifts[0], weight_shift_rec=network.shifts[1],
        weight_shift_out=network.shifts[2], dash_mem=hidden.membrane_shifts,
        dash_mem_out=outputs.membrane_shifts,
        dash_syns=[[shift] for shift in hidden.current_shifts],
        dash_syns_out=[[shift] for shift in outputs.current_shifts], name="network")
    layer.evolve(raster)
    spikes = [list(left) + list(right) for left, right in
              zip(layer.rec_recurrent_spikes, layer.rec_out_spikes)]
    membranes = [list(values) for values in zip(*layer.rec_v_mem, *layer.rec_v_mem_out)]
    return spikes, membranes


def takes_weight(weight):
    """Whether a synapse holds a weight."""
    try:
        return XyloSynapse(0, 0, weight).weight == weight
    except TypeError:
        return False


def takes_bias(bias):
    """Whether a neuron holds a bias."""
    neuron = Layer([1], [bias], [0], [0])
    try:
        simulated(Network(neuron, neuron, ([], [], []), (0, 0, 0)), [])
    except TypeError:
        return False
    return True


def widths(said):
    """The widths that are not those that the simulator takes."""
    found = []
    for what, bits, takes in (("weights", said.weight_bits, takes_weight),
                              ("biases", said.bias_bits, takes_bias)):
        low, high = ends(bits)
        if [takes(value) for value in (low - 1, low, high, high + 1)] != [0, 1, 1, 0]:
            found.append(f"{what} of {bits} bits are not what it takes")
    return found


def compare(command, layers, random):
    compared, differences = 0, []
    for name in CHIPS:
        chip = Chip(command, name)
        stated = {key: chip.neurons()[key] for key in LAW}
        if stated != LAW:
            differences.append(f"{name}: neurons of {stated}, not {LAW}")
        said = numbers(chip)
        wrong = widths(said)
        if wrong:
            differences += [f"{name}: {one}" for one in wrong]
            continue
        met = {"input": 0, "hidden": 0, "output": 0, "state": 0}
        for number in range(layers):
            network, raster = draw(random, said)
            ours, theirs = evolved(network, raster, said), simulated(network, raster)
            compared += 1
            differences += first(f"{name}, network {number}", ours, theirs)
            reached(met, network, raster, theirs, said)
        differences += [f"{name}: no network met the most of its {what}s"
                        for what, times in met.items() if not times]
    return compared, differences


def first(where, ours, theirs):
    """The first tick and neuron whose spikes or membrane differ."""
    for tick, rows in enumerate(zip(*ours, *theirs)):
        for neuron, (spikes, membrane, their_spikes, their_membrane) in enumerate(zip(*rows)):
            if (spikes, membrane) != (their_spikes, their_membrane):
                return [f"{where}, tick {tick}, neuron {neuron}: {spikes} spikes and a membrane of "
                        f"{membrane}, not {their_spikes} and {their_membrane}"]
    return []


def reached(met, network, raster, theirs, said):
    """Counts the networks in which something stood at its most."""
    spikes, membranes = theirs
    hidden = len(network.hidden.thresholds)
    met["input"] += any(count > said.input_spikes for frame in raster for count in frame)
    met["hidden"] += any(said.hidden_spikes in row[:hidden] for row in spikes)
    met["output"] += any(said.output_spikes in row[hidden:] for row in spikes)
    met["state"] += any(value in ends(said.state_bits) for row in membranes for value in row)
