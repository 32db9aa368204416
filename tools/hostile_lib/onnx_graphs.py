"""ONNX models whose nodes form no graph, or none that can be carried."""

from . import onnx_parts as onnx
from .case import single
from .protobuf import block, blocks, integer

FAMILY = "onnx-graph"
CHAIN = 5000
NESTED_BRANCHES = 20


def relu(source, target, name="relu"):
    return onnx.node("Relu", [source], [target], name)


def plain(nodes, initializers=(), **options):
    """A model of elementwise nodes from x [batch, 4] to y [batch, 4]."""
    output = onnx.value_info("y", ["batch", 4])
    return onnx.model(onnx.graph(nodes, initializers, outputs=[output], **options))


def function(name, nodes, domain="local", inputs=("a",), outputs=("b",), opsets=None):
    """FunctionProto."""
    content = block(1, name) + blocks(4, inputs) + blocks(5, outputs) + blocks(7, nodes)
    return content + blocks(9, opsets or [onnx.opset(onnx.OPSET)]) + block(10, domain)


def with_functions(functions, node_name="F", domain="local"):
    graph = onnx.graph([onnx.node(node_name, ["x"], ["y"], domain=domain)],
                       outputs=[onnx.value_info("y", ["batch", 4])])
    opsets = [onnx.opset(onnx.OPSET), onnx.opset(1, "local")]
    return onnx.model(graph, opsets, blocks(25, functions))


def links():
    yield "cycle", "two nodes that wait for each other", plain(
        [relu("b", "a", "first"), relu("a", "b", "second"),
         onnx.node("Add", ["x", "b"], ["y"], "third")])
    yield "self-loop", "a node that waits for itself", plain([relu("y", "y")])
    yield "wrong-order", "a node stands before the one that it needs", plain(
        [relu("a", "y", "second"), relu("x", "a", "first")])
    yield "input-undefined", "a node reads what nobody writes", plain([relu("nowhere", "y")])
    yield "output-undefined", "the graph's output is written by nobody", plain([relu("x", "z")])
    yield "output-twice", "two nodes write one value", plain(
        [relu("x", "y", "first"), relu("x", "y", "second")])
    yield "output-over-input", "a node writes the graph's input", plain(
        [relu("x", "x", "first"), relu("x", "y", "second")])
    yield "output-is-input", "the output is the input", onnx.model(onnx.graph(
        [], outputs=[onnx.value_info("x", ["batch", 4])]))
    yield "no-nodes", "no node at all", plain([])
    yield "no-operator", "a node without an operator", plain([onnx.node("", ["x"], ["y"])])
    yield "no-outputs", "a node without outputs", plain(
        [onnx.node("Relu", ["x"], []), relu("x", "y")])
    yield "empty-output", "a node whose one output has no name", plain(
        [onnx.node("Relu", ["x"], [""])])
    yield "no-inputs", "a node that needs an input has none", plain([onnx.node("Relu", [], ["y"])])
    yield "empty-input", "a node whose one input has no name", plain(
        [onnx.node("Relu", [""], ["y"])])
    yield "too-many-inputs", "three inputs where one is taken", plain(
        [onnx.node("Relu", ["x", "x", "x"], ["y"])])
    yield "too-many-outputs", "three outputs where one is given", plain(
        [onnx.node("Relu", ["x"], ["y", "z", "w"])])
    names = ["x"] + [f"v{index}" for index in range(CHAIN - 1)] + ["y"]
    yield "chain-5000", "5,000 nodes in a row, which is long but valid", plain(
        [relu(source, target, f"r{index}")
         for index, (source, target) in enumerate(zip(names, names[1:]))])
    yield "same-names", "two nodes of one name are allowed", plain(
        [relu("x", "a", "same"), relu("a", "y", "same")])


