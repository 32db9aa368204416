"""A small builder for one-input, one-output ONNX models."""

import zlib

import numpy
import onnx
from onnx import helper, numpy_helper

FLOAT = onnx.TensorProto.FLOAT


def seeded_generator(name):
    """Random numbers which depend on the name alone, not on other cases."""
    return numpy.random.default_rng(zlib.crc32(name.encode()))


class GraphBuilder:
    """Collects nodes and initializers; the input is "x", the output "y".

    `batch` is what the model states of the first dimension: a name, a number,
    or None for nothing at all.
    """

    def __init__(self, name, opset, input_shape, batch="batch"):
        self.name = name
        self.opset = opset
        self.input_shape = tuple(input_shape)
        self.batch = batch
        self.nodes = []
        self.initializers = []
        self.external_data = None
        self.result = None
        self.generator = seeded_generator(name)

    def random(self, *shape):
        """Weights of moderate size and of both signs."""
        return (0.5 * self.generator.standard_normal(shape)).astype(numpy.float32)

    def input_values(self):
        generator = seeded_generator(self.name + " input")
        return generator.standard_normal(self.input_shape).astype(numpy.float32)

    def tensor(self, name, values):
        """Adds an initializer in raw_data form and returns its name."""
        values = numpy.asarray(values)
        return self.add_initializer(numpy_helper.from_array(values, name))

    def add_initializer(self, tensor):
        self.initializers.append(tensor)
        return tensor.name

    def weight(self, name, *shape):
        return self.tensor(name, self.random(*shape))

    def node(self, operator, *inputs, **attributes):
        """Adds a node and returns the name of its first output."""
        label = f"{operator.lower()}_{len(self.nodes)}"
        output = f"{label}_output"
        node = helper.make_node(operator, inputs, [output], name=label, **attributes)
        self.nodes.append(node)
        return output

    def convolution(self, x, weight_shape, bias=True, label="conv", **attributes):
        inputs = [x, self.weight(f"{label}.weight", *weight_shape)]
        if bias:
            inputs.append(self.weight(f"{label}.bias", weight_shape[0]))
        return self.node("Conv", *inputs, **attributes)

    def linear(self, x, inputs, outputs, label="linear"):
        weight = self.weight(f"{label}.weight", outputs, inputs)
        bias = self.weight(f"{label}.bias", outputs)
        return self.node("Gemm", x, weight, bias, transB=1)

    def finish(self, result):
        """Makes the named value the model's output."""
        self.result = result
        return self

    def model(self, output_shape=None):
        """The model; without an output shape, the output states its type only."""
        inputs = [self.value("x", self.input_shape)]
        opset_imports = [helper.make_opsetid("", self.opset)]
        ir_version = helper.find_min_ir_version_for(opset_imports)
        if ir_version < 4:
            # Then every initializer had to be listed as an input as well.
            for tensor in self.initializers:
                inputs.append(
                    helper.make_tensor_value_info(
                        tensor.name, tensor.data_type, tensor.dims
                    )
                )
        if output_shape is None:
            output = helper.make_tensor_value_info("y", FLOAT, None)
        else:
            output = self.value("y", output_shape)
        graph = helper.make_graph(
            self.renamed_nodes(), self.name, inputs, [output], self.initializers
        )
        return helper.make_model(
            graph,
            opset_imports=opset_imports,
            ir_version=ir_version,
            producer_name="make-fixtures",
        )

    def value(self, name, shape):
        dimensions = [self.batch, *shape[1:]]
        return helper.make_tensor_value_info(name, FLOAT, dimensions)

    def renamed_nodes(self):
        """The nodes, with the result's name changed to "y"."""
        nodes = []
        for original in self.nodes:
            node = onnx.NodeProto()
            node.CopyFrom(original)
            for names in (node.input, node.output):
                for position, name in enumerate(names):
                    if name == self.result:
                        names[position] = "y"
            nodes.append(node)
        return nodes
