"""Holds the registers of a Speck against sinabs' own, layer by layer.

    python -m exports_check.registers OUTPUT FOLDER...      in the environment of sinabs
"""

import importlib.util
import json
import sys
import types

import torch

from bundle_reader.bundle import Bundle
from bundle_reader.geometry import planes

from chip_formulas.stand_ins import stand_in

from . import recording
from .stand_in import samna

PER_CLASS = 4


def builder():
    """sinabs' class; of the samna that it imports nothing is asked."""
    stand_in("samna", "samnagui")
    from sinabs.backend.dynapcnn.chips.dynapcnn import DynapcnnConfigBuilder
    return DynapcnnConfigBuilder


def expanded(values, shape, channels):
    """Per channel, of one value a layer or one a channel."""
    assert len(values) in (1, channels), "drawn for chips with one value a channel"
    return list(values) * (channels if len(values) == 1 else 1)


def spread(values):
    """Channels of classes, apart."""
    result = [0] * (PER_CLASS * (len(values) - 1) + 1)
    result[::PER_CLASS] = values
    return result


def layer(bundle, index):
    """The layer as sinabs would have it: its convolution and its neurons."""
    import sinabs

    program = bundle.program
    population = program.populations[index]
    (number,) = [n for n, one in enumerate(program.connections) if one.target == index]
    connection = program.connections[number]
    before = program.input.shape if index == 0 else program.populations[index - 1].shape
    channels, height, width = planes(before)
    is_last = index == len(program.populations) - 1
    values = torch.tensor(bundle.weights[number])
    outputs = population.shape[0]
    if connection.convolution:
        window = connection.convolution.window
        kernel, stride = (window.kernel_y, window.kernel_x), (window.stride_y, window.stride_x)
        padding = (window.padding_top, window.padding_left)
    else:
        kernel, stride, padding = (height, width), (1, 1), (0, 0)
    weights = values.reshape(outputs, channels, *kernel).float()
    parameters = bundle.parameters[index].runs
    biases = expanded(parameters["biases"], population.shape, outputs)
    starts = expanded(parameters["initial"], population.shape, outputs)
    if is_last:
        wide = torch.zeros(PER_CLASS * (outputs - 1) + 1, *weights.shape[1:])
        wide[::PER_CLASS] = weights
        weights, biases, starts = wide, spread(biases), spread(starts)
    convolution = torch.nn.Conv2d(channels, len(weights), kernel, stride, padding)
    convolution.weight.data, convolution.bias.data = weights, torch.tensor(biases).float()
    _, rows, columns = (len(weights), 1, 1) if len(population.shape) == 1 else planes(
        population.shape)
    shape = (len(weights), rows, columns)
    state = torch.tensor(starts).float()[None, :, None, None].expand(1, *shape)
    resets = {"SUBTRACT": sinabs.activation.MembraneSubtract, "ZERO": sinabs.activation.MembraneReset}
    neurons = types.SimpleNamespace(
        is_state_initialised=lambda: True, v_mem=state, min_v_mem=None,
        reset_fn=resets[population.firing.reset](),
        spike_threshold=parameters["thresholds"][0])
    return types.SimpleNamespace(
        in_shape=(channels, height, width), get_neuron_shape=lambda: shape, conv_layer=convolution,
        spk_layer=neurons, pool=[1])


def compared(place, output):
    """The first difference between our registers and sinabs', or nothing."""
    folder = place / output
    ours = json.loads((folder / "configuration.json").read_text(encoding="utf-8"))
    loader = importlib.util.spec_from_file_location("load", folder / "load.py")
    module = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    filled = module.configuration(str(folder), samna)
    bundle = Bundle((place / "program.synapack").read_bytes())
    count = len(bundle.program.populations)
    # Layers follow each other, so a core's place in the chain is found from the input on.
    core, cores = ours["input"]["layer"], []
    while core != 12:
        cores.append(core)
        core = ours["cnn_layers"][str(core)]["destinations"][0]["layer"]
    assert len(cores) == count == len(ours["cnn_layers"])
    sinabs = builder()
    for index, core in enumerate(cores):
        theirs = sinabs.get_dynapcnn_layer_config_dict(
            layer(bundle, index), dict(enumerate([*cores, 12])), [index + 1])
        mine = ours["cnn_layers"][str(core)]
        theirs["leak_enable"] = bool(theirs["leak_enable"])
        # sinabs leaves the clock of the leak to its caller.
        mine = {key: value for key, value in mine.items() if key != "leak_internal_slow_clk_enable"}
        for key in sorted({*mine, *theirs}):
            if mine.get(key) != theirs.get(key):
                return f"layer {index}, {key}: {mine.get(key)}, sinabs has {theirs.get(key)}"
        assert filled.cnn_layers[core].weights == mine["weights"]
    return None


if __name__ == "__main__":
    recording.main(compared)
