"""NIR as its paper defines it, in double precision: what `nir.read` constructs, run node by node.

v grows by R·I in a tick, v > v_threshold is a spike and sets v to v_reset; everything else is a map.
"""

import nir
import numpy
import torch


def text(value):
    return value.decode() if isinstance(value, bytes) else value


class Network:
    def __init__(self, path):
        # With its check of types: whoever reads the file by default must not be refused.
        self.graph = nir.read(str(path))
        self.metadata = {key: text(value) for key, value in self.graph.metadata.items()}
        self.nodes = self.graph.nodes
        self.sources = {name: [] for name in self.nodes}
        for source, target in self.graph.edges:
            self.sources[target].append(source)
        self.order = []
        while len(self.order) < len(self.nodes):
            self.order += [
                name for name in self.nodes if name not in self.order
                and all(source in self.order for source in self.sources[name])]
        self.shape = tuple(int(extent) for extent in self.nodes["input"].input_type["input"])
        self.counts = all(name.startswith("neurons_") for name in self.sources["output"])

    def mapped(self, node, value):
        if isinstance(node, nir.Flatten):
            # Without a batch, `flatten` counts the axes of the value itself.
            return value.flatten(int(node.start_dim), int(node.end_dim))
        weight = torch.tensor(node.weight, dtype=torch.float64)
        bias = torch.tensor(node.bias, dtype=torch.float64) if hasattr(node, "bias") else None
        if isinstance(node, (nir.Affine, nir.Linear)):
            return torch.nn.functional.linear(value, weight, bias)
        assert isinstance(node, nir.Conv2d), type(node)
        return torch.nn.functional.conv2d(
            value[None], weight, bias, tuple(map(int, node.stride)), tuple(map(int, node.padding)),
            tuple(map(int, node.dilation)), int(node.groups))[0]

    def fired(self, name, node, current):
        assert isinstance(node, nir.IF), type(node)
        v = self.membranes[name] + torch.tensor(node.r) * current
        spikes = v > torch.tensor(node.v_threshold)
        self.membranes[name] = torch.where(spikes, torch.tensor(node.v_reset).double(), v)
        return spikes.double()

    def run(self, frames):
        """(scores, {layer: spikes [ticks, neurons]}) of one sample of payloads [ticks, …]."""
        frames = numpy.asarray(frames, dtype=numpy.float64).reshape(-1, *self.shape)
        fires = [name for name, node in self.nodes.items() if isinstance(node, nir.IF)]
        self.membranes = {
            name: torch.zeros(self.nodes[name].v_threshold.shape, dtype=torch.float64)
            for name in fires}
        trains, total = {name: [] for name in fires}, 0
        for tick in range(int(self.metadata["timesteps"])):
            frame = frames[tick] if tick < len(frames) else numpy.zeros(self.shape)
            values = {"input": torch.from_numpy(frame)}
            for name in self.order[1:]:
                node, heard = self.nodes[name], sum(values[one] for one in self.sources[name])
                if name in trains:
                    values[name] = self.fired(name, node, heard)
                    trains[name].append(values[name].numpy().reshape(-1))
                else:
                    values[name] = heard if name == "output" else self.mapped(node, heard)
            total = total + values["output"].numpy().reshape(-1)
        if not self.counts:
            total = total + self.metadata["readout_starts"]
        spikes = {
            text(self.nodes[name].metadata["layer"]): numpy.stack(train).astype(numpy.int64)
            for name, train in trains.items()}
        return total.astype(numpy.int64), spikes
