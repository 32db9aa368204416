"""Masks as exporters write them: scores hidden behind minus infinity before a softmax."""

import numpy
from onnx import numpy_helper

from .graph_builder import GraphBuilder

SCORES = (2, 3, 4, 4)
INFINITE = numpy.float32(-numpy.inf)


def softmax(builder, scores):
    return builder.finish(builder.node("Softmax", scores, axis=-1))


def constant_cases():
    hidden = numpy.triu(numpy.ones((4, 4), bool), 1)

    builder = GraphBuilder("mask-filled-13", 13, SCORES)
    mask = builder.tensor("mask", hidden)
    fill = builder.tensor("fill", INFINITE)
    yield softmax(builder, builder.node("Where", mask, fill, "x"))

    for name, shape in (("mask-added-13", (1, 1, 4, 4)), ("mask-added-rank-2-13", (4, 4))):
        builder = GraphBuilder(name, 13, SCORES)
        values = numpy.where(hidden, INFINITE, numpy.float32(0)).reshape(shape)
        yield softmax(builder, builder.node("Add", "x", builder.tensor("mask", values)))


def filled(builder, value):
    """A matrix of one value, computed in the graph."""
    shape = builder.tensor("shape", numpy.array([4, 4], numpy.int64))
    return builder.node("ConstantOfShape", shape, value=numpy_helper.from_array(value))


def triangle_cases():
    # torch.triu(torch.full((4, 4), -inf), diagonal=1)
    builder = GraphBuilder("trilu-of-constants-14", 14, SCORES)
    matrix = filled(builder, numpy.array([INFINITE]))
    mask = builder.node("Trilu", matrix, builder.tensor("k", numpy.int64(1)), upper=1)
    yield softmax(builder, builder.node("Add", "x", mask))

    # torch.tril(torch.ones((4, 4), dtype=bool))
    builder = GraphBuilder("trilu-of-truth-values-14", 14, SCORES)
    mask = builder.node("Trilu", filled(builder, numpy.array([True])), upper=0)
    fill = builder.tensor("fill", INFINITE)
    yield softmax(builder, builder.node("Where", mask, "x", fill))

    for name, upper, diagonal in (
        ("trilu-upper-14", 1, None),
        ("trilu-lower-14", 0, -1),
        ("trilu-beyond-14", 0, 9),
    ):
        builder = GraphBuilder(name, 14, (2, 3, 4, 5))
        inputs = ["x"]
        if diagonal is not None:
            inputs.append(builder.tensor("k", numpy.int64(diagonal)))
        yield builder.finish(builder.node("Trilu", *inputs, upper=upper))


def cases():
    yield from constant_cases()
    yield from triangle_cases()
