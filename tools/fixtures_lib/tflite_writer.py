"""Writes TFLite models tensor by tensor, with LiteRT's own classes for the schema."""

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

TYPES = {
    numpy.dtype("float32"): schema.TensorType.FLOAT32,
    numpy.dtype("float16"): schema.TensorType.FLOAT16,
    numpy.dtype("int8"): schema.TensorType.INT8,
    numpy.dtype("uint8"): schema.TensorType.UINT8,
    numpy.dtype("int32"): schema.TensorType.INT32,
    numpy.dtype("int64"): schema.TensorType.INT64,
}

# The first versions that take int8, where there are several.
VERSIONS = {
    "ADD": 2,
    "AVERAGE_POOL_2D": 2,
    "CONCATENATION": 2,
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "FULLY_CONNECTED": 4,
    "MAX_POOL_2D": 2,
    "SOFTMAX": 2,
    "TRANSPOSE_CONV": 3,
}


class Writer:
    """A model of one graph; tensors are known by the numbers that its methods return."""

    def __init__(self):
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.description = "synapack fixtures"
        self.model.operatorCodes = []
        empty = schema.BufferT()
        self.model.buffers = [empty]
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]

    def tensor(self, name, shape, kind="float32", levels=None, data=None):
        """Adds a tensor; `levels` are scales, zero points and the axis they run along."""
        tensor = schema.TensorT()
        tensor.name, tensor.shape = name, [int(extent) for extent in shape]
        tensor.type, tensor.buffer = TYPES[numpy.dtype(kind)], 0
        if levels is not None:
            scales, zeros, axis = levels
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = [float(scale) for scale in scales]
            tensor.quantization.zeroPoint = [int(zero) for zero in zeros]
            tensor.quantization.quantizedDimension = axis
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = numpy.frombuffer(
                numpy.ascontiguousarray(data).tobytes(), dtype=numpy.uint8
            )
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, name, data, levels=None):
        return self.tensor(name, data.shape, data.dtype, levels, data)

    def operator(self, name, inputs, output, options=None, **values):
        """Adds an operator by its name in the schema, e.g. CONV_2D with Conv2DOptions."""
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = VERSIONS.get(name, 1)
        self.model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs, operator.outputs = list(inputs), [output]
        if options is not None:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, options)
            operator.builtinOptions = getattr(schema, options + "T")()
            for key, value in values.items():
                setattr(operator.builtinOptions, key, value)
        self.graph.operators.append(operator)
        return output

    def bytes(self, inputs, outputs):
        self.graph.inputs, self.graph.outputs = inputs, outputs
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