def interfaces():
    def input_model(*inputs):
        return plain([relu("x", "y")], inputs=list(inputs))

    info = onnx.value_info
    yield "no-graph-input", "no input", input_model()
    yield "no-graph-output", "no output", onnx.model(onnx.graph([relu("x", "y")], outputs=[]))
    yield "input-twice", "two inputs of one name", input_model(info("x", ["b", 4]), info("x", ["b", 4]))
    yield "output-named-twice", "two outputs of one name", onnx.model(onnx.graph(
        [relu("x", "y")], outputs=[info("y", ["b", 4]), info("y", ["b", 4])]))
    yield "input-without-type", "an input of which nothing is known", input_model(block(1, "x"))
    yield "input-without-shape", "an input without a shape", input_model(
        block(1, "x") + block(2, block(1, integer(1, 1))))
    yield "input-of-text", "an input of text", input_model(info("x", ["batch", 4], onnx.STRING))
    yield "input-sequence", "a sequence as the input", input_model(
        block(1, "x") + block(2, block(4, block(1, block(1, integer(1, 1))))))
    yield "input-scalar", "an input without dimensions", input_model(info("x", []))
    yield "input-33-dimensions", "an input of 33 dimensions", input_model(
        info("x", ["batch"] + [1] * 31 + [4]))
    yield "input-dynamic", "a dimension beside the batch is open", input_model(
        info("x", ["batch", "length"]))
    yield "input-unknown", "a dimension beside the batch is unknown", input_model(
        info("x", ["batch", None]))
    yield "input-negative", "a dimension of -4", input_model(info("x", ["batch", -4]))
    yield "input-zero", "a dimension of 0", input_model(info("x", ["batch", 0]))
    yield "input-enormous", "a sample of 2^62 values", input_model(info("x", ["batch", 1 << 62]))
    yield "input-product-overflow", "a sample of 2^66 values", input_model(
        info("x", ["batch", 1 << 33, 1 << 33]))
    yield "batch-fixed-enormous", "a batch of 2^62", input_model(info("x", [1 << 62, 4]))
    yield "batch-negative", "a batch of -1", input_model(info("x", [-1, 4]))


def versions():
    good = onnx.graph([relu("x", "y")], outputs=[onnx.value_info("y", ["batch", 4])])
    for name, reason, opsets in (
        ("opset-0", "operator set 0", [onnx.opset(0)]),
        ("opset-minus-1", "operator set -1", [onnx.opset(-1)]),
        ("opset-1", "operator set 1, which is older than any that is read", [onnx.opset(1)]),
        ("opset-billion", "operator set 10^9", [onnx.opset(10**9)]),
        ("opset-largest", "operator set 2^63 - 1", [onnx.opset((1 << 63) - 1)]),
        ("opset-none", "no operator set", []),
        ("opset-twice", "two operator sets of one domain", [onnx.opset(13), onnx.opset(17)]),
        ("opset-twice-by-alias", "the standard domain under both of its names",
         [onnx.opset(13), onnx.opset(17, "ai.onnx")]),
        ("opset-other-domain-only", "operators of another domain alone", [onnx.opset(1, "com.x")]),
    ):
        yield name, reason, onnx.model(good, opsets)
    yield "ir-version-none", "no version of the format", blocks(8, [onnx.opset(17)]) + block(7, good)
    yield "ir-version-0", "version 0 of the format", onnx.model(good, ir_version=0)
    yield "ir-version-minus-1", "version -1 of the format", onnx.model(good, ir_version=-1)
    yield "ir-version-101", "version 101 of the format", onnx.model(good, ir_version=101)
    yield "ir-version-100", "a newer version of the format is no reason to refuse", onnx.model(
        good, ir_version=100)
    yield "ir-version-billion", "version 10^9 of the format", onnx.model(good, ir_version=10**9)
    yield "domain-unknown", "an operator of a domain that nobody declared", plain(
        [onnx.node("FancyRelu", ["x"], ["y"], domain="com.example")])
    yield "domain-unknown-standard-name", "a standard name in another domain", plain(
        [onnx.node("Relu", ["x"], ["y"], domain="com.example")])
    yield "operator-unknown", "an operator that does not exist", plain(
        [onnx.node("Frobnicate", ["x"], ["y"])])
    yield "operator-case", "operators differ in the case of their letters", plain(
        [onnx.node("relu", ["x"], ["y"])])
    yield "operators-unknown-many", "5,000 operators that do not exist", plain(
        [onnx.node(f"Unknown{index}", ["x"], [f"v{index}" if index else "y"], f"n{index}")
         for index in range(5000)])


