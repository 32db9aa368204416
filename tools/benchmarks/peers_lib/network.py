"""An ONNX network of the usual layers as a torch module, which every peer can trace."""

import onnx
import torch
from onnx import numpy_helper


class Network(torch.nn.Module):
    """Runs the nodes in order; raises for an operator that it does not know."""

    def __init__(self, path):
        super().__init__()
        graph = onnx.load(path).graph
        weights = {w.name: torch.tensor(numpy_helper.to_array(w)) for w in graph.initializer}
        self.steps = []
        self.layers = torch.nn.ModuleList()
        self.input = [i.name for i in graph.input if i.name not in weights][0]
        self.output = graph.output[0].name
        for node in graph.node:
            inputs = [name for name in node.input if name not in weights]
            layer = None if node.op_type == "Add" else self.layer(node, weights)
            self.steps.append((len(self.layers) if layer else None, inputs, node.output[0]))
            if layer:
                self.layers.append(layer)

    @staticmethod
    def layer(node, weights):
        values = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        own = [weights[name] for name in node.input if name in weights]
        if node.op_type == "Relu":
            return torch.nn.ReLU()
        if node.op_type == "Flatten":
            return torch.nn.Flatten()
        if node.op_type == "GlobalAveragePool":
            return torch.nn.AdaptiveAvgPool2d(1)
        if node.op_type == "AveragePool":
            return torch.nn.AvgPool2d(values["kernel_shape"], values.get("strides"))
        if node.op_type == "Gemm":
            layer = torch.nn.Linear(own[0].shape[1], own[0].shape[0], bias=len(own) > 1)
        elif node.op_type == "Conv":
            layer = torch.nn.Conv2d(
                own[0].shape[1] * values["group"], own[0].shape[0], values["kernel_shape"],
                values["strides"], values["pads"][:2], values["dilations"], values["group"],
                bias=len(own) > 1,
            )
        else:
            raise ValueError(f"{node.op_type} is not among the layers that this network knows")
        layer.weight.data = own[0]
        if len(own) > 1:
            layer.bias.data = own[1]
        return layer

    def forward(self, x):
        values = {self.input: x}
        for index, inputs, output in self.steps:
            if index is None:
                values[output] = values[inputs[0]] + values[inputs[1]]
            else:
                values[output] = self.layers[index](values[inputs[0]])
        return values[self.output]