def functions():
    call = onnx.node("F", ["a"], ["b"], domain="local")
    yield "function-calls-itself", "a function that calls itself", with_functions(
        [function("F", [call])])
    yield "functions-call-each-other", "two functions that call each other", with_functions(
        [function("F", [onnx.node("G", ["a"], ["b"], domain="local")]), function("G", [call])])
    doubling = [
        function(f"F{index}", [
            onnx.node(f"F{index + 1}", ["a"], ["c"], "first", "local"),
            onnx.node(f"F{index + 1}", ["c"], ["b"], "second", "local")])
        for index in range(40)]
    yield "functions-double", "40 functions that call the next twice: 2^40 nodes", with_functions(
        [*doubling, function("F40", [relu("a", "b")])], "F0")
    yield "function-twice", "two functions of one name", with_functions(
        [function("F", [relu("a", "b")]), function("F", [relu("a", "b")])])
    yield "function-in-standard-domain", "a function that would replace a standard operator", (
        onnx.model(onnx.graph([relu("x", "y")], outputs=[onnx.value_info("y", ["batch", 4])]),
                   extra=blocks(25, [function("Relu", [relu("a", "b")], "")])))
    yield "function-undefined-input", "a function that reads what nobody gives", with_functions(
        [function("F", [relu("nowhere", "b")])])
    yield "function-without-output", "a function that never writes its output", with_functions(
        [function("F", [relu("a", "c")])])
    yield "function-spare-inputs", "a call with more inputs than the function has", onnx.model(
        onnx.graph([onnx.node("F", ["x", "x"], ["y"], domain="local")],
                   outputs=[onnx.value_info("y", ["batch", 4])]),
        [onnx.opset(17), onnx.opset(1, "local")], blocks(25, [function("F", [relu("a", "b")])]))
    yield "function-reads-later", "a function that reads what it computes afterwards", (
        with_functions([function("F", [relu("c", "b", "first"), relu("a", "c", "second")])]))
    refers = block(5, block(1, "alpha") + block(21, "outer") + integer(20, 1))
    yield "call-refers", "a call outside of functions that refers to an attribute", onnx.model(
        onnx.graph([onnx.node("F", ["x"], ["y"], domain="local") + refers],
                   outputs=[onnx.value_info("y", ["batch", 4])]),
        [onnx.opset(17), onnx.opset(1, "local")], blocks(25, [function("F", [relu("a", "b")])]))
    yield "function-reads-outer", "a function that reads a value of the graph", with_functions(
        [function("F", [relu("x", "b")])])


def branches():
    def branch(source):
        return onnx.Graph(onnx.graph([relu(source, "inner")], inputs=[],
                                     outputs=[onnx.value_info("inner", ["batch", 4])]))

    def condition(content, dimensions=(), element=onnx.BOOL):
        return onnx.tensor("condition", list(dimensions), content, element)

    def model(tensor, *, then=branch("x"), otherwise=branch("x")):
        chosen = {"then_branch": then, "else_branch": otherwise}
        chosen = {key: value for key, value in chosen.items() if value is not None}
        return plain([onnx.node("If", ["condition"], ["y"], **chosen)],
                     [tensor] if tensor else [])

    true = condition(b"\x01")
    yield "if-dynamic", "a condition that depends on the input", plain(
        [onnx.node("If", ["x"], ["y"], then_branch=branch("x"), else_branch=branch("x"))])
    yield "if-without-condition", "a condition that nobody gives", model(None)
    yield "if-without-branch", "the branch that is taken is missing", model(true, then=None)
    yield "if-condition-2", "a condition of 2", model(condition(b"\x02"))
    yield "if-condition-float", "a condition that is a number", model(
        condition(onnx.floats(1), element=onnx.FLOAT))
    yield "if-condition-many", "three conditions for one branch", model(
        condition(b"\x01\x00\x01", (3,)))
    yield "if-branch-undefined", "the branch that is taken reads what nobody writes", model(
        true, then=branch("nowhere"))
    yield "if-branch-without-outputs", "the branch that is taken gives nothing", model(
        true, then=onnx.Graph(onnx.graph([], inputs=[], outputs=[])))
    yield "if-branch-with-inputs", "a branch with an input of its own", model(
        true, then=onnx.Graph(onnx.graph([relu("z", "inner")], inputs=[onnx.value_info("z", [4])],
                                         outputs=[onnx.value_info("inner", [4])])))
    yield "if-branch-redefines", "a branch that writes a value of the graph again", model(
        true, then=onnx.Graph(onnx.graph([relu("x", "x"), relu("x", "inner")], inputs=[],
                                         outputs=[onnx.value_info("inner", [4])])))
    inner = branch("x")
    for index in range(NESTED_BRANCHES):
        node = onnx.node("If", ["condition"], ["inner"], f"if{index}", then_branch=inner,
                         else_branch=branch("x"))
        inner = onnx.Graph(onnx.graph([node], inputs=[],
                                      outputs=[onnx.value_info("inner", ["batch", 4])]))
    yield "if-nested", "20 conditions within each other are within the limit of 100 messages", (
        model(true, then=inner))
    yield "loop", "a loop", plain([onnx.node("Loop", ["", "condition", "x"], ["y"],
                                             body=branch("x"))], [true])
    yield "graph-attribute-elsewhere", "a graph as an attribute of Relu", plain(
        [onnx.node("Relu", ["x"], ["y"], body=branch("x"))])


def attributes():
    def gemm(extra):
        return onnx.model(onnx.graph([onnx.linear_node() + extra],
                                     [onnx.tensor("weight", [3, 4], onnx.WEIGHT)]))

    yield "attribute-twice", "an attribute stands twice with two values", gemm(
        block(5, onnx.attribute("transB", 0)))
    yield "attribute-unknown", "an attribute that the operator does not have", gemm(
        block(5, onnx.attribute("evil", 1)))
    yield "attribute-without-name", "an attribute without a name", gemm(
        block(5, onnx.attribute("", 1)))
    yield "attribute-type-unknown", "an attribute of type 99", gemm(
        block(5, block(1, "alpha") + integer(20, 99)))
    yield "attribute-type-negative", "an attribute of type -1", gemm(
        block(5, block(1, "alpha") + integer(20, -1)))
    yield "attribute-wrong-type", "text where a number belongs", gemm(
        block(5, onnx.attribute("alpha", "one")))
    yield "attribute-type-disagrees", "an attribute that says float and holds an integer", gemm(
        block(5, block(1, "alpha") + integer(3, 1) + integer(20, 1)))
    yield "attribute-two-values", "an attribute that holds a float and an integer", gemm(
        block(5, block(1, "alpha") + onnx.single(2, 1.0) + integer(3, 1) + integer(20, 1)))
    yield "attribute-zero-left-out", "an attribute whose zero a writer left out", gemm(
        block(5, block(1, "beta") + integer(20, 1)))
    yield "attribute-reference", "an attribute that refers to a function's, in no function", gemm(
        block(5, block(1, "alpha") + block(21, "outer") + integer(20, 1)))
    yield "attribute-not-a-number", "a factor that is not a number", gemm(
        block(5, onnx.attribute("alpha", float("nan"))))
    yield "attribute-infinite", "a factor that is infinite", gemm(
        block(5, onnx.attribute("beta", float("inf"))))
    yield "attribute-flag-7", "a flag of 7", onnx.model(onnx.graph(
        [onnx.linear_node(transA=7)], [onnx.tensor("weight", [3, 4], onnx.WEIGHT)]))


def cases():
    return single(FAMILY, "model.onnx", [
        *links(), *interfaces(), *versions(), *functions(), *branches(), *attributes()])
